package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

var domain = object{"name": emulator.Owner.DomainName}

func passwordAuth(user object, scope any) object {
	identity := object{"methods": []string{"password"}, "password": object{"user": user}}
	auth := object{"identity": identity}
	if scope != nil {
		auth["scope"] = scope
	}
	return object{"auth": auth}
}

func tokenAuth(token string, scope any) object {
	return object{
		"auth": object{"identity": object{"methods": []string{"token"}, "token": object{"id": token}}, "scope": scope},
	}
}

// TestSignIn tries ways to sign in; status 201 is signed in, to the project if inProject.
func TestSignIn(t *testing.T) {
	owner := emulator.Owner
	byName := object{"name": owner.UserName, "password": owner.Password, "domain": domain}
	byID := object{"id": owner.UserID, "password": owner.Password}
	project := object{"project": object{"id": owner.ProjectID}}
	b := newBench(t, emulator.Options{})
	for _, way := range []struct {
		name      string
		status    int
		body      object
		inProject bool
	}{
		{"name and project id", 201, passwordAuth(byName, project), true},
		{
			"id and project name", 201,
			passwordAuth(byID, object{"project": object{"name": owner.ProjectName, "domain": domain}}), true,
		},
		{"project name alone", 201, passwordAuth(byID, object{"project": object{"name": owner.ProjectName}}), true},
		{"domain by id", 201, passwordAuth(with(byName, object{"domain": object{"id": owner.DomainID}}), project), true},
		{"unscoped", 201, passwordAuth(byName, nil), false},
		{"explicitly unscoped", 201, passwordAuth(byName, object{"unscoped": object{}}), false},
		{"domain scope", 201, passwordAuth(byName, object{"domain": object{"id": owner.DomainID}}), false},
		{"token", 201, tokenAuth(b.token, project), true},
		{"wrong password", 401, passwordAuth(with(byName, object{"password": "wrong"}), project), false},
		{
			"another's password", 401, passwordAuth(with(byName, object{"password": emulator.Receiver.Password}), project),
			false,
		},
		{"wrong domain", 401, passwordAuth(with(byName, object{"domain": object{"name": "x"}}), project), false},
		{"no domain", 400, passwordAuth(with(byName, object{"domain": nil}), project), false},
		{"no password", 400, passwordAuth(with(byName, object{"password": nil}), project), false},
		{"another's project", 401, passwordAuth(byName, object{"project": object{"id": emulator.Receiver.ProjectID}}), false},
		{"another domain", 401, passwordAuth(byName, object{"domain": object{"name": "x"}}), false},
		{"unknown token", 401, tokenAuth("x", project), false},
		{
			"agency", 401,
			object{"auth": object{"identity": object{"methods": []string{"assume_role"}, "assume_role": object{}}}}, false,
		},
		{"no method", 401, object{"auth": object{"identity": object{"methods": []string{}}}}, false},
	} {
		t.Run(way.name, func(t *testing.T) {
			got := b.send("POST", "/v3/auth/tokens", way.body, "X-Auth-Token", "")
			token := got.header.Get("X-Subject-Token")
			if got.status != way.status || (token != "") != (way.status == 201) {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if way.status != 201 {
				var failure struct {
					Error struct {
						Code           int
						Title, Message string
					}
				}
				decode(t, got, &failure)
				if failure.Error.Code != way.status || failure.Error.Message == "" || failure.Error.Title == "" {
					t.Errorf("%s", got.body)
				}
				return
			}
			want := 401
			if way.inProject {
				want = 200
			}
			b.expect(want, "GET", "/v2/cloudimages", nil, "X-Auth-Token", token)
		})
	}
	if unknown := b.emu.Unknown(); len(unknown) > 0 {
		t.Errorf("unknown: %v", unknown)
	}
	b.expect(400, "POST", "/v3/auth/tokens", with(passwordAuth(byName, project), object{"nosuch": 1}))
	if unknown := b.emu.Unknown(); len(unknown) != 1 {
		t.Errorf("%d unknown requests", len(unknown))
	}
}

// TestSecondFactor: the code must be the user's own, whichever way the user is named.
func TestSecondFactor(t *testing.T) {
	owner, other := emulator.Owner, emulator.Receiver
	byName := func(tenant emulator.Tenant) object { return object{"name": tenant.UserName, "domain": domain} }
	byID := func(tenant emulator.Tenant) object { return object{"id": tenant.UserID} }
	for name, way := range map[string]struct {
		user, coded object
		status      int
	}{
		"by id":                      {byID(owner), byID(owner), 201},
		"by name":                    {byName(owner), byName(owner), 201},
		"password by name, code, id": {byName(owner), byID(owner), 201},
		"another's id":               {byName(owner), byID(other), 401},
		"another's name":             {byName(owner), byName(other), 401},
		"nobody's":                   {byName(owner), object{}, 401},
		"of another domain":          {byName(owner), object{"name": owner.UserName, "domain": object{"name": "x"}}, 401},
		"without a code":             {byName(owner), nil, 401},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, emulator.Options{})
			b.emu.SetPasscodes(owner, "111111")
			b.emu.SetPasscodes(other, "111111")
			identity := object{
				"methods": []string{"password"}, "password": object{"user": with(way.user, object{"password": owner.Password})},
			}
			if way.coded != nil {
				identity["methods"] = []string{"password", "totp"}
				identity["totp"] = object{"user": with(way.coded, object{"passcode": "111111"})}
			}
			if got := b.send(
				"POST", "/v3/auth/tokens", object{"auth": object{"identity": identity}}, "X-Auth-Token", "",
			); got.status != way.status {
				t.Errorf("%d, want %d: %s", got.status, way.status, got.body)
			}
		})
	}
}

