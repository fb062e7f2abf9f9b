package cloud

import (
	"context"
	"time"
)

// Keys are renewed so long before they expire, and at most so often.
const (
	renewalLead  = 10 * time.Minute
	renewalPause = time.Minute
)

// renewalIsDue reports whether it is time to renew what has not been refused. The caller holds the lock.
func (s *Session) renewalIsDue(state *signedIn) bool {
	now := s.now()
	switch {
	case state.expires.IsZero() || now.Before(state.expires.Add(-renewalLead)):
		return false
	case now.Before(state.expires):
		return !now.Before(s.nextRenewal)
	default:
		return true
	}
}

// renew returns a sign-in other than the dead one: one that another caller has made meanwhile, or a new one. All who
// call it while one is under way share it. It belongs to none of them: it goes on when a caller leaves, and each
// leaves as soon as its own context ends. gophercloud's own re-authentication runs on the context of the caller that
// came first, and fails everybody with it; so ReauthFunc is not set.
func (s *Session) renew(ctx context.Context, dead *signedIn) (*signedIn, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, notSentError{err}
		}
		if state, err := s.settled(dead); state != nil || err != nil {
			return state, err
		}

		done := s.flight.DoChan("sign in", func() (any, error) {
			if state, err := s.settled(dead); state != nil || err != nil {
				return nil, err
			}
			own, cancel := context.WithTimeout(context.WithoutCancel(ctx), signInLimit)
			defer cancel()
			return nil, s.signIn(own)
		})
		select {
		case <-ctx.Done():
			return nil, notSentError{ctx.Err()}
		case result := <-done:
			if result.Err != nil {
				return nil, notSentError{result.Err}
			}
		}
	}
}

// settled is a sign-in other than the dead one, or a refusal, if there is either.
func (s *Session) settled(dead *signedIn) (*signedIn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal != nil {
		return nil, notSentError{s.refusal}
	}
	if s.state != dead {
		return s.state, nil
	}
	return nil, nil //nolint:nilnil // neither: the caller signs in
}
