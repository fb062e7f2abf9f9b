package share

import (
	"context"
	"errors"
	"slices"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// sighting is what a look at the members of an image saw, or what came of a change of them.
type sighting struct {
	outcome framework.Outcome
	members []ims.Member    // as they were read; nil: they were not
	missing []ims.Recipient // wanted, and no members
	others  []ims.Recipient // members, and not wanted
	undone  string          // what became of a share that could not be made as a whole, in sentences
	shown   string          // that the list shows another answer than was given, in a sentence
	advice  string          // what a user can do, beyond what the service's code says
	jobID   string          // the job that goes on
	err     error           // the service's own words
}

// reason is why a share could not be ended.
func (s *sighting) reason() string {
	if s.err != nil {
		return s.err.Error()
	}
	return "the image is still shared with " + named(s.others)
}

// judge says whether members that were read are as they should be. What then went wrong on the way does not matter.
func (s *sighting) judge() {
	switch {
	case s.outcome != framework.Ready:
	case len(s.missing)+len(s.others) > 0:
		s.outcome = framework.FailedAndLeft
	default:
		s.err = nil
	}
}

// outcomeOf is what came of a request that changes members, by its error.
func outcomeOf(ctx context.Context, err error) framework.Outcome {
	var wait *ims.WaitError
	switch accepted := errors.As(err, &wait) || ims.AnswerLost(err); {
	case err == nil:
		return framework.Ready
	case ims.IsJobFailure(err):
		return framework.FailedAndLeft
	case !accepted:
		return framework.Failed
	case errors.Is(ctx.Err(), context.Canceled):
		return framework.Interrupted
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return framework.OutOfTime
	default:
		return framework.Unseen
	}
}

// changed is what came of a request that changes members.
func changed(ctx context.Context, err error) sighting {
	seen := sighting{outcome: outcomeOf(ctx, err), err: err}
	var wait *ims.WaitError
	if errors.As(err, &wait) {
		seen.jobID = wait.JobID
	}
	return seen
}

// unread is a look that failed.
func unread(ctx context.Context, err error) sighting {
	seen := sighting{outcome: framework.OutcomeOf(ctx, err), err: err}
	if seen.outcome == framework.Failed { // a look starts no job
		seen.outcome = framework.Unreadable
	}
	return seen
}

// compare is what a list of members means to someone who wants these to be among them, and none of other types'
// members. It is ready, or lacks some, or has others.
func compare(members []ims.Member, wanted []ims.Recipient, types []string) sighting {
	seen := sighting{members: members}
	for _, recipient := range recipientsOf(members) {
		if slices.Contains(types, recipient.Type) && !slices.Contains(wanted, recipient) {
			seen.others = append(seen.others, recipient)
		}
	}
	seen.missing = without(wanted, recipientsOf(members))
	switch {
	case len(seen.missing) > 0:
		seen.outcome = framework.FailedAndLeft
	case len(seen.others) > 0:
		seen.outcome = framework.Ambiguous
	default:
		seen.outcome = framework.Ready
	}
	return seen
}