// TestToken reads a token, its catalog and its end.
func TestToken(t *testing.T) {
	b := newBench(t, emulator.Options{TokenLifetime: time.Hour})
	token := dig(b.expect(200, "GET", "/v3/auth/tokens", nil, "X-Subject-Token", b.token), "token")
	if dig(token, "user", "name") != emulator.Owner.UserName || dig(token, "project", "id") != emulator.Owner.ProjectID {
		t.Errorf("%v", token)
	}
	expires, err := time.Parse(time.RFC3339, fmt.Sprint(dig(token, "expires_at")))
	if err != nil || expires.Sub(b.clock.Now()).Round(time.Second) != time.Hour {
		t.Errorf("expires at %v: %v", expires, err)
	}
	for i, want := range []object{
		{"type": "identity", "url": b.server.URL + "/v3"}, {"type": "image", "url": b.server.URL},
	} {
		endpoint := dig(token, "catalog", i, "endpoints", 0)
		if dig(token, "catalog", i, "type") != want["type"] || dig(endpoint, "url") != want["url"] ||
			dig(endpoint, "region") != emulator.Region || dig(endpoint, "interface") != "public" {
			t.Errorf("%v, want %v", endpoint, want)
		}
	}
	if catalog, _ := b.expect(200, "GET", "/v3/auth/catalog", nil)["catalog"].([]any); len(catalog) != 2 {
		t.Errorf("catalog %v", catalog)
	}
	b.clock.Advance(time.Hour - time.Second)
	b.expect(200, "GET", "/v2/cloudimages", nil)
	b.clock.Advance(time.Second)
	b.refused(401, "APIGW.0307", "GET", "/v2/cloudimages", nil)
	b.expect(401, "GET", "/v3/auth/tokens", nil, "X-Subject-Token", b.token)

	b = b.as(emulator.Owner)
	b.expect(204, "DELETE", "/v3/auth/tokens", nil, "X-Subject-Token", b.token)
	b.refused(401, "APIGW.0301", "GET", "/v2/cloudimages", nil)
	b = b.as(emulator.Owner)
	b.emu.RevokeTokens()
	b.refused(401, "APIGW.0301", "GET", "/v2/cloudimages", nil)
	b.refused(401, "APIGW.0301", "GET", "/v2/cloudimages", nil, "X-Auth-Token", "")
}

