package openstack_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// Every way in that Keystone itself has.
func TestWaysIn(t *testing.T) {
	each(t, func(t *testing.T, on *target) {
		t.Helper()
		o, c := &on.owner, &on.coded
		unscoped := on.signIn(t, o, func(auth object) { delete(auth, "scope") }).header.Get("X-Subject-Token")
		for name, test := range map[string]struct {
			block   settings.Config
			account *account
		}{
			"names": {byPassword(on, o), o},
			"auth_url v3": {
				settings.Config{
					AuthURL: on.authURL + "/v3/", UserName: o.user, Password: o.password, DomainName: o.domain, ProjectName: o.project,
				},
				o,
			},
			"ids": {
				settings.Config{AuthURL: on.authURL, UserID: o.userID, Password: o.password, ProjectID: o.projectID}, o,
			},
			"domain id": {
				settings.Config{
					AuthURL: on.authURL, UserName: o.user, Password: o.password, DomainID: o.domainID, ProjectName: o.project,
				},
				o,
			},
			"project id": {
				settings.Config{
					AuthURL: on.authURL, UserName: o.user, Password: o.password, DomainName: o.domain, ProjectID: o.projectID,
				},
				o,
			},
			"user id, project name": {
				settings.Config{
					AuthURL: on.authURL, UserID: o.userID, Password: o.password, DomainName: o.domain, ProjectName: o.project,
				},
				o,
			},
			"region":             {settings.Config{AuthURL: on.authURL, Token: on.token(t, o), Region: "eu-de"}, o},
			"token":              {settings.Config{AuthURL: on.authURL, Token: on.token(t, o)}, o},
			"token, its project": {settings.Config{AuthURL: on.authURL, Token: on.token(t, o), ProjectID: o.projectID}, o},
			"unscoped token, name": {
				settings.Config{AuthURL: on.authURL, Token: unscoped, ProjectName: o.project, DomainName: o.domain}, o,
			},
			"unscoped token, id":      {settings.Config{AuthURL: on.authURL, Token: unscoped, ProjectID: o.projectID}, o},
			"password and a passcode": {withPasscode(byPassword(on, c), on.passcode()), c},
			"a passcode by the id": {
				withPasscode(settings.Config{
					AuthURL: on.authURL, UserName: c.user, UserID: c.userID, Password: c.password,
					DomainName: c.domain, ProjectName: c.project,
				}, on.passcode()), c,
			},
			"passcode, ids alone": {
				withPasscode(settings.Config{
					AuthURL: on.authURL, UserID: c.userID, Password: c.password, ProjectID: c.projectID,
				}, on.passcode()), c,
			},
		} {
			t.Run(name, func(t *testing.T) {
				s, w := open(t, test.block)
				if _, n := w.seen(); n != 0 {
					t.Error("signed in before the first request")
				}
				if status, body, err := call(t, s, http.MethodGet, "v2/images", ""); status != http.StatusOK || err != nil {
					t.Fatalf("got %d, %s, %v", status, body, err)
				}
				scope, err := s.Connect(t.Context())
				if err != nil || scope.ProjectID != test.account.projectID || scope.ProjectName != test.account.project ||
					scope.Region != "eu-de" {
					t.Errorf("scope %+v, %v", scope, err)
				}
			})
		}
	})
}

func withPasscode(block settings.Config, code string) settings.Config {
	block.Passcode = code
	return block
}

// What Keystone refuses: told once, with its own words and the request's id.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, on *target) {
		t.Helper()
		o := &on.owner
		with := func(change func(*settings.Config)) settings.Config {
			block := byPassword(on, o)
			change(&block)
			return block
		}
		for name, test := range map[string]struct {
			block  settings.Config
			status int
		}{
			"wrong password":  {with(func(c *settings.Config) { c.Password = "wrong-and-secret" }), http.StatusUnauthorized},
			"no such user":    {with(func(c *settings.Config) { c.UserName = "nobody" }), http.StatusUnauthorized},
			"wrong domain":    {with(func(c *settings.Config) { c.DomainName = "nowhere" }), http.StatusUnauthorized},
			"no such project": {with(func(c *settings.Config) { c.ProjectName = "nothing" }), http.StatusUnauthorized},
			"another's project": {
				with(func(c *settings.Config) { c.ProjectName, c.ProjectID = "", on.consumer.projectID }), http.StatusUnauthorized,
			},
			"no passcode":    {byPassword(on, &on.coded), http.StatusUnauthorized},
			"wrong passcode": {withPasscode(byPassword(on, &on.coded), "000000"), http.StatusUnauthorized},
			"another's token": {
				settings.Config{AuthURL: on.authURL, Token: on.token(t, o), ProjectID: on.consumer.projectID},
				http.StatusUnauthorized,
			},
		} {
			t.Run(name, func(t *testing.T) {
				s, _ := open(t, test.block)
				_, err := s.Connect(t.Context())
				var refusal *cloud.SignInError
				if !errors.As(err, &refusal) || !refusal.Definite || refusal.Status != test.status || refusal.Message == "" ||
					refusal.RequestID == "" {
					t.Fatalf("got %#v", err)
				}
				if strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "from provider block") {
					t.Errorf("got %v", err)
				}
			})
		}
		t.Run("no such token", func(t *testing.T) {
			s, _ := open(t, settings.Config{AuthURL: on.authURL, Token: "wrong-and-secret"})
			_, err := s.Connect(t.Context())
			var refusal *cloud.SignInError
			if !errors.As(err, &refusal) || !refusal.Definite || strings.Contains(err.Error(), "wrong-and") {
				t.Errorf("got %v", err)
			}
		})
		t.Run("no such region", func(t *testing.T) {
			s, _ := open(t, with(func(c *settings.Config) { c.Region = "eu-nowhere" }))
			if _, err := s.Connect(t.Context()); err == nil ||
				!strings.Contains(err.Error(), `in region "eu-nowhere", but in: eu-de`) {
				t.Errorf("got %v", err)
			}
		})
	})
}

