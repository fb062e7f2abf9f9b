package ims

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

func jobBody(status string) string {
	return fmt.Sprintf(
		`{"job_id":%q,"job_type":"imsCreateImageByInstance","status":%q,"error_code":null,"fail_reason":null,"entities":{}}`,
		jobID,
		status,
	)
}

var (
	jobRuns = reply(200, jobBody("RUNNING"))
	jobEnds = reply(200, fmt.Sprintf(`{"job_id":%q,"status":"SUCCESS","entities":{"image_id":%q}}`, jobID, imageID))
)

var started = StartedJob{ID: jobID, Expected: 222 * time.Second}

func TestWait(t *testing.T) {
	failed := fmt.Sprintf(
		`{"job_id":%q,"status":"FAIL","error_code":"IMG.0057","fail_reason":"The image file is empty.","entities":{}}`,
		jobID,
	)
	failedPart := fmt.Sprintf(
		`{"job_id":%q,"status":"FAIL","error_code":null,"fail_reason":null,"entities":{"sub_jobs_result":[
		{"status":"SUCCESS","entities":{"image_id":"a"}},
		{"status":"FAIL","error_code":"IMG.0059","fail_reason":"The file is too large."}]}}`,
		jobID,
	)
	tests := map[string]struct {
		script []reaction
		polls  int
		err    string // part of the error; empty: none
	}{
		"ends": {[]reaction{jobRuns, jobRuns, jobEnds}, 3, ""},
		"not known at first": {
			[]reaction{reply(404, ``), refusal(400, "IMG.0121"), refusal(404, "IMG.0027"), jobRuns, jobEnds},
			5,
			"",
		},
		"one 429":                        {[]reaction{jobRuns, reply(429, ``), jobEnds}, 3, ""},
		"one 503":                        {[]reaction{jobRuns, reply(503, ``), jobEnds}, 3, ""},
		"one dropped connection":         {[]reaction{jobRuns, fails(errReset), jobEnds}, 3, ""},
		"one answer cut":                 {[]reaction{jobRuns, truncated(`{"status":"FA`), jobEnds}, 3, ""},
		"one not sent":                   {[]reaction{fails(errNotSent), jobEnds}, 2, ""},
		"the gateway is down for long":   {append(repeat(reply(502, ``), 40), jobEnds), 41, ""},
		"the network is down for long":   {append(repeat(fails(errReset), 40), jobEnds), 41, ""},
		"the limit is met for long":      {append(repeat(reply(429, ``), 40), jobEnds), 41, ""},
		"signing in is down for a while": {append(repeat(fails(signInError(false)), 5), jobEnds), 6, ""},
		"lower case":                     {[]reaction{reply(200, jobBody("running")), reply(200, jobBody("success"))}, 2, ""},
		"unknown status": {
			[]reaction{reply(200, jobBody("PAUSED")), reply(200, jobBody("")), reply(200, jobBody("INIT")), jobEnds},
			4,
			"",
		},
		"fails": {
			[]reaction{jobRuns, reply(200, failed)},
			2,
			"make image: The image file is empty., code IMG.0057, job id " + jobID,
		},
		"fails, lower case": {[]reaction{reply(200, strings.ReplaceAll(failed, "FAIL", "failed"))}, 1, "IMG.0057"},
		"fails, a part has the reason": {
			[]reaction{reply(200, failedPart)},
			1,
			"make image: The file is too large., code IMG.0059, job id " + jobID,
		},
		"fails without a reason": {[]reaction{reply(200, jobBody("FAIL"))}, 1, "the service gave no reason, job id " + jobID},
		"forbidden":              {[]reaction{jobRuns, reply(403, ``)}, 2, "HTTP 403"},
		"may not sign in":        {[]reaction{jobRuns, fails(signInError(true))}, 2, "the token has expired"},
		"known no more":          {[]reaction{jobRuns, reply(404, ``)}, 2, "HTTP 404"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, test.script...)
				job, err := New(session, Options{}).Wait(t.Context(), "make image", started)
				if got := session.count(); got != test.polls {
					t.Errorf("looked %d times, want %d", got, test.polls)
				}
				if test.err == "" && (err != nil || job.State() != JobSucceeded) {
					t.Errorf("got %v, %v", job, err)
				}
				if test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
					t.Errorf("got error %v, want %q", err, test.err)
				}
				for _, request := range session.requests {
					if want := "v1/" + project + "/jobs/" + jobID; request.Method != http.MethodGet || request.Path != want {
						t.Errorf("asked %s %s, want %s", request.Method, request.Path, want)
					}
				}
			})
		})
	}
}

