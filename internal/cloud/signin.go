package cloud

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// signInRequest is one request of signing in: to the identity service or to the server's metadata service.
type signInRequest struct {
	method, url string
	// once: it cannot be repeated when its answer is lost, because it used up a one-time code.
	once bool
	// send sends it; its error is gophercloud's.
	send func(ctx context.Context) error
}

// How often a request is sent, and how long the first pause is; it doubles each time, up to the longest.
const (
	signInTries  = 5
	firstPause   = 500 * time.Millisecond
	longestPause = 10 * time.Second
)

// transient are the statuses after which the same request may be answered.
var transient = []int{
	http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
	http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// sendSignIn sends a request until it is answered, refused, or has failed too often. Its error is a *SignInError.
func (s *Session) sendSignIn(ctx context.Context, req signInRequest) error {
	for try := 1; ; try++ {
		trace := &requestTrace{}
		err := req.send(trace.attach(ctx))
		if err == nil {
			return nil
		}

		failure, wait := s.toSignInError(req, err)
		if req.once && !failure.Definite && mayHaveArrived(trace, failure) {
			failure.Reason = "the answer was lost, and the passcode may be used up"
			failure.Definite = true
		}
		if ctx.Err() != nil {
			// Not the cause itself: to a caller it would look as if its own time was over.
			failure.Reason, failure.Err = fmt.Sprintf("no answer within %s", signInLimit), nil
			return failure
		}
		if failure.Definite || try == signInTries {
			return failure
		}
		if err := s.pause(ctx, max(s.backoff(try), wait)); err != nil {
			return failure
		}
	}
}

// mayHaveArrived reports whether a request that failed may have been carried out.
func mayHaveArrived(trace *requestTrace, failure *SignInError) bool {
	turnedAway := slices.Contains([]int{http.StatusTooManyRequests, http.StatusServiceUnavailable}, failure.Status)
	return !trace.surelyNotSent() && !turnedAway
}

// backoff is how long to pause after the first, second … try.
func (s *Session) backoff(try int) time.Duration {
	backoff := min(firstPause<<(try-1), longestPause)
	return backoff + time.Duration(float64(backoff)*s.jitter()/2)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
