package cloud

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

func TestEveryWayIn(t *testing.T) {
	for name, test := range map[string]struct {
		block   func(*fakeCloud) settings.Config
		asked   []string
		headers []string
	}{
		"password": {
			block:   (*fakeCloud).byPassword,
			asked:   []string{"POST /v3/auth/tokens"},
			headers: []string{"X-Auth-Token"},
		},
		"password by ids": {
			block: func(f *fakeCloud) settings.Config {
				return settings.Config{AuthURL: f.URL + "/", UserID: "u1", Password: testPassword, ProjectID: "p1"}
			},
			asked:   []string{"POST /v3/auth/tokens"},
			headers: []string{"X-Auth-Token"},
		},
		"token of the project": {
			block:   (*fakeCloud).byToken,
			asked:   []string{"GET /v3/auth/tokens"},
			headers: []string{"X-Auth-Token"},
		},
		"token of no project": {
			block: func(f *fakeCloud) settings.Config {
				f.tokens[testToken] = ""
				return settings.Config{AuthURL: f.URL, Token: testToken, ProjectName: "eu-test_one", DomainName: "acme"}
			},
			asked:   []string{"GET /v3/auth/tokens", "POST /v3/auth/tokens"},
			headers: []string{"X-Auth-Token"},
		},
		"access key": {
			block:   (*fakeCloud).byKey,
			asked:   []string{"GET /v3/projects?name=eu-test_one", "GET /v3/auth/catalog"},
			headers: []string{"Authorization", "X-Sdk-Date", "X-Project-Id", "X-Security-Token"},
		},
		"access key with nothing to ask": {
			block: func(f *fakeCloud) settings.Config {
				return settings.Config{
					Endpoint: f.URL + "/v2", AccessKey: testAccessKey, SecretKey: testSecretKey, ProjectID: "p1", Region: "eu-test",
				}
			},
			headers: []string{"Authorization", "X-Sdk-Date", "X-Project-Id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeCloud(t)
			s := session(t, test.block(f))
			if len(f.journal) != 0 {
				t.Errorf("asked before the first request: %v", f.journal)
			}
			status, err := get(t.Context(), s)
			if status != http.StatusOK || err != nil {
				t.Fatalf("got %d, %v", status, err)
			}
			if diff := cmp.Diff(append(test.asked, "GET /v2/cloudimages"), f.journal); diff != "" {
				t.Errorf("requests: %s", diff)
			}
			sent := f.headers[len(f.headers)-1]
			for _, name := range test.headers {
				if sent.Get(name) == "" {
					t.Errorf("no header %s in %v", name, sent)
				}
			}
			if len(test.headers) > 1 && sent.Get("X-Auth-Token") != "" {
				t.Error("a token is involved")
			}
			if !strings.HasPrefix(sent.Get("User-Agent"), "test/1 gophercloud/") {
				t.Errorf("User-Agent %q", sent.Get("User-Agent"))
			}
			scope, err := s.Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if scope.ProjectID != "p1" || scope.Region != "eu-test" || scope.Endpoint != f.URL+"/" {
				t.Errorf("scope %+v", scope)
			}
		})
	}
}

func TestSessionsShareNothing(t *testing.T) {
	f, g := newFakeCloud(t), newFakeCloud(t)
	g.setPassword("another")
	first, second := session(t, f.byPassword()), session(t, g.byPassword())
	if _, err := get(t.Context(), second); err == nil {
		t.Error("the wrong password was taken")
	}
	if _, err := get(t.Context(), first); err != nil {
		t.Error(err)
	}
	if bytes.Equal([]byte(f.URL), []byte(g.URL)) || f.made != 1 || g.made != 0 {
		t.Errorf("%d and %d tokens", f.made, g.made)
	}
}