func repeat(r reaction, times int) []reaction {
	list := make([]reaction, times)
	for i := range list {
		list[i] = r
	}
	return list
}

// TestWaitUnknownJob: a job just accepted may not be known for a moment, not for ever.
func TestWaitUnknownJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		_, err := New(newSession(t, reply(404, ``)), Options{}).Wait(t.Context(), "make image", started)
		if took := time.Since(begin); !IsNotFound(err) || took < JobUnknownFor || took > 2*JobUnknownFor {
			t.Errorf("got %v after %s", err, took)
		}
	})
}

// TestWaitIsCut: a deadline and a cancellation leave an error that says which job goes on, and how it stood.
func TestWaitIsCut(t *testing.T) {
	for name, test := range map[string]struct {
		script []reaction
		status string
		text   string
	}{
		"running":           {[]reaction{jobRuns}, "RUNNING", "job " + jobID + " was RUNNING after 50s: context"},
		"never seen":        {[]reaction{fails(errReset)}, "", "job " + jobID + " was unknown after 50s: context"},
		"seen, then broken": {[]reaction{jobRuns, fails(errReset)}, "RUNNING", "the last look failed: read job " + jobID},
		"no answer":         {[]reaction{jobRuns, hangs}, "RUNNING", "job " + jobID + " was RUNNING after 50s: context"},
	} {
		for _, cause := range []error{context.DeadlineExceeded, context.Canceled} {
			t.Run(name+", "+cause.Error(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					const after = 50 * time.Second
					ctx, stop := context.WithCancel(t.Context())
					if cause == context.DeadlineExceeded { //nolint:errorlint // the test's own value
						ctx, stop = context.WithTimeout(t.Context(), after)
					} else {
						time.AfterFunc(after, stop)
					}
					defer stop()
					begin := time.Now()
					_, err := New(newSession(t, test.script...), Options{}).Wait(ctx, "make image", started)
					var cut *WaitError
					if !errors.As(err, &cut) || !errors.Is(err, cause) || cut.JobID != jobID || cut.Status != test.status ||
						cut.After != after {
						t.Errorf("got %#v", err)
					}
					if took := time.Since(begin); took != after {
						t.Errorf("took %s", took)
					}
					if !strings.Contains(fmt.Sprint(err), test.text) || strings.Contains(fmt.Sprint(err), "\n") {
						t.Errorf("got %q, want %q", err, test.text)
					}
				})
			})
		}
	}
}

// TestWaitLooksBeforeDeadline: a job that ended between the last look and the deadline has not failed.
func TestWaitLooksBeforeDeadline(t *testing.T) {
	for _, deadline := range []time.Duration{20 * time.Second, 3 * time.Minute, 20 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			ends := time.Now().Add(deadline - lastLook - time.Second)
			ctx, stop := context.WithTimeout(t.Context(), deadline)
			defer stop()
			session := newSession(t, endsAt(ends, nil))
			if _, err := New(session, Options{}).Wait(ctx, "make image", started); err != nil {
				t.Errorf("%s: %v", deadline, err)
			}
		})
	}
}

// endsAt is a job that ends at a time; progress, if not nil, tells its percent at a time.
func endsAt(ends time.Time, progress func(time.Time) float64) reaction {
	return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
		switch now := time.Now(); {
		case !now.Before(ends):
			return jobEnds(ctx, req)
		case progress != nil:
			return reply(
				200,
				fmt.Sprintf(`{"job_id":%q,"status":"RUNNING","entities":{"process_percent":%g}}`, jobID, progress(now)),
			)(
				ctx,
				req,
			)
		default:
			return jobRuns(ctx, req)
		}
	}
}

