package ims

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// lateImage is an image that lists leave out until a time, while the native read knows it. native says what that read
// answers.
func lateImage(appears time.Time, native reaction) reaction {
	return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
		switch {
		case strings.HasPrefix(req.Path, "v2/images/"):
			return native(ctx, req)
		case time.Now().Before(appears):
			return reply(200, listed())(ctx, req)
		default:
			return reply(200, listed(activeImage(imageID)))(ctx, req)
		}
	}
}

// TestRequestsOfWaits holds each wait to a number of requests, for things that come soon, late and very late.
func TestRequestsOfWaits(t *testing.T) {
	known := reply(200, `{"id":"`+imageID+`","status":"active"}`)
	changes := func(at time.Time, before, after reaction) reaction {
		return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			if time.Now().Before(at) {
				return before(ctx, req)
			}
			return after(ctx, req)
		}
	}
	active := func(ctx context.Context, c *Client) error { _, err := c.WaitActive(ctx, imageID); return err }
	job := func(ctx context.Context, c *Client) error { _, err := c.Wait(ctx, "make image", started); return err }
	gone := func(ctx context.Context, c *Client) error { return c.WaitGone(ctx, imageID) }
	lost := func(ctx context.Context, c *Client) error { _, err := c.FindCreated(ctx, lostRequest()); return err }
	members := func(ctx context.Context, c *Client) error {
		_, err := c.MembersAfter(ctx, imageID, Recipients(MemberProject, "p"), nil)
		return err
	}
	for name, test := range map[string]struct {
		wait     func(context.Context, *Client) error
		service  func(at time.Time) reaction
		after    time.Duration
		requests int
		late     time.Duration // how much later than after the wait may end
	}{
		"image listed at once": {active, func(at time.Time) reaction { return lateImage(at, known) }, 0, 1, 0},
		"image listed 5 s late": {
			active, func(at time.Time) reaction { return lateImage(at, known) }, 5 * time.Second, 6, 2 * time.Second,
		},
		"image listed 5 minutes late": {
			active, func(at time.Time) reaction { return lateImage(at, known) }, 5 * time.Minute, 45, 30 * time.Second,
		},
		"image listed 30 minutes late": {
			active, func(at time.Time) reaction { return lateImage(at, known) }, 30 * time.Minute, 75, time.Minute,
		},
		"image listed 4 minutes late, no native read": {
			active, func(at time.Time) reaction { return lateImage(at, refusal(404, CodeNoAPI)) }, 4 * time.Minute, 45,
			30 * time.Second,
		},
		"job of 222 s": {
			job, func(at time.Time) reaction { return endsAt(at, nil) }, 222 * time.Second, 30, 23 * time.Second,
		},
		"image deleted 60 s late": {
			gone, func(at time.Time) reaction { return changes(at, wellRead, reply(200, listed())) }, time.Minute, 27,
			6 * time.Second,
		},
		"lost answer, image after 90 s": {
			lost, func(at time.Time) reaction { return changes(at, reply(200, listed()), reply(200, listed(fitted("i")))) },
			90 * time.Second, 31, 9 * time.Second,
		},
		"members 10 s late": {
			members, func(at time.Time) reaction { return changes(at, sharedWith("pending"), sharedWith("pending", "p")) },
			10 * time.Second, 9, 2 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				session := newSession(t, test.service(begin.Add(test.after)))
				if err := test.wait(t.Context(), New(session, Options{})); err != nil {
					t.Error(err)
				}
				took := time.Since(begin)
				if got := session.count(); got > test.requests || took < test.after || took > test.after+test.late {
					t.Errorf("%d requests in %s, want %d at most, and %s more than %s at most",
						got, took, test.requests, test.late, test.after)
				}
				t.Logf("%d requests in %s", session.count(), took)
			})
		})
	}
}

// TestSightGone holds what is said of an image that no list shows: gone only when the native read says so, or for want
// of one after some minutes.
func TestSightGone(t *testing.T) {
	missing := refusal(404, "IMG.0027")
	for name, test := range map[string]struct {
		native      reaction
		after, late time.Duration
		want        string
	}{
		"not known natively": {missing, firstProof, 10 * time.Second, ErrNotFound.Error()},
		"deleted natively": {
			reply(200, `{"id":"`+imageID+`","status":"deleted"}`), firstProof, 10 * time.Second, "deleted",
		},
		"no native read":      {refusal(404, CodeNoAPI), absentFor, 9 * time.Minute, ErrNotFound.Error()},
		"native read refused": {reply(403, ``), firstProof, 10 * time.Second, "HTTP 403"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				session := newSession(t, lateImage(begin.Add(24*time.Hour), test.native))
				image, err := New(session, Options{}).WaitActive(t.Context(), imageID)
				took := time.Since(begin)
				isGone := IsNotFound(err)
				if image != nil || err == nil || isGone == (test.want == "HTTP 403") ||
					!strings.Contains(err.Error(), test.want) && !isGone {
					t.Errorf("got %v, %v", image, err)
				}
				if took < test.after || took > test.after+test.late {
					t.Errorf("took %s, want %s and %s more at most", took, test.after, test.late)
				}
			})
		})
	}
}

// TestImageGone holds the one place that says that an image is gone.
func TestImageGone(t *testing.T) {
	never := time.Now().Add(24 * time.Hour)
	for name, test := range map[string]struct {
		native reaction
		gone   bool
		status string
	}{
		"known natively":      {reply(200, `{"id":"`+imageID+`","status":"saving"}`), false, "saving"},
		"not known natively":  {reply(404, ``), true, ""},
		"deleted natively":    {reply(200, `{"id":"`+imageID+`","status":"pending_delete"}`), true, ""},
		"no native read":      {refusal(404, CodeNoAPI), true, ""},
		"native read refused": {reply(403, ``), false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			image, err := New(newSession(t, lateImage(never, test.native)), Options{}).Image(t.Context(), imageID)
			if IsNotFound(err) != test.gone || (image != nil) != (test.status != "") ||
				image != nil && image.Status != test.status {
				t.Errorf("got %v, %v", image, err)
			}
		})
	}
}

// TestPollsGiveWay: every look after the first stands behind other calls, whatever is looked at.
func TestPollsGiveWay(t *testing.T) {
	var first, later bool
	looks := 0
	client := New(newSession(t, wellRead), Options{Clock: &steppingClock{}})
	err := client.Poll(t.Context(), Polling{For: "something"}, func(ctx context.Context) (Look, error) {
		looks++
		if looks == 1 {
			first = givesWay(ctx)
		} else {
			later = givesWay(ctx)
		}
		return Look{Done: looks == 3}, nil
	})
	if err != nil || first || !later {
		t.Errorf("the first look gives way: %t, later ones: %t, %v", first, later, err)
	}
}

// TestPollLimit: the end of the limit is no failure of the service, and what failed last is not lost.
func TestPollLimit(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		passes bool
	}{"nothing": {nil, false}, "a failure in passing": {&Error{Status: 503, Message: "busy"}, true}} {
		t.Run(name, func(t *testing.T) {
			clock := &steppingClock{}
			client := New(newSession(t, wellRead), Options{Clock: clock})
			err := client.Poll(t.Context(), Polling{For: "x", Limit: time.Minute}, func(context.Context) (Look, error) {
				return Look{}, test.err
			})
			if !errors.Is(err, ErrNotYet) || isPassing(err) != test.passes || clock.Now().Sub(time.Time{}) != time.Minute {
				t.Errorf("got %v after %s", err, clock.Now().Sub(time.Time{}))
			}
		})
	}
}
