package openstack_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// step is a request that both are sent, and what of the answer the later ones need.
type step struct {
	name, method string
	path         string // below the identity service if it begins with /v3, else below the image service
	as           string // "owner", "consumer", "" for nobody, or a token
	body         any
	headers      []string
}

// steps are sent in this order. IMAGE stands for the id that "create image" got, MEMBER for the consumer's project,
// TOKEN for the owner's token.
func steps(on *target) []step {
	o := &on.owner
	auth := func(change func(auth, user object)) object {
		user := object{"name": o.user, "password": o.password, "domain": object{"name": o.domain}}
		a := object{
			"identity": object{"methods": []string{"password"}, "password": object{"user": user}},
			"scope":    object{"project": object{"name": o.project, "domain": object{"name": o.domain}}},
		}
		change(a, user)
		return object{"auth": a}
	}
	const image, patch = "/v2/images/IMAGE", "application/openstack-images-v2.1-json-patch"
	gone := "/v2/images/10000000-0000-4000-8000-000000000009"
	protect := func(value any) any { return []object{{"op": "replace", "path": "/protected", "value": value}} }
	return []step{
		{"version", get, "/v3", "", nil, nil},
		{"sign in", post, "/v3/auth/tokens", "", auth(func(_, _ object) {}), nil},
		{"sign in, no scope", post, "/v3/auth/tokens", "", auth(func(a, _ object) { delete(a, "scope") }), nil},
		{
			"sign in, wrong password", post, "/v3/auth/tokens", "", auth(func(_, user object) { user["password"] = "wrong" }),
			nil,
		},
		{"sign in, no such user", post, "/v3/auth/tokens", "", auth(func(_, user object) { user["name"] = "nobody" }), nil},
		{"sign in, wrong scope", post, "/v3/auth/tokens", "", auth(func(a, _ object) {
			a["scope"] = object{"project": object{"id": on.consumer.projectID}}
		}), nil},
		{
			"sign in, no such project", post, "/v3/auth/tokens", "",
			auth(func(a, _ object) { a["scope"] = object{"project": object{"id": "nosuch"}} }), nil,
		},
		{
			"sign in, no method", post, "/v3/auth/tokens", "", object{"auth": object{"identity": object{"methods": []string{}}}},
			nil,
		},
		{"sign in, nothing", post, "/v3/auth/tokens", "", object{}, nil},
		{"sign in, no JSON", post, "/v3/auth/tokens", "", "{", nil},
		{
			"sign in, unknown method", post, "/v3/auth/tokens", "",
			object{"auth": object{"identity": object{"methods": []string{"nosuch"}}}}, nil,
		},
		{"sign in, token", post, "/v3/auth/tokens", "", object{"auth": object{
			"identity": object{
				"methods": []string{"token"}, "token": object{"id": "TOKEN"},
			},
			"scope": object{"project": object{"id": o.projectID}},
		}}, nil},
		{"read token", get, "/v3/auth/tokens", "owner", nil, []string{"X-Subject-Token", "TOKEN"}},
		{"read token, without signing in", get, "/v3/auth/tokens", "", nil, []string{"X-Subject-Token", "TOKEN"}},
		{"read token, wrong", get, "/v3/auth/tokens", "owner", nil, []string{"X-Subject-Token", "nosuch"}},
		{"catalog", get, "/v3/auth/catalog", "owner", nil, nil},
		{"projects", get, "/v3/auth/projects", "owner", nil, nil},
		{"domains", get, "/v3/auth/domains", "owner", nil, nil},
		{"image versions", get, "/", "", nil, nil},
		{"list images, without signing in", get, "/v2/images", "", nil, nil},
		{"list images, wrong token", get, "/v2/images", "nosuch", nil, nil},
		{
			"create image", post, "/v2/images", "owner",
			object{
				"name": "golden", "__os_version": "Debian GNU/Linux 12.0.0 64bit", "container_format": "bare", "disk_format": "raw",
				"visibility": "private", "min_disk": 1, "tags": []string{"team=a"},
			},
			nil,
		},
		{"list images", get, "/v2/images?limit=1&visibility=private", "owner", nil, nil},
		{"create image, no JSON", post, "/v2/images", "owner", "{", nil},
		{"create image, wrong type", post, "/v2/images", "owner", object{"name": 7}, nil},
		{"read image", get, image, "owner", nil, nil},
		{"read image, stranger", get, image, "consumer", nil, nil},
		{"read image, gone", get, gone, "owner", nil, nil},
		{"download, no file yet", get, image + "/file", "owner", nil, nil},
		{"upload, wrong type", put, image + "/file", "owner", "0123", []string{"Content-Type", "text/plain"}},
		{"upload", put, image + "/file", "owner", "0123456789", []string{"Content-Type", "application/octet-stream"}},
		{"upload again", put, image + "/file", "owner", "0123456789", []string{"Content-Type", "application/octet-stream"}},
		{"upload, gone", put, gone + "/file", "owner", "0123456789", []string{"Content-Type", "application/octet-stream"}},
		{"read active image", get, image, "owner", nil, nil},
		{"patch", patching, image, "owner", protect(true), []string{"Content-Type", patch}},
		{"patch, wrong type", patching, image, "owner", protect("x"), []string{"Content-Type", patch}},
		{"patch, wrong content type", patching, image, "owner", protect(true), []string{"Content-Type", "text/plain"}},
		{
			"patch, read-only", patching, image, "owner", []object{{"op": "replace", "path": "/id", "value": "x"}},
			[]string{"Content-Type", patch},
		},
		{
			"patch, no such property", patching, image, "owner", []object{{"op": "replace", "path": "/nosuch", "value": "x"}},
			[]string{"Content-Type", patch},
		},
		{"patch, gone", patching, gone, "owner", protect(true), []string{"Content-Type", patch}},
		{"delete, protected", remove, image, "owner", nil, nil},
		{"patch back", patching, image, "owner", protect(false), []string{"Content-Type", patch}},
		{"tag", put, image + "/tags/stage", "owner", nil, nil},
		{"tag, gone", put, gone + "/tags/stage", "owner", nil, nil},
		{"untag", remove, image + "/tags/stage", "owner", nil, nil},
		{"untag again", remove, image + "/tags/stage", "owner", nil, nil},
		{"share a private image", post, image + "/members", "owner", object{"member": "MEMBER"}, nil},
		{
			"make it shared", patching, image, "owner", []object{{"op": "replace", "path": "/visibility", "value": "shared"}},
			[]string{"Content-Type", patch},
		},
		{"share", post, image + "/members", "owner", object{"member": "MEMBER"}, nil},
		{"share again", post, image + "/members", "owner", object{"member": "MEMBER"}, nil},
		{"members", get, image + "/members", "owner", nil, nil},
		{"members, of the member", get, image + "/members", "consumer", nil, nil},
		{"member", get, image + "/members/MEMBER", "owner", nil, nil},
		{"member, none", get, image + "/members/nosuch", "owner", nil, nil},
		{"answer, by the owner", put, image + "/members/MEMBER", "owner", object{"status": "accepted"}, nil},
		{"answer, nonsense", put, image + "/members/MEMBER", "consumer", object{"status": "nosuch"}, nil},
		{"answer", put, image + "/members/MEMBER", "consumer", object{"status": "accepted"}, nil},
		{"read image, member", get, image, "consumer", nil, nil},
		{"delete, by the member", remove, image, "consumer", nil, nil},
		{"stop sharing, by the member", remove, image + "/members/MEMBER", "consumer", nil, nil},
		{"stop sharing", remove, image + "/members/MEMBER", "owner", nil, nil},
		{"stop sharing again", remove, image + "/members/MEMBER", "owner", nil, nil},
		{"delete", remove, image, "owner", nil, nil},
		{"delete, gone", remove, image, "owner", nil, nil},
		{"revoke token", remove, "/v3/auth/tokens", "owner", nil, []string{"X-Subject-Token", "TOKEN"}},
		{"read revoked token", get, "/v3/auth/tokens", "consumer", nil, []string{"X-Subject-Token", "TOKEN"}},
	}
}

