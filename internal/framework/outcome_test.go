package framework

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	running := t.Context()
	interrupted, cancel := context.WithCancel(running)
	cancel()
	late, cancel := context.WithDeadline(running, time.Unix(0, 0))
	defer cancel()
	failed := &ims.Error{Code: "IMG.0057", JobID: "job-1"}
	unknown := &ims.Error{Status: 404}
	for name, test := range map[string]struct {
		ctx  context.Context //nolint:containedctx // the context is what is tested
		err  error
		want Outcome
	}{
		"ready":                    {running, nil, Ready},
		"failed":                   {running, failed, Failed},
		"failed while interrupted": {interrupted, failed, Failed},
		"gone":                     {running, unknown, Gone},
		"gone while interrupted":   {interrupted, unknown, Gone},
		"interrupted":              {interrupted, &ims.WaitError{JobID: "job-1", Err: context.Canceled}, Interrupted},
		"out of time":              {late, &ims.WaitError{JobID: "job-1", Err: context.DeadlineExceeded}, OutOfTime},
		"unreadable":               {running, errors.New("connection refused"), Unreadable},
	} {
		if got := OutcomeOf(test.ctx, test.err); got != test.want {
			t.Errorf("%s: the outcome is %s", name, got)
		}
	}
}

func TestVerdictReport(t *testing.T) {
	t.Parallel()
	refused := &ims.Error{Code: "IMG.0001", Message: "No."}
	advice := Advice{"IMG.0001": "Ask politely."}
	row := Verdict{Severity: Warning, Summary: "Unable to make {thing}", Sentence: "Job {job} failed."}
	for name, test := range map[string]struct {
		change func(*Verdict)
		err    error
		want   diag.Diagnostics
	}{
		"warning": {func(*Verdict) {}, refused, diag.Diagnostics{diag.NewWarningDiagnostic("Unable to make tea",
			"Job 7 failed.\n\nNo.\n\nError code: IMG.0001\n\nAsk politely.")}},
		"failure": {
			func(v *Verdict) { v.Severity = Failure; v.Advice = "Boil {thing}." }, refused,
			diag.Diagnostics{diag.NewErrorDiagnostic("Unable to make tea",
				"Job 7 failed.\n\nNo.\n\nError code: IMG.0001\n\nBoil tea.")},
		},
		"interrupted": {
			func(*Verdict) {}, &ims.WaitError{JobID: "7", Err: context.Canceled},
			diag.Diagnostics{diag.NewWarningDiagnostic("Unable to make tea", "Job 7 failed.")},
		},
		"quiet": {func(v *Verdict) { v.Severity = Quiet }, refused, nil},
	} {
		verdict := row
		test.change(&verdict)
		var got diag.Diagnostics
		verdict.Report(map[string]string{"thing": "tea", "job": "7"}, advice, test.err, &got)
		if !got.Equal(test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}
