package cloud

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestClockSkew: a refused signature is about this machine's clock if that is far from the cloud's.
func TestClockSkew(t *testing.T) {
	cloudTime := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		ahead time.Duration
		want  string // in the error; "": it is not about the clock
	}{
		"behind":    {-20 * time.Minute, "this machine's clock is 20 minutes behind the cloud's"},
		"ahead":     {time.Hour, "this machine's clock is 60 minutes ahead of the cloud's"},
		"as good":   {skewLimit - time.Second, ""},
		"at limit":  {skewLimit, "clock is 14 minutes ahead"},
		"a bit off": {-time.Minute, ""},
	} {
		for step, path := range map[string]string{"a request": "/v2/", "signing in": "/v3/"} {
			t.Run(name+", "+step, func(t *testing.T) {
				f := newFakeCloud(t)
				s := session(t, f.byKey())
				s.now = func() time.Time { return cloudTime.Add(test.ahead) }
				f.setBefore(func(w http.ResponseWriter, r *http.Request) bool {
					if !strings.HasPrefix(r.URL.Path, path) {
						return false
					}
					w.Header().Set("Date", cloudTime.Format(http.TimeFormat))
					w.WriteHeader(http.StatusUnauthorized)
					return true
				})

				_, err := get(t.Context(), s)
				var failure *SignInError
				if !errors.As(err, &failure) || !errors.Is(err, ErrNotSent) {
					t.Fatalf("got %v", err)
				}
				aboutClock := failure.Advice == skewAdvice
				if aboutClock != (test.want != "") || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// TestNoClockSkew: without a signature, or without a refusal, the clock does not matter.
func TestNoClockSkew(t *testing.T) {
	f := newFakeCloud(t)
	header := http.Header{"Date": {"Sun, 01 Mar 2026 12:00:00 GMT"}}
	for name, test := range map[string]struct {
		session *Session
		status  int
		header  http.Header
	}{
		"a token":     {session(t, f.byPassword()), http.StatusUnauthorized, header},
		"no refusal":  {session(t, f.byKey()), http.StatusBadRequest, header},
		"no date":     {session(t, f.byKey()), http.StatusForbidden, http.Header{}},
		"not a date":  {session(t, f.byKey()), http.StatusForbidden, http.Header{"Date": {"now"}}},
		"a signature": {session(t, f.byKey()), http.StatusForbidden, header},
	} {
		test.session.now = func() time.Time { return time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) }
		skew, ok := test.session.clockSkew(test.status, test.header)
		if want := name == "a signature"; ok != want || want && skew != 12*time.Hour {
			t.Errorf("%s: got %s, %t", name, skew, ok)
		}
	}
}