const (
	get      = http.MethodGet
	post     = http.MethodPost
	put      = http.MethodPut
	patching = http.MethodPatch
	remove   = http.MethodDelete
)

// shapes sends the steps and keeps what of each answer a client could rely on, by the step's name.
func shapes(t *testing.T, on *target) map[string][]string {
	t.Helper()
	tokens := map[string]string{
		"owner": on.token(t, &on.owner), "consumer": on.token(t, &on.consumer), "": "", "nosuch": "nosuch",
	}
	session, _ := open(t, byPassword(on, &on.owner))
	scope, err := session.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	words := strings.NewReplacer("TOKEN", tokens["owner"], "MEMBER", on.consumer.projectID)
	id := ""
	got := map[string][]string{}
	for _, s := range steps(on) {
		base := strings.TrimSuffix(scope.Endpoint, "/")
		if strings.HasPrefix(s.path, "/v3") {
			base = on.authURL
		}
		var headers []string
		for _, h := range s.headers {
			headers = append(headers, words.Replace(h))
		}
		path := words.Replace(strings.Replace(s.path, "IMAGE", id, 1))
		answer := on.send(t, s.method, base+path, tokens[s.as], replaced(s.body, words), headers...)
		if created, ok := answer.body.(object); ok && s.name == "create image" {
			id, _ = created["id"].(string)
		}
		got[s.name] = shape(answer)
	}
	return got
}

