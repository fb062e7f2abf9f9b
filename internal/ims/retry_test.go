package ims

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// The request of each class: its reaction when all is well, and how it is sent.
var (
	wellRead  = reply(200, listed(activeImage(imageID)))
	wellBegun = reply(200, `{"job_id":"`+jobID+`"}`)
)

func readImage(ctx context.Context, c *Client) error {
	_, err := c.Image(ctx, imageID)
	return err
}

func startJob(ctx context.Context, c *Client) error {
	_, err := c.CreateSystemImage(ctx, &SystemImageRequest{Name: "a", InstanceID: "b"})
	return err
}

// TestRetryMatrix lets the first request of each class meet each kind of failure and the second one succeed.
func TestRetryMatrix(t *testing.T) {
	tests := map[string]struct {
		first    reaction
		read     int  // how many requests a safe call takes
		start    int  // and one that starts a job
		lost     bool // whether the latter may have been accepted
		notFound bool // whether the former says that the image is gone
	}{
		"200":              {first: nil, read: 1, start: 1},
		"200 with garbage": {first: reply(200, `<html>`), read: 1, start: 1, lost: true},
		"200 with nothing": {first: reply(200, ``), read: 1, start: 1, lost: true},
		"200 with another object": {
			first: reply(200, `{"images":"none","job_id":" "}`), read: 1, start: 1, lost: true,
		},
		"200 with null":                          {first: reply(200, `null`), read: 1, start: 1, lost: true},
		"302":                                    {first: reply(302, ``), read: 1, start: 1},
		"400 with IMG.0001":                      {first: refusal(400, "IMG.0001"), read: 1, start: 1},
		"400 with IMG.0015, quota":               {first: refusal(400, "IMG.0015"), read: 1, start: 1},
		"400 with IMG.0027, gone":                {first: refusal(400, "IMG.0027"), read: 1, start: 1, notFound: true},
		"400 with IMG.0010, server is busy":      {first: refusal(400, "IMG.0010"), read: 1, start: 2},
		"400 with IMG.0136, server is backed up": {first: refusal(400, "IMG.0136"), read: 1, start: 2},
		"400 with IMG.0060, flow control":        {first: refusal(400, "IMG.0060"), read: 2, start: 2},
		"400 with IMG.0148, image is exported":   {first: refusal(400, "IMG.0148"), read: 2, start: 2},
		"400 with APIGW.0308, rate limit":        {first: refusal(400, "APIGW.0308"), read: 2, start: 2},
		"429 with APIGW.0308":                    {first: refusal(429, "APIGW.0308"), read: 2, start: 2},
		"429 with text":                          {first: reply(429, `slow down`), read: 2, start: 2},
		"401":                                    {first: reply(401, ``), read: 1, start: 1},
		"403": {
			first: reply(403, ``), read: 2, start: 1,
		}, // the read asks for the projects granted
		"404":                                    {first: reply(404, ``), read: 1, start: 1},
		"404 with APIGW.0101, no such operation": {first: refusal(404, "APIGW.0101"), read: 1, start: 1},
		"409":                                    {first: reply(409, ``), read: 1, start: 1},
		"500 of a gateway":                       {first: reply(500, `oops`), read: 2, start: 1, lost: true},
		"500 with APIGW.0201":                    {first: refusal(500, "APIGW.0201"), read: 2, start: 1, lost: true},
		"500 of the service":                     {first: refusal(500, "IMG.0061"), read: 2, start: 1},
		"501":                                    {first: reply(501, ``), read: 1, start: 1, lost: true},
		"502":                                    {first: reply(502, `<h1>Bad Gateway</h1>`), read: 2, start: 1, lost: true},
		"503":                                    {first: reply(503, ``), read: 2, start: 1, lost: true},
		"504":                                    {first: reply(504, ``), read: 2, start: 1, lost: true},
		"a broken connection":                    {first: fails(errReset), read: 2, start: 1, lost: true},
		"a connection broken within the answer":  {first: truncated(`{"job_id":"8a1`), read: 2, start: 1, lost: true},
		"no answer within the request's limit":   {first: hangs, read: 2, start: 1, lost: true},
		"not sent":                               {first: fails(errNotSent), read: 2, start: 2},
		"a definite refusal to sign in":          {first: fails(signInError(true)), read: 1, start: 1},
		"a sign-in that got no answer, once more": {first: fails(signInError(false)), read: 1, start: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, class := range []struct {
				name  string
				well  reaction
				send  func(context.Context, *Client) error
				tries int
			}{{"safe", wellRead, readImage, test.read}, {"starts a job", wellBegun, startJob, test.start}} {
				synctest.Test(t, func(t *testing.T) {
					script := []reaction{class.well}
					if test.first != nil {
						script = []reaction{test.first, class.well}
					}
					session := newSession(t, script...)
					err := class.send(t.Context(), New(session, Options{}))
					sent := slices.DeleteFunc(session.requests, func(r sent) bool { return strings.HasSuffix(r.Path, "/quota") })
					if len(sent) != class.tries {
						t.Errorf("%s: sent %d times, want %d", class.name, len(sent), class.tries)
					}
					if ok := test.first == nil || class.tries > 1; ok != (err == nil) {
						t.Errorf("%s: got error %v", class.name, err)
					}
					if class.name == "safe" {
						if got := IsNotFound(err); got != test.notFound {
							t.Errorf("IsNotFound(%v) is %t", err, got)
						}
					} else if got := AnswerLost(err); got != test.lost {
						t.Errorf("AnswerLost(%v) is %t", err, got)
					}
				})
			}
		})
	}
}

