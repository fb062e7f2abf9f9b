package cloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

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