// TestProjects are those of the user alone, in each region.
func TestProjects(t *testing.T) {
	b := newBench(t, emulator.Options{})
	for path, want := range map[string]int{
		"/v3/projects": 2, "/v3/auth/projects": 2, "/v3/projects?name=eu-de": 1, "/v3/projects?name=eu-nl": 1,
		"/v3/projects?name=eu-de_receiver": 0,
	} {
		if found, _ := b.expect(200, "GET", path, nil)["projects"].([]any); len(found) != want {
			t.Errorf("%s: %v", path, found)
		}
	}
	b.expect(200, "GET", "/v3/projects/"+emulator.Owner.ProjectID, nil)
	b.expect(404, "GET", "/v3/projects/"+emulator.Receiver.ProjectID, nil)
	b.expect(200, "GET", "/v3/auth/domains?name=emulator", nil)
	if link := dig(b.expect(200, "GET", "/v3/", nil), "version", "links", 0, "href"); link != b.server.URL+"/v3/" {
		t.Errorf("link %v", link)
	}
}

// TestSetPassword shuts the old password out.
func TestSetPassword(t *testing.T) {
	b := newBench(t, emulator.Options{})
	user := object{"id": emulator.Owner.UserID, "password": emulator.Owner.Password}
	b.emu.SetPassword(emulator.Owner, "another-one")
	b.expect(401, "POST", "/v3/auth/tokens", passwordAuth(user, nil))
	b.expect(201, "POST", "/v3/auth/tokens", passwordAuth(with(user, object{"password": "another-one"}), nil))
}

// TestCatalogWithoutImage leaves finding IMS to the client.
func TestCatalogWithoutImage(t *testing.T) {
	b := newBench(t, emulator.Options{Switches: emulator.Switches{DeliverCatalogWithoutImage: true}})
	if got := b.send("GET", "/v3/auth/catalog", nil); strings.Contains(string(got.body), `"image"`) {
		t.Errorf("%s", got.body)
	}
}

// TestNoSecrets sends every secret there is and looks for it in the journal.
func TestNoSecrets(t *testing.T) {
	b := newBench(t, emulator.Options{})
	owner := emulator.Owner
	got := b.send("POST", "/v3/auth/tokens", passwordAuth(object{"id": owner.UserID, "password": owner.Password}, nil))
	issued := got.header.Get("X-Subject-Token")
	b.send("POST", "/v3/auth/tokens", tokenAuth(issued, nil), "X-Subject-Token", issued)
	b.send(
		"POST", "/v3/auth/tokens", passwordAuth(object{"name": "x", "password": owner.SecretKey, "domain": domain}, nil),
	)
	ak, sk, securityToken := b.emu.IssueTemporaryKeys(owner)
	key := signer{ak: ak, sk: sk, securityToken: securityToken, project: owner.ProjectID}
	if status := key.send(b, "GET", "/v2/cloudimages?limit=1", ""); status != 200 {
		t.Fatalf("signed: %d", status)
	}
	journal := fmt.Sprintf("%+v", b.emu.Journal())
	for _, entry := range b.emu.Journal() {
		journal += string(entry.Body)
	}
	for name, secret := range map[string]string{
		"password": owner.Password, "token": issued, "another token": b.token, "secret key": owner.SecretKey,
		"temporary key":  sk,
		"security token": securityToken,
	} {
		if strings.Contains(journal, secret) {
			t.Errorf("the journal holds the %s", name)
		}
	}
	if !strings.Contains(journal, owner.UserID) || !strings.Contains(journal, "auth.identity.password.user.password") {
		t.Errorf("the journal should still say who signed in: %s", journal)
	}
}
