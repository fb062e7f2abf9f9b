package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
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

func TestSignsInAgainOnceForAll(t *testing.T) {
	for name, refuse := range map[string]http.HandlerFunc{
		"401": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"APIGW.0307 with 403": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"error_code":"APIGW.0307","error_msg":"The token must be updated."}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeCloud(t)
			s := session(t, f.byPassword())
			if _, err := s.Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
			const callers = 40
			arrived := make(chan struct{}, callers)
			all := make(chan struct{})
			go func() {
				for range callers {
					<-arrived
				}
				close(all)
			}()
			f.setBefore(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Header.Get("X-Auth-Token") != "made-1" {
					return false
				}
				arrived <- struct{}{}
				<-all
				refuse(w, r)
				return true
			})
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					resp, err := s.Do(t.Context(), &Request{Method: http.MethodPost, Path: "v2/x", Body: []byte(`{"a":1}`)})
					if err != nil {
						t.Error(err)
						return
					}
					_ = resp.Body.Close()
					if resp.StatusCode != http.StatusOK {
						t.Errorf("status %d", resp.StatusCode)
					}
				})
			}
			wg.Wait()
			if f.made != 2 {
				t.Errorf("%d tokens were made, want 2", f.made)
			}
			if n := f.count("POST /v2/x"); n != 2*callers {
				t.Errorf("%d requests, want %d", n, 2*callers)
			}
			for i, line := range f.journal {
				if line == "POST /v2/x" && f.bodies[i] != `{"a":1}` {
					t.Errorf("body %q", f.bodies[i])
				}
			}
		})
	}
}

func TestCancelledWaiterLeavesTheOthers(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	asked, release := make(chan struct{}), make(chan struct{})
	f.setBefore(func(http.ResponseWriter, *http.Request) bool {
		f.setBefore(nil)
		close(asked)
		<-release
		return false
	})
	leaving, leave := context.WithCancel(t.Context())
	left, stayed := make(chan error), make(chan error)
	go func() { _, err := s.Connect(leaving); left <- err }()
	<-asked
	go func() { _, err := s.Connect(t.Context()); stayed <- err }()
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) || !errors.Is(err, ErrNotSent) {
		t.Errorf("the one who left got %v", err)
	}
	close(release)
	if err := <-stayed; err != nil {
		t.Errorf("the one who stayed got %v", err)
	}
	if f.made != 1 {
		t.Errorf("%d tokens were made", f.made)
	}
}
