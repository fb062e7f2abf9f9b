package cloud

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// A secret is found in whatever form a service repeats it, also where only a part of the answer is shown.
func TestRedact(t *testing.T) {
	const hard = `p&s "w<r'd/é+%20` + "\n"
	s := session(t, settings.Config{
		AuthURL: "https://iam.example.com", UserName: "jane", Password: hard, DomainName: "acme", ProjectName: "p",
		Passcode: testPasscode,
	})
	s.addSecrets(settings.NewSecret("sent"), settings.NewSecret("sent-longer"), settings.NewSecret(""))
	once, err := json.Marshal(hard)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := json.Marshal(string(once))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"as it is": hard, "in JSON": string(once), "in JSON within JSON": string(twice), "in a query": url.QueryEscape(hard),
		"in a path": url.PathEscape(hard), "as we escape": escape(hard),
		"in JSON without care for HTML": `"p&s \"w<r'd/é+%20\n"`,
	} {
		got := s.redact("before " + text + " after " + testPasscode)
		if !strings.HasPrefix(got, "before ") || !strings.Contains(got, redacted) ||
			!strings.HasSuffix(got, " after "+redacted) || strings.Contains(got, "w<r") ||
			strings.Contains(got, "w%3Cr") || strings.Contains(got, "r'd") || strings.Contains(got, "p&s") {
			t.Errorf("%s: %s became %s", name, text, got)
		}
	}
	if got := s.redact("sent sent-longer"); got != redacted+" "+redacted {
		t.Errorf("got %s", got)
	}
}

// What is cut from a long refusal must not cut a secret in two.
func TestRedactBeforeCutting(t *testing.T) {
	f := newFakeCloud(t)
	f.setBefore(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, strings.Repeat("x", 200-len(testPassword)/2)+testPassword)
		return true
	})
	_, err := session(t, f.byPassword()).Connect(t.Context())
	if err == nil || strings.Contains(err.Error(), testPassword[:4]) {
		t.Errorf("got %v", err)
	}
}

// The image service, too, may repeat what it was sent: the refusal that the caller reads holds no secret, neither the
// first nor the one after the token was renewed.
func TestRefusalsOfTheImageServiceAreRedacted(t *testing.T) {
	for way, block := range map[string]func(*fakeCloud) settings.Config{
		"password": (*fakeCloud).byPassword, "token": (*fakeCloud).byToken, "access key": (*fakeCloud).byKey,
	} {
		for _, status := range []int{
			http.StatusFound, http.StatusBadRequest, http.StatusForbidden, http.StatusServiceUnavailable,
		} {
			t.Run(fmt.Sprintf("%s, %d", way, status), func(t *testing.T) {
				f := newFakeCloud(t)
				s := session(t, block(f))
				f.image = func(w http.ResponseWriter, r *http.Request) {
					w.WriteHeader(status)
					_, _ = fmt.Fprintf(w, `{"error":{"code":"IMG.0001","message":"%s%s"}}`, r.Header.Get("X-Auth-Token"),
						r.Header.Get("X-Security-Token"))
				}
				for _, renewed := range []bool{false, true} {
					if way == "password" && renewed {
						f.revoke()
					}
					resp, err := s.Do(t.Context(), &Request{Method: http.MethodGet, Path: "v2/x"})
					if err != nil {
						t.Fatal(err)
					}
					body, err := io.ReadAll(resp.Body)
					_ = resp.Body.Close()
					if err != nil || resp.StatusCode != status || !strings.Contains(string(body), redacted) ||
						strings.Contains(string(body), "made-") {
						t.Errorf("got %d %s, %v", resp.StatusCode, body, err)
					}
					noSecret(t, string(body))
				}
			})
		}
	}
}

// A gateway that refuses a signature repeats the request in its message.
func TestServerWordsAreRedacted(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byKey())
	f.setBefore(func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w,
			`{"error_code":"APIGW.0303","error_msg":"verify failed: x-security-token:`+r.Header.Get("X-Security-Token")+`"}`)
		return true
	})
	_, err := get(t.Context(), s)
	if err == nil || !strings.Contains(err.Error(), "verify failed: x-security-token:(hidden)") ||
		!strings.Contains(err.Error(), "Error code: APIGW.0303") {
		t.Errorf("got %v", err)
	}
	noSecret(t, err.Error())
}
