package openstack_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// account is a user with a project of its own.
type account struct {
	user, userID, password, domain, domainID, project, projectID string
}

// target is a cloud to run the tests against.
type target struct {
	real            bool
	authURL         string // without a version
	owner, consumer account
	emu             *emulator.Emulator // nil: a real one
	passcode        func() string      // a fresh code of coded
	coded           account            // a user with a second factor
}

// each runs a test against the emulator and, if there is one, a real OpenStack.
func each(t *testing.T, test func(t *testing.T, on *target)) {
	t.Helper()
	t.Run("emulator", func(t *testing.T) { test(t, emulated(t)) })
	t.Run("openstack", func(t *testing.T) { test(t, actual(t)) })
}

func emulated(t *testing.T) *target {
	t.Helper()
	emu, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	t.Cleanup(func() {
		server.Close()
		if err := emu.Close(); err != nil {
			t.Error(err)
		}
		for _, request := range emu.Unknown() {
			t.Errorf("the emulator does not know %s %s", request.Method, request.Path)
		}
	})
	of := func(tenant emulator.Tenant) account {
		return account{
			tenant.UserName, tenant.UserID, tenant.Password, tenant.DomainName, tenant.DomainID, tenant.ProjectName,
			tenant.ProjectID,
		}
	}
	codes := []string{"111111", "222222", "333333"}
	emu.SetPasscodes(emulator.Agent, codes...)
	return &target{
		authURL: server.URL, owner: of(emulator.Owner), consumer: of(emulator.Receiver), coded: of(emulator.Agent), emu: emu,
		passcode: func() string {
			code := codes[0]
			codes = codes[1:]
			return code
		},
	}
}

func actual(t *testing.T) *target {
	t.Helper()
	address := os.Getenv("OPENSTACK_AUTH_URL")
	if address == "" {
		t.Skip("OPENSTACK_AUTH_URL is not set: make test-openstack starts a Keystone and a Glance")
	}
	secret := os.Getenv("OPENSTACK_TOTP_SECRET")
	on := &target{
		real: true, authURL: strings.TrimSuffix(address, "/v3"),
		passcode: func() string { return totp(t, secret, time.Now()) },
	}
	for name, a := range map[string]*account{"owner": &on.owner, "consumer": &on.consumer} {
		*a = account{user: name, password: "pw-" + name, domain: "Default", domainID: "default", project: name}
		on.learn(t, a, nil)
	}
	on.coded = on.owner
	on.coded.user, on.coded.password = "coded", "pw-coded"
	on.learn(t, &on.coded, func(auth object) {
		auth["identity"] = object{
			"methods": []string{"password", "totp"},
			"password": object{
				"user": object{"name": on.coded.user, "password": on.coded.password, "domain": object{"name": on.coded.domain}},
			},
			"totp": object{
				"user": object{"name": on.coded.user, "passcode": on.passcode(), "domain": object{"name": on.coded.domain}},
			},
		}
	})
	return on
}

// learn signs an account in to know its ids.
func (on *target) learn(t *testing.T, a *account, change func(auth object)) {
	t.Helper()
	var known struct {
		Token struct{ User, Project struct{ ID string } }
	}
	if err := json.Unmarshal([]byte(on.signIn(t, a, change).text), &known); err != nil {
		t.Fatal(err)
	}
	a.userID, a.projectID = known.Token.User.ID, known.Token.Project.ID
}

// totp is the code of RFC 6238.
func totp(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, uint64(at.Unix()/30))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[offset:])&0x7fffffff)%1_000_000)
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   any // decoded JSON, or nil
	text   string
}

// send sends a request that the client is not part of.
func (on *target) send(t *testing.T, method, address, token string, body any, headers ...string) answer {
	t.Helper()
	var content io.Reader
	if text, ok := body.(string); ok {
		content = strings.NewReader(text)
	} else if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, content)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json") // as the client does
	if token != "" {
		req.Header.Set("X-Auth-Token", token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{status: resp.StatusCode, header: resp.Header, text: string(text)}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &got.body); err != nil {
			t.Errorf("%s %s: %v", method, address, err)
		}
	}
	return got
}

var transport = &http.Transport{}

type object = map[string]any

// signIn asks for a token of the account's project. change, if given, changes the request.
func (on *target) signIn(t *testing.T, a *account, change func(auth object)) answer {
	t.Helper()
	auth := object{
		"identity": object{"methods": []string{"password"}, "password": object{"user": object{
			"name": a.user, "password": a.password, "domain": object{"name": a.domain},
		}}},
		"scope": object{"project": object{"name": a.project, "domain": object{"name": a.domain}}},
	}
	if change != nil {
		change(auth)
	}
	return on.send(t, http.MethodPost, on.authURL+"/v3/auth/tokens", "", object{"auth": auth})
}

// token is a fresh one, of the account's project.
func (on *target) token(t *testing.T, a *account) string {
	t.Helper()
	got := on.signIn(t, a, nil)
	if got.status != http.StatusCreated {
		t.Fatalf("signing in: %d %s", got.status, got.text)
	}
	return got.header.Get("X-Subject-Token")
}

// watcher carries a session's requests and knows its tokens.
type watcher struct {
	mu      sync.Mutex
	token   string
	signIns int
}

func (w *watcher) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if token := req.Header.Get("X-Auth-Token"); token != "" {
		w.token = token
	}
	if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/auth/tokens") {
		w.signIns++
	}
	w.mu.Unlock()
	return transport.RoundTrip(req)
}

func (w *watcher) seen() (token string, signIns int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.token, w.signIns
}

func byPassword(on *target, a *account) settings.Config {
	return settings.Config{
		AuthURL: on.authURL, UserName: a.user, Password: a.password, DomainName: a.domain, ProjectName: a.project,
	}
}

func open(t *testing.T, block settings.Config) (*cloud.Session, *watcher) {
	t.Helper()
	resolved, err := settings.Resolve(block, settings.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{}
	return cloud.NewSession(resolved, cloud.SessionOptions{Transport: w}), w
}

func client(t *testing.T, on *target, a *account) *ims.Client {
	t.Helper()
	session, _ := open(t, byPassword(on, a))
	return ims.New(session, ims.Options{})
}

// call sends a request through a session and returns status and body.
func call(t *testing.T, s *cloud.Session, method, path string, body string, headers ...string) (int, string, error) {
	t.Helper()
	req := &cloud.Request{Method: method, Path: path, Header: http.Header{}}
	if body != "" {
		req.Body = []byte(body)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.Do(t.Context(), req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

func tenantOf(on *target, a *account) emulator.Tenant {
	if a.userID == on.owner.userID {
		return emulator.Owner
	}
	return emulator.Receiver
}
