package ims

import (
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// ofItsType is for a wait that knows what to expect from the job's type alone.
const ofItsType = time.Duration(-1)

// TestPolls follows jobs of the durations that the API reference and users tell, and counts the looks at them.
func TestPolls(t *testing.T) {
	even := func(begin time.Time, took time.Duration) func(time.Time) float64 {
		return func(now time.Time) float64 { return math.Floor(100 * float64(now.Sub(begin)) / float64(took)) }
	}
	// Fast to 99, and then nothing for long.
	stuck := func(begin time.Time, took time.Duration) func(time.Time) float64 {
		return func(now time.Time) float64 {
			return math.Min(99, math.Floor(300*float64(now.Sub(begin))/float64(took)))
		}
	}
	jumps := func(begin time.Time, took time.Duration) func(time.Time) float64 {
		return func(now time.Time) float64 { return 25 * math.Floor(4*float64(now.Sub(begin))/float64(took)) }
	}
	slows := func(begin time.Time, took time.Duration) func(time.Time) float64 {
		return func(now time.Time) float64 { return 100 * (1 - math.Exp(-8*float64(now.Sub(begin))/float64(took))) }
	}
	tests := []struct {
		name           string
		took, expected time.Duration
		progress       func(time.Time, time.Duration) func(time.Time) float64
		polls          int
		overshoot      float64 // part of took
	}{
		{"server", 222 * time.Second, expected["server"], nil, 30, 0.10},
		{"server, progress", 222 * time.Second, expected["server"], even, 16, 0.05},
		{"server, progress stuck at 99", 222 * time.Second, expected["server"], stuck, 40, 0.10},
		{"server, progress in jumps", 222 * time.Second, expected["server"], jumps, 40, 0.10},
		{"server, progress slows down", 222 * time.Second, expected["server"], slows, 40, 0.10},
		{"server, in another run", 222 * time.Second, ofItsType, nil, 30, 0.10},
		{"file", 355 * time.Second, expected["file"], nil, 30, 0.10},
		{"file, progress", 355 * time.Second, expected["file"], even, 16, 0.05},
		{"volume", 180 * time.Second, expected["volume"], nil, 30, 0.10},
		{"volume, progress", 180 * time.Second, expected["volume"], even, 16, 0.05},
		{"copy", 131 * time.Second, 0, nil, 35, 0.10},
		{"copy, progress", 131 * time.Second, 0, even, 16, 0.05},
		{"full-ECS from a backup", 6 * time.Second, 0, nil, 6, 0.33},
		{"full-ECS from a backup, progress", 6 * time.Second, 0, even, 6, 0.33},
		{"long copy", 890 * time.Second, 0, nil, 55, 0.10},
		{"long copy, progress", 890 * time.Second, 0, even, 26, 0.05},
		{"long copy, progress stuck at 99", 890 * time.Second, 0, stuck, 55, 0.10},
		{"file, longer than expected", 890 * time.Second, expected["file"], nil, 40, 0.10},
		{"file, quicker than expected", 40 * time.Second, expected["file"], nil, 16, 0.25},
		{"file, over at once", 5 * time.Second, expected["file"], nil, 6, 0.40},
		{"cross-region full-ECS", 1762 * time.Second, 0, nil, 70, 0.10},
		{"cross-region full-ECS, progress", 1762 * time.Second, 0, even, 48, 0.05},
	}
	// The service's progress is in percent, or a fraction: each is followed on both scales.
	for _, test := range slices.Clone(tests) {
		if percent := test.progress; percent != nil {
			test.name += ", fraction"
			test.progress = func(begin time.Time, took time.Duration) func(time.Time) float64 {
				return func(now time.Time) float64 { return percent(begin, took)(now) / 100 }
			}
			tests = append(tests, test)
		}
	}
	t.Logf("%-34s %8s %8s %6s %10s", "job", "took", "expected", "polls", "overshoot")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var progress func(time.Time) float64
				if test.progress != nil {
					progress = test.progress(begin, test.took)
				}
				jobs := endsAt(begin.Add(test.took), progress)
				if test.expected == 0 { // of a kind that the client does not know
					jobs = ofType("imsOtherJob", jobs)
				}
				test.expected = max(0, test.expected)
				session := newSession(t, jobs)
				if _, err := New(
					session,
					Options{},
				).Wait(
					t.Context(),
					"make image",
					StartedJob{ID: jobID, Expected: test.expected},
				); err != nil {
					t.Fatal(err)
				}
				late := time.Since(begin) - test.took
				t.Logf(
					"%-34s %8s %8s %6d %10s",
					test.name,
					test.took,
					test.expected,
					session.count(),
					late.Round(100*time.Millisecond),
				)
				if session.count() > test.polls {
					t.Errorf("%d polls, want %d at most", session.count(), test.polls)
				}
				if limit := max(time.Duration(test.overshoot*float64(test.took)), shortestInterval+time.Second); late > limit {
					t.Errorf("%s late, want %s at most", late, limit)
				}
			})
		})
	}
}

func ofType(jobType string, jobs reaction) reaction {
	return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
		response, _ := jobs(ctx, req)
		body, err := io.ReadAll(response.Body)
		text := strings.ReplaceAll(string(body), "imsCreateImageByInstance", jobType)
		response.Body = io.NopCloser(strings.NewReader(text))
		return response, err
	}
}

// TestOvershoot is about jobs of every duration: none is noticed later than by a tenth of it or two seconds, or,
// before half of
// the time expected, by a quarter.
func TestOvershoot(t *testing.T) {
	for _, expected := range []time.Duration{
		0, 60 * time.Second, 180 * time.Second, 222 * time.Second, 355 * time.Second,
	} {
		p := pace{expected: expected}
		for elapsed := time.Duration(0); elapsed < 2*time.Hour; {
			pause := p.pause(elapsed)
			share := elapsed / 10
			if elapsed < expected/2 {
				share = elapsed / 4
			}
			if pause > max(share, 2*time.Second) || pause > longestInterval || pause < shortestInterval {
				t.Fatalf("expected %s: after %s the pause is %s", expected, elapsed, pause)
			}
			elapsed += pause
		}
	}
}

// TestProgressOutOfRange: what a job tells of its progress may be anything.
func TestProgressOutOfRange(t *testing.T) {
	for _, percent := range []float64{-1, 0, 1e-300, 0.5, 100, 101, 1e300, math.MaxFloat64} {
		p := pace{}
		for _, elapsed := range []time.Duration{0, time.Second, time.Hour, 24 * 365 * time.Hour} {
			p.heard(&Job{Entities: JobEntities{Percent: &percent}})
			p.still = false
			if pause := p.pause(elapsed); pause < shortestInterval || pause > longestInterval {
				t.Errorf("%g percent after %s: pause %s", percent, elapsed, pause)
			}
		}
	}
}

func TestBeforeDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for left, want := range map[time.Duration]time.Duration{
			time.Hour: time.Minute, time.Minute: 57 * time.Second, 4 * time.Second: time.Second, 3 * time.Second: time.Minute,
			-time.Second: time.Minute,
		} {
			ctx, stop := context.WithTimeout(t.Context(), left)
			if got := beforeDeadline(ctx, time.Minute); got != want {
				t.Errorf("with %s left the pause is %s, want %s", left, got, want)
			}
			stop()
		}
		if got := beforeDeadline(t.Context(), time.Minute); got != time.Minute {
			t.Errorf("without a deadline the pause is %s", got)
		}
	})
}