// The endpoint in use is the catalog's.
func TestCatalog(t *testing.T) {
	each(t, func(t *testing.T, on *target) {
		t.Helper()
		s, w := open(t, byPassword(on, &on.owner))
		if status, _, err := call(t, s, http.MethodGet, "v2/images", ""); status != http.StatusOK || err != nil {
			t.Fatal(status, err)
		}
		token, _ := w.seen()
		got := on.send(t, http.MethodGet, on.authURL+"/v3/auth/catalog", token, nil)
		scope, err := s.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if endpoint := strings.TrimSuffix(scope.Endpoint, "/"); got.status != http.StatusOK ||
			!strings.Contains(got.text, `"`+endpoint+`"`) {
			t.Errorf("%s is not in %d %s", endpoint, got.status, got.text)
		}
	})
}

// A token that is revoked is replaced, once for all who were refused.
func TestRevocation(t *testing.T) {
	each(t, func(t *testing.T, on *target) {
		t.Helper()
		s, w := open(t, byPassword(on, &on.owner))
		if status, _, err := call(t, s, http.MethodGet, "v2/images", ""); status != http.StatusOK || err != nil {
			t.Fatal(status, err)
		}
		for round := 2; round < 4; round++ {
			token, _ := w.seen()
			if got := on.send(
				t, http.MethodDelete, on.authURL+"/v3/auth/tokens", token, nil, "X-Subject-Token", token,
			); got.status != http.StatusNoContent {
				t.Fatalf("revoking: %d %s", got.status, got.text)
			}
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					if status, body, err := call(t, s, http.MethodGet, "v2/images", ""); status != http.StatusOK || err != nil {
						t.Errorf("got %d, %s, %v", status, body, err)
					}
				})
			}
			wg.Wait()
			if _, n := w.seen(); n != round {
				t.Errorf("signed in %d times, want %d", n, round)
			}
		}
		given, _ := open(t, settings.Config{AuthURL: on.authURL, Token: on.token(t, &on.owner)})
		if _, err := given.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// A password that becomes wrong ends in a clear error, and in one question only.
func TestPasswordChanged(t *testing.T) {
	each(t, func(t *testing.T, on *target) {
		t.Helper()
		a := on.consumer
		s, w := open(t, byPassword(on, &a))
		if _, err := s.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		setPassword(t, on, &a, "another-one")
		t.Cleanup(func() { setPassword(t, on, &a, on.consumer.password) })
		for range 3 {
			_, _, err := call(t, s, http.MethodGet, "v2/images", "")
			var refusal *cloud.SignInError
			if !errors.As(err, &refusal) || refusal.Status != http.StatusUnauthorized ||
				!strings.Contains(err.Error(), "user name and password") {
				t.Errorf("got %v", err)
			}
		}
		if _, n := w.seen(); n != 2 {
			t.Errorf("signed in %d times, want 2: more would lock the account", n)
		}
	})
}

// setPassword changes a password, which ends all tokens of the user.
func setPassword(t *testing.T, on *target, a *account, password string) {
	t.Helper()
	if on.emu != nil {
		on.emu.SetPassword(tenantOf(on, a), password)
		on.emu.RevokeTokens()
	} else {
		got := on.send(t, http.MethodPost, on.authURL+"/v3/users/"+a.userID+"/password", on.token(t, a),
			object{"user": object{"password": password, "original_password": a.password}})
		if got.status != http.StatusNoContent {
			t.Fatalf("changing the password: %d %s", got.status, got.text)
		}
	}
	a.password = password
}