func signInError(definite bool) error {
	return errors.Join(
		cloud.ErrNotSent, &cloud.SignInError{Way: "token", Reason: "the token has expired", Definite: definite},
	)
}

func TestRetriesAreLimited(t *testing.T) {
	tests := map[string]struct {
		retries int
		send    func(context.Context, *Client) error
		always  reaction
		want    int
	}{
		"by default":                {0, readImage, reply(503, ``), 1 + DefaultMaxRetries},
		"as said":                   {2, readImage, reply(503, ``), 3},
		"never":                     {-1, readImage, reply(503, ``), 1},
		"never, rate limit":         {-1, readImage, reply(429, ``), 1},
		"broken connections":        {1, readImage, fails(errReset), 2},
		"a job's request, not sent": {3, startJob, fails(errNotSent), 4},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, test.always)
				begin := time.Now()
				err := test.send(t.Context(), New(session, Options{MaxRetries: test.retries}))
				if err == nil || session.count() != test.want {
					t.Errorf("sent %d times, want %d; error %v", session.count(), test.want, err)
				}
				for i, pause := range session.pauses() {
					if limit := firstPause << i; pause < limit/2 || pause > limit {
						t.Errorf("pause %d was %s, want %s to %s", i, pause, limit/2, limit)
					}
				}
				if took := time.Since(begin); took > time.Minute {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

// TestRateLimitIsWaitedOut: the cloud counts in windows of five minutes. A read outlasts one, and does not go on for
// ever; a request that starts a job goes on until its context ends.
func TestRateLimitIsWaitedOut(t *testing.T) {
	limited := reply(429, ``)
	t.Run("a window passes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			opens := time.Now().Add(5 * time.Minute)
			session := newSession(t, func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
				if time.Now().Before(opens) {
					return limited(ctx, req)
				}
				return wellRead(ctx, req)
			})
			if err := readImage(t.Context(), New(session, Options{})); err != nil {
				t.Error(err)
			}
			if session.count() > 30 {
				t.Errorf("sent %d times", session.count())
			}
		})
	})
	t.Run("a read gives up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			err := readImage(t.Context(), New(newSession(t, limited), Options{}))
			if took := time.Since(begin); !isRateLimit(err) || took < limitPatience || took > limitPatience+10*longestPause {
				t.Errorf("got %v after %s", err, took)
			}
		})
	})
	t.Run("a job's request goes on", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), time.Hour)
			defer stop()
			err := startJob(ctx, New(newSession(t, limited), Options{}))
			if !errors.Is(err, context.DeadlineExceeded) || !isRateLimit(err) || AnswerLost(err) {
				t.Errorf("got %v, want the deadline with the last refusal", err)
			}
		})
	})
}

func TestRetryAfter(t *testing.T) {
	const date = "Mon, 02 Jan 2006 15:04:05 GMT"
	tests := map[string]struct {
		headers []string
		want    time.Duration
	}{
		"seconds":              {[]string{"Retry-After", "7"}, 7 * time.Second},
		"date, server's clock": {[]string{"Retry-After", "Mon, 02 Jan 2006 15:04:14 GMT", "Date", date}, 9 * time.Second},
		"date, no other clock": {[]string{"Retry-After", "Sat, 01 Jan 2000 00:00:11 GMT"}, 11 * time.Second},
		"longer than sensible": {[]string{"Retry-After", "86400"}, longestRetryAfter},
		"beyond what fits":     {[]string{"Retry-After", "9223372036854775807"}, longestRetryAfter},
		"beyond every number":  {[]string{"Retry-After", "99999999999999999999"}, 0},
		"in the past":          {[]string{"Retry-After", "Mon, 02 Jan 2006 15:04:01 GMT", "Date", date}, 0},
		"negative":             {[]string{"Retry-After", "-3"}, 0}, "zero": {[]string{"Retry-After", "0"}, 0},
		"garbage": {[]string{"Retry-After", "soon"}, 0}, "absent": {nil, 0},
		"date, and a wrong one": {
			[]string{"Retry-After", "Sat, 01 Jan 2000 00:00:11 GMT", "Date", "today"}, 11 * time.Second,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, status := range []int{429, 503} {
				synctest.Test(t, func(t *testing.T) {
					session := newSession(t, reply(status, ``, test.headers...), wellRead)
					if err := readImage(t.Context(), New(session, Options{})); err != nil {
						t.Fatal(err)
					}
					pause := session.pauses()[0]
					if test.want > 0 && pause != test.want || test.want == 0 && (pause < firstPause/2 || pause > firstPause) {
						t.Errorf("HTTP %d: pause was %s, want %s", status, pause, test.want)
					}
				})
			}
		})
	}
}

