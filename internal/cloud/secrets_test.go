package cloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

// dump prints a value in every way that one may print it.
func dump(t *testing.T, val any) string {
	t.Helper()
	var b bytes.Buffer
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		_, _ = fmt.Fprintf(&b, format+"\n", val)
	}
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", val)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", val)
	if text, err := json.Marshal(val); err == nil {
		b.Write(text)
	}
	return b.String()
}

func TestNothingPrintsASecret(t *testing.T) {
	f := newFakeCloud(t)
	blocks := map[string]settings.Config{"password": f.byPassword(), "token": f.byToken(), "access key": f.byKey()}
	withPasscode := f.byPassword()
	withPasscode.Passcode = testPasscode
	blocks["passcode"] = withPasscode
	for name, block := range blocks {
		t.Run(name, func(t *testing.T) {
			noSecret(t, dump(t, block))
			noSecret(t, dump(t, &block))
			s := session(t, block)
			noSecret(t, dump(t, s.settings))
			noSecret(t, dump(t, *s.settings))
			noSecret(t, dump(t, struct{ s settings.Settings }{*s.settings}))
			// Before anything runs: what holds a session is printed with all that works in it.
			noSecret(t, dump(t, s.In("eu-else", "")))
			noSecret(t, dump(t, s.In("eu-else", "").credential))
			noSecret(t, dump(t, s.credential))
			var logged bytes.Buffer
			ctx := tflogtest.RootLogger(t.Context(), &logged)
			if _, err := s.Connect(ctx); err != nil {
				t.Fatal(err)
			}
			noSecret(t, dump(t, s))
			noSecret(t, dump(t, s.state))
			noSecret(t, dump(t, &passwordOptions{set: s.settings}))
			noSecret(t, dump(t, &signingTransport{secretKey: settings.NewSecret(testSecretKey)}))
			noSecret(t, logged.String())
			if !strings.Contains(logged.String(), "Signed in") || !strings.Contains(logged.String(), "provider block") {
				t.Errorf("logged %s", logged.String())
			}
			if strings.Contains(dump(t, s)+logged.String(), "made-1") {
				t.Error("a token shows")
			}
		})
	}
}

// A secret is found in whatever form a service repeats it, also where only a part of the answer is shown.
func TestRedact(t *testing.T) {
	const hard = `p&s "w<r'd/é+%20` + "\n"
	s := session(t, settings.Config{
		AuthURL: "https://iam.example.com", UserName: "jane", Password: hard, DomainName: "acme", ProjectName: "p",
		Passcode: testPasscode,
	})
	s.addSecrets(settings.NewSecret("told"), settings.NewSecret("told-longer"), settings.NewSecret(""))
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
	if got := s.redact("told told-longer"); got != redacted+" "+redacted {
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

func TestNoErrorTellsASecret(t *testing.T) {
	for name, fail := range map[string]func(w http.ResponseWriter, r *http.Request, body string){
		"repeats what it was sent": func(w http.ResponseWriter, r *http.Request, body string) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, "%s %v", body, r.Header)
		},
		"repeats it as JSON": func(w http.ResponseWriter, r *http.Request, body string) {
			w.WriteHeader(http.StatusForbidden)
			text, _ := json.Marshal(map[string]any{
				"error": map[string]any{"message": body + fmt.Sprint(r.Header), "code": "IAM.1"},
			})
			_, _ = w.Write(text)
		},
		"leaves": func(w http.ResponseWriter, _ *http.Request, _ string) { dropConnection(w) },
		"is no such thing": func(w http.ResponseWriter, _ *http.Request, body string) {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, body[:len(body)/2])
		},
		"redirects": func(w http.ResponseWriter, _ *http.Request, body string) {
			w.Header().Set("Location", "/?"+body)
			w.WriteHeader(http.StatusMovedPermanently)
		},
	} {
		f := newFakeCloud(t)
		for way, block := range map[string]settings.Config{
			"password": f.byPassword(), "token": f.byToken(), "access key": f.byKey(),
		} {
			t.Run(name+" with "+way, func(t *testing.T) {
				f.setBefore(func(w http.ResponseWriter, r *http.Request) bool {
					body, _ := io.ReadAll(r.Body)
					fail(w, r, string(body))
					return true
				})
				var logged bytes.Buffer
				_, err := session(t, block).Connect(tflogtest.RootLogger(t.Context(), &logged))
				if err == nil {
					t.Fatal("no error")
				}
				noSecret(t, dump(t, err))
				for cause := err; cause != nil; {
					noSecret(t, dump(t, cause))
					switch wrapping := cause.(type) { //nolint:errorlint // one layer at a time
					case interface{ Unwrap() error }:
						cause = wrapping.Unwrap()
					case interface{ Unwrap() []error }:
						cause = wrapping.Unwrap()[1]
					default:
						cause = nil
					}
				}
				noSecret(t, logged.String())
			})
		}
	}
}
