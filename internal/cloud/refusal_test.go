package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

func TestDefiniteRefusalIsRemembered(t *testing.T) {
	f := newFakeCloud(t)
	f.setPassword("another")
	s := session(t, f.byPassword())
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			_, err := get(t.Context(), s)
			var refusal *SignInError
			if !errors.As(err, &refusal) || !refusal.Definite || refusal.Status != http.StatusUnauthorized ||
				refusal.RequestID != "req-1" {
				t.Errorf("got %#v", err)
			}
			if !errors.Is(err, ErrNotSent) {
				t.Error("not marked with ErrNotSent")
			}
		})
	}
	wg.Wait()
	if n := f.count(""); n != 1 {
		t.Errorf("%d requests, want 1: %v", n, f.journal)
	}
}

func TestPasswordChangedMeanwhile(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	if _, err := get(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	f.revoke()
	f.setPassword("another")
	for range 3 {
		_, err := get(t.Context(), s)
		var refusal *SignInError
		if !errors.As(err, &refusal) || !strings.Contains(err.Error(), "The username or password is wrong") ||
			!errors.Is(err, ErrNotSent) {
			t.Errorf("got %v", err)
		}
	}
	if n := f.count("POST /v3/auth/tokens"); n != 2 {
		t.Errorf("%d sign-ins, want 2", n)
	}
}

func TestTransientFailuresOfTheIdentityService(t *testing.T) {
	for name, fail := range map[string]func(w http.ResponseWriter){
		"503": func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		"500": func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		"429": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"broken":      dropConnection,
		"cut":         cutAnswer,
		"server gone": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"gateway page": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html>Bad")
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeCloud(t)
			s := session(t, f.byPassword())
			var pauses []time.Duration
			s.pause = func(_ context.Context, d time.Duration) error { pauses = append(pauses, d); return nil }
			failures := 3
			f.setBefore(func(w http.ResponseWriter, _ *http.Request) bool {
				f.mu.Lock()
				failures--
				done := failures < 0
				f.mu.Unlock()
				if !done {
					fail(w)
				}
				return !done
			})
			if _, err := get(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			if len(pauses) != 3 || pauses[0] < firstPause || pauses[2] < pauses[0] {
				t.Errorf("pauses %v", pauses)
			}
			if name == "429" && pauses[0] != 7*time.Second {
				t.Errorf("Retry-After ignored: %v", pauses)
			}
		})
	}
}

func dropConnection(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	if conn, _, err := hijacker.Hijack(); err == nil {
		_ = conn.Close()
	}
}

func cutAnswer(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "1000")
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, `{"token":`)
}

func TestPersistentFailureIsNotRemembered(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	f.setBefore(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	_, err := get(t.Context(), s)
	var failure *SignInError
	if !errors.As(err, &failure) || failure.Definite || failure.Status != http.StatusServiceUnavailable ||
		!errors.Is(err, ErrNotSent) {
		t.Fatalf("got %#v", err)
	}
	if n := f.count(""); n != signInTries {
		t.Errorf("%d tries, want %d", n, signInTries)
	}
	f.setBefore(nil)
	if _, err := get(t.Context(), s); err != nil {
		t.Error(err)
	}
}

func TestPauseEndsWithItsContext(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pause(over, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := pause(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
}

func TestCancelledSignInIsNotRemembered(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := get(over, s); !errors.Is(err, context.Canceled) || !errors.Is(err, ErrNotSent) {
		t.Errorf("got %v", err)
	}
	if n := f.count(""); n != 0 {
		t.Errorf("%d requests", n)
	}
	if _, err := get(t.Context(), s); err != nil {
		t.Error(err)
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

func TestTokenCannotBeRenewed(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byToken())
	if _, err := get(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	f.revoke()
	_, err := get(t.Context(), s)
	var failure *SignInError
	if !errors.As(err, &failure) || failure.Status != http.StatusUnauthorized || !errors.Is(err, ErrNotSent) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{
		"a token given as such cannot be renewed", "requires authentication", "token: from provider block",
		"401 Unauthorized", "req-1",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	noSecret(t, err.Error())
}

func TestTokenOfNothing(t *testing.T) {
	f := newFakeCloud(t)
	f.tokens[testToken] = ""
	for want, block := range map[string]settings.Config{
		"Give project_name or project_id": {AuthURL: f.URL, Token: testToken},
		"Give domain_name or domain_id":   {AuthURL: f.URL, Token: testToken, ProjectName: "eu-test_one"},
		"Could not find token":            {AuthURL: f.URL, Token: "unknown"},
		// The fake's words for a token that is not exchanged.
		"The username or password is wrong": {AuthURL: f.URL, Token: testToken, ProjectID: "p2"},
	} {
		if _, err := get(t.Context(), session(t, block)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestAccessKeyRefusals(t *testing.T) {
	t.Run("401 is handed on", func(t *testing.T) {
		f := newFakeCloud(t)
		block := f.byKey()
		block.SecurityToken = ""
		s := session(t, block)
		f.image = func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error_code":"APIGW.0303","error_msg":"Incorrect IAM authentication information"}`)
		}
		resp, err := s.Do(t.Context(), &Request{Method: http.MethodGet, Path: "v2/x"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), "APIGW.0303") {
			t.Errorf("got %d %s", resp.StatusCode, body)
		}
		if n := f.count("GET /v2/x"); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
	t.Run("temporary keys have perhaps expired", func(t *testing.T) {
		f := newFakeCloud(t)
		s := session(t, f.byKey())
		if _, err := get(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		refuse := func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information"}`)
			return true
		}
		f.setBefore(refuse)
		for way, at := range map[string]*Session{"a request": s, "signing in": session(t, f.byKey())} {
			_, err := get(t.Context(), at)
			var failure *SignInError
			if !errors.As(err, &failure) || failure.Code != "APIGW.0301" || !strings.Contains(err.Error(), perhapsExpired) ||
				!errors.Is(err, ErrNotSent) {
				t.Errorf("%s: got %v", way, err)
			}
		}
	})
	t.Run("clock skew, of a request", func(t *testing.T) {
		f := newFakeCloud(t)
		s := session(t, f.byKey())
		if _, err := s.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.now = func() time.Time { return time.Now().Add(-20 * time.Minute) }
		f.image = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
		_, err := get(t.Context(), s)
		var failure *SignInError
		if !errors.As(err, &failure) || failure.Advice != skewAdvice ||
			!strings.Contains(err.Error(), "clock is 20 minutes behind the cloud's") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("clock skew, of signing in", func(t *testing.T) {
		f := newFakeCloud(t)
		s := session(t, f.byKey())
		s.now = func() time.Time { return time.Now().Add(time.Hour) }
		f.setBefore(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusForbidden); return true })
		_, err := get(t.Context(), s)
		var failure *SignInError
		if !errors.As(err, &failure) || failure.Advice != skewAdvice ||
			!strings.Contains(err.Error(), "ahead of the cloud's") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no such project", func(t *testing.T) {
		f := newFakeCloud(t)
		block := f.byKey()
		block.ProjectName = "nowhere"
		if _, err := get(t.Context(), session(t, block)); err == nil ||
			!strings.Contains(err.Error(), `no project called "nowhere"`) {
			t.Errorf("got %v", err)
		}
	})
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