// TestRetryAfterGoesByTheClock: where an answer does not tell its own time, a date is compared with the client's.
func TestRetryAfterGoesByTheClock(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	header := http.Header{"Retry-After": {now.Add(4 * time.Second).Format(http.TimeFormat)}}
	if got := retryAfter(header, now); got != 4*time.Second {
		t.Errorf("got %s", got)
	}
}

// TestCancelBetweenTries: a cancellation ends the pause at once, and the error tells what the service last said.
func TestCancelBetweenTries(t *testing.T) {
	for name, test := range map[string]struct {
		send  func(context.Context, *Client) error
		first reaction
	}{
		"read": {
			readImage, reply(503, `{"error":{"code":"IMG.0014","message":"later"}}`, "Retry-After", "100"),
		},
		"job's request":      {startJob, refusal(400, "IMG.0010", "Retry-After", "100")},
		"job's request, 429": {startJob, reply(429, ``, "Retry-After", "100")},
		"not sent":           {startJob, fails(errNotSent)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, test.first)
				ctx, cancel := context.WithCancel(t.Context())
				const after = 100 * time.Millisecond
				time.AfterFunc(after, cancel)
				begin := time.Now()
				err := test.send(ctx, New(session, Options{}))
				if took := time.Since(begin); !errors.Is(err, context.Canceled) || took != after || session.count() != 1 {
					t.Errorf("got %v after %s and %d requests", err, took, session.count())
				}
				if AnswerLost(err) {
					t.Errorf("AnswerLost(%v): the service surely did nothing", err)
				}
				if !strings.Contains(err.Error(), "before try 2") {
					t.Errorf("got %v", err)
				}
			})
		})
	}
	t.Run("before the first", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		session := newSession(t, wellBegun)
		if err := startJob(ctx, New(session, Options{})); !errors.Is(err, context.Canceled) || AnswerLost(err) ||
			session.count() != 0 {
			t.Errorf("got %v after %d requests", err, session.count())
		}
	})
}

// TestCancelDuringRequest: the request that starts a job does not hear a cancellation, so that its answer is not lost.
// A read ends at once.
func TestCancelDuringRequest(t *testing.T) {
	slow := func(well reaction) reaction {
		return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			select {
			case <-time.After(10 * time.Second):
				return well(ctx, req)
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
	t.Run("starts a job", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			started, err := New(
				newSession(t, slow(wellBegun)), Options{},
			).CreateSystemImage(ctx, &SystemImageRequest{Name: "a", VolumeID: "b"})
			if err != nil || started.ID != jobID || ctx.Err() == nil {
				t.Errorf("got %v, %v, want the job's id", started, err)
			}
		})
	})
	t.Run("safe", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			begin := time.Now()
			err := readImage(ctx, New(newSession(t, slow(wellRead)), Options{}))
			if !errors.Is(err, context.Canceled) || time.Since(begin) != time.Second {
				t.Errorf("got %v after %s", err, time.Since(begin))
			}
		})
	})
}

// TestRequestLimit: a request without an answer ends after its limit, however long the caller's context lasts.
func TestRequestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		err := startJob(t.Context(), New(newSession(t, hangs), Options{}))
		if took := time.Since(begin); took != requestLimit || !AnswerLost(err) {
			t.Errorf("got %v after %s", err, took)
		}
	})
}

// TestClockIsGiven: what the client waits for goes by the clock of its options alone.
func TestClockIsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &steppingClock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
		session := newSession(t, reply(503, ``, "Retry-After", "60"), wellRead)

		begin := time.Now()
		if err := readImage(t.Context(), New(session, Options{Clock: clock})); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]time.Duration{time.Minute}, clock.slept); diff != "" {
			t.Error(diff)
		}
		if took := time.Since(begin); took > 0 {
			t.Errorf("took %s of the wall clock", took)
		}
	})
}
