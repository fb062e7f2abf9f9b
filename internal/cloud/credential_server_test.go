package cloud_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// onServer opens a session with the keys of the emulator's server.
func onServer(t *testing.T, metadata string, block settings.Config, now func() time.Time) *cloud.Session {
	t.Helper()
	yes := true
	block.ServerKeys = &yes
	resolved, err := settings.Resolve(block, settings.Environment{
		Lookup: func(name string) (string, bool) { return metadata, name == "OS_METADATA_URL" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return cloud.NewSession(resolved, cloud.SessionOptions{Now: now})
}

// asked counts the requests for the server's keys.
func asked(emu *emulator.Emulator) int {
	n := 0
	for _, request := range emu.Journal() {
		if request.Operation == "show server keys" {
			n++
		}
	}
	return n
}

// Keys are asked for once, again shortly before they die, and when they are refused.
func TestServerKeys(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	emu, base := start(t, emulator.Options{Clock: clock, TokenLifetime: time.Hour})
	s := onServer(t, base, settings.Config{AuthURL: base, ProjectName: emulator.Owner.ProjectName}, clock.Now)
	check := func(step string, want int) {
		t.Helper()
		if status, body, err := call(t, s, list); status != http.StatusOK || err != nil || asked(emu) != want {
			t.Errorf("%s: got %d, %s, %v, asked %d times, want %d", step, status, body, err, asked(emu), want)
		}
	}
	check("first", 1)
	clock.Advance(49 * time.Minute)
	check("10 minutes and more left", 1)
	clock.Advance(2 * time.Minute)
	check("less left", 2)
	check("new ones", 2)
	clock.Advance(2 * time.Hour)
	check("dead", 3)
	emu.Inject(emulator.Fault{Method: http.MethodGet, Path: "/v2/cloudimages", Times: 1, Status: 401, Code: "APIGW.0301"})
	check("refused", 4)
	// The metadata service is down for a while: the keys in use are good until they die.
	clock.Advance(55 * time.Minute)
	emu.Inject(emulator.Fault{Path: "/openstack/latest/securitykey", Times: 1, Status: 404})
	check("not renewed", 5)
	check("not asked again at once", 5)
	clock.Advance(time.Minute)
	check("a minute later", 6)
}

func TestServerKeysForAgency(t *testing.T) {
	_, base := start(t, emulator.Options{})
	s := onServer(t, base, settings.Config{
		AuthURL: base, AgencyName: emulator.Builders.Name, AgencyDomainName: emulator.Owner.DomainName,
		Region: emulator.Region,
	}, nil)
	// The server is the owner's, whose users the agency does not trust: what matters is that its keys asked.
	if _, err := s.Connect(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "keys of this server, then an agency: the agency is refused") {
		t.Errorf("got %v", err)
	}
}

// Services without tokens, without an agency, and with an answer that holds nothing.
func TestMetadataService(t *testing.T) {
	keys := `{"credential":{"access":"AK","secret":"s","securitytoken":"t","expires_at":"2099-10-20T02:01:30.257000Z"}}`
	for name, test := range map[string]struct {
		token, status int
		body          string
		want          string
	}{
		"without tokens":    {http.StatusNotFound, http.StatusOK, keys, ""},
		"token not allowed": {http.StatusMethodNotAllowed, http.StatusOK, keys, ""},
		"with tokens":       {http.StatusOK, http.StatusOK, keys, ""},
		"token refused":     {http.StatusForbidden, http.StatusOK, keys, "is this a server of the cloud, with an agency?"},
		"no agency":         {http.StatusOK, http.StatusNotFound, "404", "is this a server of the cloud, with an agency?"},
		"nothing in it":     {http.StatusOK, http.StatusOK, `{"credential":{}}`, "holds no keys"},
		"no JSON":           {http.StatusOK, http.StatusOK, `<html>s3cret`, "holds no keys"},
		"without a time": {
			http.StatusOK, http.StatusOK, `{"credential":{"access":"AK","secret":"s","securitytoken":"t"}}`, "",
		},
		"with a time of words": {
			http.StatusOK, http.StatusOK,
			`{"credential":{"access":"AK","secret":"s","securitytoken":"t","expires_at":"soon"}}`, "holds no keys",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodPut && r.Header.Get("X-Metadata-Token-Ttl-Seconds") != "":
					w.WriteHeader(test.token)
					_, _ = fmt.Fprint(w, "metadata-token\n")
				case r.URL.Path == "/openstack/latest/securitykey":
					if want := test.token == http.StatusOK; (r.Header.Get("X-Metadata-Token") == "metadata-token") != want {
						t.Errorf("sent token %q", r.Header.Get("X-Metadata-Token"))
					}
					w.WriteHeader(test.status)
					_, _ = fmt.Fprint(w, test.body)
				default:
					t.Errorf("%s %s", r.Method, r.URL)
				}
			}))
			defer server.Close()
			s := onServer(t, server.URL+"/", settings.Config{Endpoint: server.URL, ProjectID: "p1", Region: "eu-de"}, nil)
			_, err := s.Connect(t.Context())
			if (err == nil) != (test.want == "") || err != nil &&
				(!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cret")) {
				t.Errorf("got %v", err)
			}
		})
	}
}
