package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

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
			var arrived atomic.Int32
			all := make(chan struct{})
			f.setBefore(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Header.Get("X-Auth-Token") != "made-1" {
					return false
				}
				if arrived.Add(1) == callers {
					close(all)
				}
				select {
				case <-all:
				case <-r.Context().Done():
				}
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