func TestWaitGone(t *testing.T) {
	there, gone := wellRead, reply(200, `{"images":[]}`)
	for name, test := range map[string]struct {
		script []reaction
		looks  int
		fails  bool
	}{
		"at once":          {[]reaction{gone}, 1, false},
		"after some looks": {[]reaction{there, there, there, gone}, 4, false},
		"with a gone code": {[]reaction{there, refusal(400, "IMG.0027")}, 2, false},
		"marked as deleted": {
			[]reaction{there, reply(200, `{"images":[{"id":"`+imageID+`","status":"pending_delete"}]}`)}, 2, false,
		},
		"passing failures between": {[]reaction{there, reply(503, ``), fails(errReset), gone}, 4, false},
		"refused":                  {[]reaction{there, reply(403, ``)}, 3, true}, // once more, for all that is granted
		"a wrong address":          {[]reaction{reply(404, ``)}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, test.script...)
				if err := New(session, Options{}).WaitGone(t.Context(), imageID); (err != nil) != test.fails {
					t.Error(err)
				}
				if got := session.count(); got != test.looks {
					t.Errorf("looked %d times, want %d", got, test.looks)
				}
			})
		})
	}
	t.Run("deadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			err := New(newSession(t, there), Options{}).WaitGone(ctx, imageID)
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), imageID) {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestWaitActive(t *testing.T) {
	status := func(status string) reaction {
		return reply(200, `{"images":[{"id":"`+imageID+`","status":"`+status+`"}]}`)
	}
	gone := reply(200, `{"images":[]}`)
	for name, test := range map[string]struct {
		script []reaction
		looks  int
		want   string
	}{
		"at once":             {[]reaction{status("active")}, 1, "active"},
		"not listed at first": {[]reaction{gone, gone, status("saving"), status("active")}, 4, "active"},
		"queued, saving, active": {
			[]reaction{status("queued"), status("saving"), reply(503, ``), status("active")}, 4, "active",
		},
		"killed": {[]reaction{status("saving"), status("killed")}, 2, "killed"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, test.script...)
				image, err := New(session, Options{}).WaitActive(t.Context(), imageID)
				if err != nil || image.Status != test.want || session.count() != test.looks {
					t.Errorf("got %v, %v after %d looks, want %s after %d", image, err, session.count(), test.want, test.looks)
				}
			})
		})
	}
}

// TestManyWaits: forty images being made at once, the most that the service takes, leave room for the other requests.
func TestManyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const waits, perSecond = 40, 4.0
		begin := time.Now()
		jobs := endsAt(begin.Add(355*time.Second), nil)
		session := newSession(t, func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			if strings.Contains(req.Path, "/jobs/") {
				return jobs(ctx, req)
			}
			return wellRead(ctx, req)
		})
		client := New(session, Options{RequestsPerSecond: perSecond})
		var done atomic.Int32
		for range waits {
			go func() {
				if _, err := client.Wait(
					t.Context(),
					"make image",
					StartedJob{ID: jobID, Expected: 355 * time.Second},
				); err != nil {
					t.Error(err)
				}
				done.Add(1)
			}()
		}
		var slowest time.Duration
		for done.Load() < waits {
			asked := time.Now()
			if err := readImage(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			slowest = max(slowest, time.Since(asked))
			<-time.After(time.Second)
		}
		var polls []time.Time
		for _, request := range session.requests {
			if strings.Contains(request.Path, "/jobs/") {
				polls = append(polls, request.at)
			}
		}
		most := mostWithin(polls, time.Minute)
		if limit := int(60*perSecond*pollShare) + int(perSecond); most > limit {
			t.Errorf("%d polls within a minute, want %d at most", most, limit)
		}
		if slowest > 2*time.Second {
			t.Errorf("another request had to wait for %s", slowest)
		}
		if took := time.Since(begin); took > 355*time.Second*12/10 {
			t.Errorf("the last wait ended after %s", took)
		}
		t.Logf(
			"%d polls in all, %d within a minute; another request waited %s at most; all done after %s",
			len(polls),
			most,
			slowest,
			time.Since(begin),
		)
	})
}

// mostWithin is the largest number of moments within any window of the length.
func mostWithin(moments []time.Time, window time.Duration) int {
	most, first := 0, 0
	for i, at := range moments {
		for at.Sub(moments[first]) >= window {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
