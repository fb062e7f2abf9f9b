package export

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

var verbs = []verb{creating, reading, resuming, invoking}

// TestVerdictsAreTotal: each operation knows what to do about each outcome of a job, and what it reports is whole.
func TestVerdictsAreTotal(t *testing.T) {
	t.Parallel()
	for _, verb := range verbs {
		row := verdicts[verb]
		for _, outcome := range framework.JobOutcomes() {
			verdict, ok := row[outcome]
			if !ok {
				t.Errorf("%s: nothing is said about %s", verb, outcome)
			}
			if quiet := verdict.Severity == framework.Quiet; quiet != (verdict.Summary == "") {
				t.Errorf("%s: the verdict about %s is half a message", verb, outcome)
			}
		}
		if len(row) > len(framework.JobOutcomes()) {
			t.Errorf("%s: something is said about what a job cannot come to", verb)
		}
	}
}

// TestVerdictsKeepJobs: the state has the job of an export that may go on at the service: nobody else could find it
// again.
func TestVerdictsKeepJobs(t *testing.T) {
	t.Parallel()
	for _, verb := range []verb{creating, resuming} {
		for _, outcome := range framework.JobOutcomes() {
			saved := []framework.Effect{framework.SaveRecord, framework.SaveComplete}
			if outcome != framework.Failed && !slices.Contains(saved, verdicts[verb][outcome].Effect) {
				t.Errorf("%s: %s forgets an export", verb, outcome)
			}
		}
	}
	for outcome, verdict := range verdicts[reading] {
		if outcome != framework.Failed && verdict.Effect == framework.RemoveState {
			t.Errorf("reading: %s forgets an export", outcome)
		}
	}
}

// TestVerdictWords: every word in braces is known.
func TestVerdictWords(t *testing.T) {
	t.Parallel()
	names := slices.Collect(maps.Keys((&arguments{}).words("")))
	for verb, row := range verdicts {
		known := names
		if verb == invoking {
			known = append(slices.Clone(names), "timeout")
		}
		for outcome, verdict := range row {
			for _, part := range strings.Split(verdict.Summary+verdict.Sentence+verdict.Advice, "{")[1:] {
				if word, _, ended := strings.Cut(part, "}"); !ended || !slices.Contains(known, word) {
					t.Errorf("%s, %s: {%s} is no word", verb, outcome, word)
				}
			}
		}
	}
}
