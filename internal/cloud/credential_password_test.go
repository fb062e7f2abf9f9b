package cloud

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// What is sent of the user: by the id or by name and domain, and with a second factor by both where both are there.
func TestPasswordRequest(t *testing.T) {
	const byName, byDomainID = `{"name":"jane","domain":{"name":"acme"}`, `{"name":"jane","domain":{"id":"d1"}`
	const byID = `{"id":"u1"`
	const password, code = `,"password":"` + testPassword + `"}`, `,"passcode":"` + testPasscode + `"}`
	for name, test := range map[string]struct {
		change         func(*settings.Config)
		password, totp string
	}{
		"name":         {func(*settings.Config) {}, byName + password, ""},
		"domain by id": {func(c *settings.Config) { c.DomainName, c.DomainID = "", "d1" }, byDomainID + password, ""},
		"id":           {func(c *settings.Config) { c.UserName, c.UserID = "", "u1" }, byID + password, ""},
		"name and id":  {func(c *settings.Config) { c.UserID = "u1" }, byID + password, ""},
		"code, name":   {func(c *settings.Config) { c.Passcode = testPasscode }, byName + password, byName + code},
		"code, id": {
			func(c *settings.Config) { c.UserName, c.UserID, c.Passcode = "", "u1", testPasscode }, byID + password,
			byID + code,
		},
		"code, name and id": {
			func(c *settings.Config) { c.UserID, c.Passcode = "u1", testPasscode }, byName + password, byID + code,
		},
		"code, name and id, no domain": {
			func(c *settings.Config) {
				c.UserID, c.Passcode, c.DomainName, c.ProjectName, c.ProjectID = "u1", testPasscode, "", "", "p1"
			},
			byID + password, byID + code,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeCloud(t)
			block := f.byPassword()
			test.change(&block)
			if _, err := session(t, block).Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
			var sent struct {
				Auth struct {
					Identity map[string]any
					Scope    struct{ Project map[string]any }
				}
			}
			if err := json.Unmarshal([]byte(f.bodies[0]), &sent); err != nil {
				t.Fatal(err)
			}
			want := `{"methods":["password"],"password":{"user":` + test.password + `}}`
			if test.totp != "" {
				want = `{"methods":["password","totp"],"password":{"user":` + test.password + `},"totp":{"user":` + test.totp + `}}`
			}
			var wanted map[string]any
			if err := json.Unmarshal([]byte(want), &wanted); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wanted, sent.Auth.Identity); diff != "" {
				t.Error(diff)
			}
			if len(sent.Auth.Scope.Project) == 0 {
				t.Errorf("no scope in %s", f.bodies[0])
			}
		})
	}
}

func TestPasscodeIsUsedOnce(t *testing.T) {
	t.Run("the answer is lost", func(t *testing.T) {
		f := newFakeCloud(t)
		block := f.byPassword()
		block.Passcode = testPasscode
		s := session(t, block)
		f.setBefore(func(w http.ResponseWriter, _ *http.Request) bool { dropConnection(w); return true })
		_, err := get(t.Context(), s)
		if err == nil || !strings.Contains(err.Error(), "the passcode may be used up") {
			t.Errorf("got %v", err)
		}
		if n := f.count(""); n != 1 {
			t.Errorf("%d tries, want 1", n)
		}
	})
	t.Run("the token dies", func(t *testing.T) {
		f := newFakeCloud(t)
		block := f.byPassword()
		block.Passcode = testPasscode
		s := session(t, block)
		if _, err := get(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.bodies[0], `"totp"`) || !strings.Contains(f.bodies[0], testPasscode) {
			t.Errorf("no passcode in %s", f.bodies[0])
		}
		f.revoke()
		_, err := get(t.Context(), s)
		if err == nil || !strings.Contains(err.Error(), "a passcode works only once") || !errors.Is(err, ErrNotSent) {
			t.Errorf("got %v", err)
		}
		if n := f.count("POST /v3"); n != 1 {
			t.Errorf("%d sign-ins", n)
		}
	})
}