func replaced(body any, words *strings.Replacer) any {
	switch v := body.(type) {
	case object:
		changed := object{}
		for name, inner := range v {
			changed[name] = replaced(inner, words)
		}
		return changed
	case string:
		return words.Replace(v)
	default:
		return v
	}
}

// shape is the status, the headers that matter, and the keys and types of the body.
func shape(a answer) []string {
	lines := []string{fmt.Sprint(a.status)}
	for _, name := range []string{"Location", "X-Subject-Token", "Www-Authenticate"} {
		if a.header.Get(name) != "" {
			lines = append(lines, "header "+name)
		}
	}
	if kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";"); kind != "" && a.text != "" {
		lines = append(lines, "header Content-Type "+kind)
	}
	fields := map[string]bool{}
	describe(a.body, "", fields)
	return append(lines, slices.Sorted(maps.Keys(fields))...)
}

func describe(value any, path string, into map[string]bool) {
	switch v := value.(type) {
	case object:
		for name, inner := range v {
			describe(inner, path+"."+name, into)
		}
		if len(v) == 0 {
			into[path+" object"] = true
		}
	case []any:
		for _, inner := range v {
			describe(inner, path+"[]", into)
		}
		if len(v) == 0 {
			into[path+" list"] = true
		}
	case string:
		into[path+" text"] = true
	case float64:
		into[path+" number"] = true
	case bool:
		into[path+" boolean"] = true
	case nil:
		if path != "" {
			into[path+" null"] = true
		}
	}
}

// recording is what the real ones answered.
const recording = "testdata/openstack.json"

func recorded(t *testing.T) map[string][]string {
	t.Helper()
	content, err := os.ReadFile(recording)
	if err != nil {
		t.Fatal(err)
	}
	var shapes map[string][]string
	if err := json.Unmarshal(content, &shapes); err != nil {
		t.Fatal(err)
	}
	return shapes
}

// TestRecording holds the recording against the real ones. OPENSTACK_RECORD=1 makes it anew.
func TestRecording(t *testing.T) {
	theirs := shapes(t, actual(t))
	if os.Getenv("OPENSTACK_RECORD") != "" {
		content, err := json.MarshalIndent(theirs, "", " ")
		if err == nil {
			err = os.WriteFile(recording, append(content, '\n'), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(recorded(t), theirs); diff != "" {
		t.Errorf("OpenStack no longer answers as recorded: %s", diff)
	}
}

// TestDifferences holds the emulator's answers against the recorded ones. The differences must be those of the table,
// no more and no fewer.
func TestDifferences(t *testing.T) {
	theirs := recorded(t)
	ours := shapes(t, emulated(t))
	used := make([]bool, len(differences))
	for _, s := range steps(&target{}) {
		for _, line := range lineDifferences(theirs[s.name], ours[s.name]) {
			i := slices.IndexFunc(differences, func(d difference) bool { return d.explains(s.name, line) })
			if i < 0 {
				t.Errorf("%s: %s", s.name, line)
				continue
			}
			used[i] = true
		}
	}
	for i, row := range differences {
		if !used[i] {
			t.Errorf("the table lists what is not so: %s: %s", row.where, row.lines)
		}
	}
}

// lineDifferences are the lines that only one of two shapes has: "real …" or "emulator …".
func lineDifferences(theirs, ours []string) []string {
	var list []string
	for _, line := range theirs {
		if !slices.Contains(ours, line) {
			list = append(list, "real "+line)
		}
	}
	for _, line := range ours {
		if !slices.Contains(theirs, line) {
			list = append(list, "emulator "+line)
		}
	}
	return list
}

// TestDifferenceTable: ASSUMPTIONS.md shows the table as it is.
func TestDifferenceTable(t *testing.T) {
	content, err := os.ReadFile("../../emulator/ASSUMPTIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| Where | OpenStack | Emulator | Reason |\n|---|---|---|---|\n")
	for _, row := range differences {
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", row.where, row.real, row.emulated, row.reason)
	}
	if !strings.Contains(string(content), table.String()) {
		t.Errorf("ASSUMPTIONS.md does not have this table:\n%s", table.String())
	}
}
