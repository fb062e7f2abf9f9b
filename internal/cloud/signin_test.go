package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

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

// The limit of signing in is the session's own: it must not look like the caller's.
func TestSignInLimit(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	own, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-own.Done()
	err := s.signIn(own)
	if err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no answer within 1m0s") {
		t.Errorf("got %v", err)
	}
}
