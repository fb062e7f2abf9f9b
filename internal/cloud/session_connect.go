package cloud

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// signInLimit is the time that signing in may take, with all its requests and repetitions.
const signInLimit = 60 * time.Second

// connect is the current sign-in, or a new one if there is none or its keys are about to expire.
func (s *Session) connect(ctx context.Context) (*signedIn, error) {
	s.mu.Lock()
	state := s.state
	due := state != nil && s.renewalIsDue(state)
	s.mu.Unlock()
	if state == nil {
		return s.renew(ctx, nil)
	}
	if !due {
		return state, nil
	}

	fresh, err := s.renew(ctx, state)
	if err != nil && ctx.Err() == nil && s.now().Before(state.expires) {
		return state, nil // good for some minutes yet; the next attempt may succeed
	}
	return fresh, err
}

// signIn signs in and records the outcome.
func (s *Session) signIn(ctx context.Context) error {
	start := time.Now()
	state, err := s.credential.signIn(ctx)
	fields := map[string]any{
		"way": s.settings.Way(), "sources": fmt.Sprint(s.settings.Sources()),
		"duration_ms": time.Since(start).Milliseconds(),
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextRenewal = s.now().Add(renewalPause)
	if err != nil {
		var refusal *SignInError
		alive := s.state != nil && s.now().Before(s.state.expires)
		if errors.As(err, &refusal) && refusal.Definite && !alive {
			s.refusal = err
		}
		tflog.Debug(ctx, "Unable to sign in", fields)
		return err
	}

	s.state = state
	fields["project_id"], fields["region"] = state.scope.ProjectID, state.scope.Region
	fields["endpoint"] = state.scope.Endpoint
	tflog.Debug(ctx, "Signed in", fields)
	return nil
}
