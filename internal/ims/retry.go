package ims

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
	// longestRetryAfter bounds what a server may ask for, so that a slip of its does not stop a run for hours.
	longestRetryAfter = 5 * time.Minute
	// limitPatience is how long a safe request goes on against a limit of requests: the cloud counts in windows of 5
	// minutes.
	limitPatience = 6 * time.Minute
)

// Codes that say "not now" (API reference, Error Codes). The request had no effect.
const (
	codeTasksInProgress = "IMG.0010"
	codeFlowControl     = "IMG.0060"
	codeBeingBackedUp   = "IMG.0136"
	codeBeingExported   = "IMG.0148"
	codeRateLimit       = "APIGW.0308"
)

// retry counts the tries of one call.
type retry struct {
	call  call
	clock Clock
	left  int
	tries int
	last  error

	limited time.Time // when the rate limit was first met
}

func (c *Client) newRetry(call call) *retry {
	return &retry{call: call, clock: c.clock, left: c.maxRetries}
}

// after says whether to send the call again after err, and when. A refusal for now is waited out until the context
// ends: the service says that it will pass. A rate limit is waited out for longer than its window, other passing
// failures are tried a limited number of times.
func (r *retry) after(err error) (time.Duration, bool) {
	r.last = err
	switch {
	case r.refusedForNow(err), r.overLimit(err):
	case r.mayRepeat(err) && r.left > 0:
		r.left--
	default:
		return 0, false
	}
	r.tries++
	return r.pause(err), true
}

// refusedForNow is true of an answer which says that nothing was done and that the same request will do later.
func (r *retry) refusedForNow(err error) bool {
	var answered *Error
	if !errors.As(err, &answered) {
		return false
	}
	switch answered.Code {
	case codeTasksInProgress, codeFlowControl, codeBeingBackedUp:
		return r.call.class == startsJob
	case codeBeingExported:
		return true
	}
	return r.call.class == startsJob && isRateLimit(err)
}

// overLimit is true of a rate limit that a safe request met not long ago: it passes by itself, but a read must not hang
// for hours.
func (r *retry) overLimit(err error) bool {
	if r.left == 0 || !isRateLimit(err) {
		return false
	}
	now := r.clock.Now()
	if r.limited.IsZero() {
		r.limited = now
	}
	return now.Sub(r.limited) < limitPatience
}

// mayRepeat is true where sending again cannot do a thing twice.
func (r *retry) mayRepeat(err error) bool {
	var signIn *cloud.SignInError
	if errors.As(err, &signIn) {
		return false // package cloud has tried
	}
	if NotSent(err) {
		return true
	}
	return r.call.class == safe && isPassing(err)
}

// pause is the server's Retry-After, else exponential with jitter.
func (r *retry) pause(err error) time.Duration {
	var answered *Error
	if errors.As(err, &answered) && answered.RetryAfter > 0 {
		return min(answered.RetryAfter, longestRetryAfter)
	}
	pause := min(longestPause, firstPause<<min(r.tries-1, 10))
	return pause/2 + rand.N(pause/2+1)
}

// interrupted is the context's error, told with what the service last said.
func (r *retry) interrupted(err error) error {
	if r.last == nil {
		return fmt.Errorf("%s: not sent: %w", r.call.operation, err)
	}
	return fmt.Errorf("%s: %w before try %d; the last one: %w", r.call.operation, err, r.tries+1, r.last)
}

// isPassing is true of a failure that the same request may not meet again: no answer, an overloaded or broken gateway,
// a limit of requests, a sign-in that got no clear refusal.
func isPassing(err error) bool {
	var signIn *cloud.SignInError
	if errors.As(err, &signIn) {
		return !signIn.Definite
	}
	var answered *Error
	if !errors.As(err, &answered) {
		var transport *transportError
		return errors.As(err, &transport)
	}
	switch answered.Status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return isRateLimit(err) || answered.Code == codeFlowControl
}

// isRateLimit is true when the gateway says that there were too many requests.
func isRateLimit(err error) bool {
	var answered *Error
	return errors.As(err, &answered) && (answered.Status == http.StatusTooManyRequests || answered.Code == codeRateLimit)
}

// retryAfter reads a Retry-After header: seconds or a date.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if value == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(value); err == nil {
		const most = int(24 * time.Hour / time.Second)
		return time.Duration(min(max(0, seconds), most)) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	from, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		from = now
	}
	return max(0, at.Sub(from))
}
