package framework

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Outcome is how the making of something stands after a look at the service, or why there was no look. What an operation does
// about each of them is a table of [Verdict]s in the package of the resource.
type Outcome int

const (
	// UnderWay says that the service goes on making it.
	UnderWay Outcome = iota
	// Ready says that it can be used.
	Ready
	// Killed says that the service gave it up and still shows it.
	Killed
	// Failed says that its job failed and left nothing.
	Failed
	// FailedAndLeft says that its job failed and left something behind.
	FailedAndLeft
	// Ambiguous says that several things may be the result of a request whose answer was lost.
	Ambiguous
	// Unseen says that nothing has appeared yet which may be the result of a request whose answer was lost.
	Unseen
	// NeverSeen says that nothing appeared in all the time in which it could have.
	NeverSeen
	// Undelivered says that it did not get its data, and that nothing is left of it.
	Undelivered
	// UndeliveredAndLeft says that it did not get its data, and is still there.
	UndeliveredAndLeft
	// Gone says that it was there once and is no longer, or that the service no longer knows its job.
	Gone
	// Interrupted says that the user ended the wait.
	Interrupted
	// OutOfTime says that the deadline ended the wait.
	OutOfTime
	// Unreadable says that the service could not be asked.
	Unreadable

	outcomes = int(iota)
)

// Outcomes are all outcomes, for tests that hold a table to be total.
func Outcomes() []Outcome {
	all := make([]Outcome, outcomes)
	for i := range all {
		all[i] = Outcome(i)
	}
	return all
}

var outcomeNames = [outcomes]string{
	"under way", "ready", "killed", "failed", "failed and left something", "ambiguous", "unseen", "never seen", "undelivered",
	"undelivered and left", "gone", "interrupted", "out of time", "unreadable",
}

// String is the outcome in words, for logs and tests.
func (o Outcome) String() string { return outcomeNames[o] }

// OutcomeOf is the outcome of a wait for a job that ended with err. The service's word goes before the end of the context: a
// job that failed in the moment of an interrupt has failed.
func OutcomeOf(ctx context.Context, err error) Outcome {
	switch {
	case err == nil:
		return Ready
	case ims.IsJobFailure(err):
		return Failed
	case ims.IsNotFound(err):
		return Gone
	case errors.Is(ctx.Err(), context.Canceled):
		return Interrupted
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return OutOfTime
	default:
		return Unreadable
	}
}

// Severity is how an outcome is reported. A warning leaves the resource as it is for the engine; after an error in Create
// engines taint it.
type Severity int

const (
	// Quiet reports nothing.
	Quiet Severity = iota
	// Warning reports a warning.
	Warning
	// Failure reports an error.
	Failure
)

// Effect is what becomes of the state.
type Effect int

const (
	// KeepState leaves the state as it was before the operation.
	KeepState Effect = iota
	// SaveRecord saves what is known of a thing that is not finished, so that a later run finds it.
	SaveRecord
	// SaveComplete saves what the service shows of it.
	SaveComplete
	// RemoveState removes the resource from the state.
	RemoveState
	// Proceed goes on with the operation: there is something to work on.
	Proceed
)

// Verdict is what an operation does about an outcome. In its texts, words in braces stand for what is known only then: "{image}".
type Verdict struct {
	Severity Severity
	Effect   Effect
	Summary  string
	Sentence string
	Advice   string
}

// Report adds the verdict's diagnostic, with the service's own words from err. words are what stands in braces, by name.
func (v Verdict) Report(words map[string]string, err error, diagnostics *diag.Diagnostics) {
	if v.Severity == Quiet {
		return
	}
	pairs := make([]string, 0, 2*len(words))
	for name, word := range words {
		pairs = append(pairs, "{"+name+"}", word)
	}
	fill := strings.NewReplacer(pairs...).Replace
	summary, detail := fill(v.Summary), Detail(fill(v.Sentence), err, fill(v.Advice))
	if v.Severity == Warning {
		diagnostics.AddWarning(summary, detail)
		return
	}
	diagnostics.AddError(summary, detail)
}
