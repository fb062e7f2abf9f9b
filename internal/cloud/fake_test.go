package cloud

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// Secrets of the tests; no text of the package may hold one.
const (
	testPassword      = "pw-s3cret-0001"
	testToken         = "token-s3cret-0002"
	testAccessKey     = "AKPUBLIC0003"
	testSecretKey     = "sk-s3cret-0004"
	testSecurityToken = "st-s3cret-0005"
	testPasscode      = "604006"
)

var testSecrets = []string{testPassword, testToken, testSecretKey, testSecurityToken, testPasscode}

// fakeCloud is an identity service and an image service on one address. It has the user "jane" (id u1) of domain
// "acme" (id d1) and the project "eu-test_one" (id p1).
type fakeCloud struct {
	*httptest.Server

	mu       sync.Mutex
	journal  []string          // "METHOD /path?query" of every request
	bodies   []string          // their bodies
	headers  []http.Header     // their headers
	tokens   map[string]string // token to project id; "" for none
	made     int               // tokens made by POST
	password string
	catalog  string // JSON; %s stands for the server's URL
	// before answers a request instead of the services, if it says so.
	before func(w http.ResponseWriter, r *http.Request) bool
	// image answers a request to the image service that was signed in.
	image http.HandlerFunc
}

const oneEndpoint = `[{"type":"image","endpoints":[{"interface":"public","region":"eu-test","url":"%s/"}]}]`

func newFakeCloud(t *testing.T) *fakeCloud {
	t.Helper()
	f := &fakeCloud{tokens: map[string]string{testToken: "p1"}, password: testPassword, catalog: oneEndpoint}
	f.image = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"images":[]}`) }
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeCloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.journal = append(f.journal, r.Method+" "+r.URL.RequestURI())
	f.bodies = append(f.bodies, string(body))
	f.headers = append(f.headers, r.Header.Clone())
	before := f.before
	f.mu.Unlock()
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	if before != nil && before(w, r) {
		return
	}
	w.Header().Set("X-Request-Id", "req-1")
	switch {
	case r.URL.Path == "/v3/auth/tokens" && r.Method == http.MethodPost:
		f.makeToken(w, body)
	case r.URL.Path == "/v3/auth/tokens":
		f.showToken(w, r.Header.Get("X-Subject-Token"), http.StatusOK)
	case r.URL.Path == "/v3/projects":
		_, _ = fmt.Fprintf(w, `{"projects":[{"id":"p1","name":"eu-test_one","domain_id":"d1"}]}`)
	case r.URL.Path == "/v3/auth/catalog":
		_, _ = fmt.Fprintf(w, `{"catalog":`+f.catalog+`}`, f.URL)
	case f.knows(r.Header):
		f.image(w, r)
	default:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":{"code":401,"message":"The request you have made requires authentication."}}`)
	}
}

func (f *fakeCloud) knows(header http.Header) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tokens[header.Get("X-Auth-Token")] != "" ||
		strings.HasPrefix(header.Get("Authorization"), "SDK-HMAC-SHA256 Access="+testAccessKey+",")
}

func (f *fakeCloud) makeToken(w http.ResponseWriter, body []byte) {
	var request struct {
		Auth struct {
			Identity struct {
				Password struct {
					User struct{ Name, ID, Password string }
				}
				Token struct{ ID string }
			}
			Scope struct {
				Project struct{ ID, Name string }
			}
		}
	}
	_ = json.Unmarshal(body, &request)
	identity, project := request.Auth.Identity, request.Auth.Scope.Project
	user := identity.Password.User
	f.mu.Lock()
	_, tokenKnown := f.tokens[identity.Token.ID]
	byPassword := (user.Name == "jane" || user.ID == "u1") && user.Password == f.password
	if !tokenKnown && !byPassword || project.ID != "p1" && project.Name != "eu-test_one" {
		f.mu.Unlock()
		w.WriteHeader(http.StatusUnauthorized)
		// A careless service repeats what it was sent.
		_, _ = fmt.Fprintf(w,
			`{"error":{"code":401,"message":"The username or password is wrong: %s","title":"Unauthorized"}}`, user.Password)
		return
	}
	f.made++
	id := fmt.Sprintf("made-%d", f.made)
	f.tokens[id] = "p1"
	f.mu.Unlock()
	f.showToken(w, id, http.StatusCreated)
}

func (f *fakeCloud) showToken(w http.ResponseWriter, id string, status int) {
	f.mu.Lock()
	project, ok := f.tokens[id]
	f.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":{"code":404,"message":"Could not find token."}}`)
		return
	}
	if status == http.StatusCreated {
		w.Header().Set("X-Subject-Token", id)
	}
	w.WriteHeader(status)
	scope := ""
	if project != "" {
		scope = `"project":{"id":"p1","name":"eu-test_one","domain":{"id":"d1","name":"acme"}},`
	}
	_, _ = fmt.Fprintf(w, `{"token":{`+scope+`"expires_at":"2030-01-01T00:00:00.000000Z","catalog":`+f.catalog+`}}`, f.URL)
}

// revoke kills every token.
func (f *fakeCloud) revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.tokens)
}

func (f *fakeCloud) setPassword(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.password = text
}

func (f *fakeCloud) setBefore(before func(w http.ResponseWriter, r *http.Request) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before = before
}

// count counts the requests whose journal line begins so.
func (f *fakeCloud) count(prefix string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(f.journal), func(line string) bool {
		return !strings.HasPrefix(line, prefix)
	}))
}

// byPassword is a block that signs in to the fake with user name and password.
func (f *fakeCloud) byPassword() settings.Config {
	return settings.Config{
		AuthURL: f.URL, UserName: "jane", Password: testPassword, DomainName: "acme", ProjectName: "eu-test_one",
	}
}

func (f *fakeCloud) byToken() settings.Config {
	return settings.Config{AuthURL: f.URL + "/v3", Token: testToken}
}

func (f *fakeCloud) byKey() settings.Config {
	return settings.Config{
		AuthURL: f.URL + "/v3/", AccessKey: testAccessKey, SecretKey: testSecretKey, SecurityToken: testSecurityToken,
		ProjectName: "eu-test_one",
	}
}

// session resolves a block and makes a session that never really pauses.
func session(t *testing.T, block settings.Config) *Session {
	t.Helper()
	resolved, err := settings.Resolve(block, settings.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	s := NewSession(resolved, SessionOptions{UserAgent: "test/1"})
	s.pause = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	s.jitter = func() float64 { return 0 }
	return s
}

// get sends a GET for images and returns the status.
func get(ctx context.Context, s *Session) (int, error) {
	resp, err := s.Do(ctx, &Request{Method: http.MethodGet, Path: "v2/cloudimages"})
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp.Body.Close()
}

// send sends a request and drops the answer.
func send(ctx context.Context, s *Session, req *Request) error {
	resp, err := s.Do(ctx, req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// noSecret fails the test if a text holds a secret.
func noSecret(t *testing.T, text string) {
	t.Helper()
	for _, word := range testSecrets {
		if strings.Contains(text, word) {
			t.Errorf("a secret shows: %s", text)
		}
	}
}

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

// roundTripper is a transport that is a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func newRequest(t *testing.T, method, address string, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	return req
}
