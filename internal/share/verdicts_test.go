package share

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var (
	errCut     = &ims.WaitError{JobID: "j", Err: errors.New("cut")}
	errRefused = &ims.Error{Status: 403}
	errLost    = &ims.Error{Status: 502}
	errJob     = &ims.Error{JobID: "j"}
)

// ended are contexts that have ended, by how.
func ended(t *testing.T) map[string]context.Context {
	t.Helper()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithTimeout(t.Context(), 0)
	t.Cleanup(stop)
	return map[string]context.Context{"going on": t.Context(), "canceled": canceled, "late": late}
}

// changes are all that can come of a request that changes members.
func changes(t *testing.T) []framework.Outcome {
	t.Helper()
	var found []framework.Outcome
	for _, ctx := range ended(t) {
		for _, err := range []error{nil, errCut, errRefused, errLost, errJob, ims.ErrNotFound, ctx.Err()} {
			found = append(found, changed(ctx, err).outcome)
		}
	}
	return found
}

// failedLooks are all that can come of a look that failed.
func failedLooks(t *testing.T) []framework.Outcome {
	t.Helper()
	var found []framework.Outcome
	for _, ctx := range ended(t) {
		for _, err := range []error{errCut, errRefused, errLost, errJob, ims.ErrNotFound} {
			found = append(found, unread(ctx, err).outcome)
		}
	}
	return found
}

// TestVerdictsAreTotal: each operation knows what to do about each outcome that it can come to, and about no other.
// What it reports is whole.
func TestVerdictsAreTotal(t *testing.T) {
	t.Parallel()
	const ready, left = framework.Ready, framework.FailedAndLeft
	share := slices.Concat(changes(t), []framework.Outcome{framework.Ambiguous, framework.Gone, framework.Unreadable})
	for verb, outcomes := range map[verb][]framework.Outcome{
		reading:   append(failedLooks(t), ready, framework.UnderWay),
		sharing:   share,
		adding:    share,
		changing:  append(failedLooks(t), ready, left),
		stopping:  append(failedLooks(t), ready, left),
		recording: {ready},
		awaiting: {
			ready, framework.NeverSeen, framework.Interrupted, framework.OutOfTime, framework.Unreadable,
		},
		answering: append(changes(t), framework.Unreadable),
		rejecting: append(changes(t), framework.Gone),
	} {
		outcomes = slices.Compact(slices.Sorted(slices.Values(outcomes)))
		for _, outcome := range outcomes {
			verdict, ok := verdicts[verb][outcome]
			if !ok {
				t.Errorf("%s: nothing is said about %s", verb, outcome)
			}
			if quiet := verdict.Severity == framework.Quiet; quiet != (verdict.Summary == "") {
				t.Errorf("%s: the verdict about %s is half a message", verb, outcome)
			}
		}
		if len(verdicts[verb]) > len(outcomes) {
			t.Errorf("%s: something is said about what cannot be", verb)
		}
	}
}

// TestVerdictsForgetNothing: what may be shared, and was not taken back, is in the state; what may still be is not
// forgotten.
func TestVerdictsForgetNothing(t *testing.T) {
	t.Parallel()
	saved := []framework.Effect{framework.SaveRecord, framework.SaveComplete, framework.RemoveState}
	for _, verb := range []verb{sharing, adding} {
		for outcome, verdict := range verdicts[verb] {
			nothingDone := []framework.Outcome{framework.Failed, framework.Gone}
			if verb == adding { // it was seen before anything was done
				nothingDone = append(nothingDone, framework.Ambiguous)
			}
			if !slices.Contains(nothingDone, outcome) && !slices.Contains(saved, verdict.Effect) {
				t.Errorf("%s: %s leaves a share that nobody knows of", verb, outcome)
			}
		}
	}
	for _, verb := range []verb{reading, changing, stopping, recording, answering, rejecting} {
		for outcome, verdict := range verdicts[verb] {
			over := outcome == framework.Gone || outcome == framework.Ready && (verb == stopping || verb == rejecting)
			if verdict.Effect == framework.RemoveState && !over {
				t.Errorf("%s: %s forgets what may be there", verb, outcome)
			}
		}
	}
}

// TestVerdictWords: every word in braces is known.
func TestVerdictWords(t *testing.T) {
	t.Parallel()
	o := &operation{model: &shareModel{}, scope: &cloud.Scope{}}
	known := slices.Collect(maps.Keys(o.words(sighting{})))
	for verb, row := range verdicts {
		for outcome, verdict := range row {
			for _, part := range strings.Split(verdict.Summary+verdict.Sentence+verdict.Advice, "{")[1:] {
				if word, _, closed := strings.Cut(part, "}"); !closed || !slices.Contains(known, word) {
					t.Errorf("%s, %s: {%s} is no word", verb, outcome, word)
				}
			}
		}
	}
}

// TestCompare: only those of the types count as others, and whoever is missing comes first.
func TestCompare(t *testing.T) {
	t.Parallel()
	const a, b, d = "project a", "project b", "domain d"
	projects, all := []string{ims.MemberProject}, []string{ims.MemberProject, ims.MemberDomain}
	for name, test := range map[string]struct {
		members, wanted []string
		types           []string
		outcome         framework.Outcome
		missing, others string
	}{
		"as wanted":     {[]string{a, b}, []string{b, a}, projects, framework.Ready, "", ""},
		"others":        {[]string{a, b}, []string{a}, projects, framework.Ambiguous, "", b},
		"not ours":      {[]string{a, d}, []string{a}, projects, framework.Ready, "", ""},
		"a domain":      {[]string{a, d}, []string{a}, all, framework.Ambiguous, "", d},
		"nobody else's": {[]string{a, b}, []string{a}, nil, framework.Ready, "", ""},
		"missing":       {[]string{b}, []string{a, d}, all, framework.FailedAndLeft, a + " and " + d, b},
		"another d":     {[]string{d}, []string{"project d"}, nil, framework.FailedAndLeft, "project d", ""},
	} {
		var members []ims.Member
		for _, who := range test.members {
			memberType, id, _ := strings.Cut(who, " ")
			members = append(members, ims.Member{Type: memberType, ID: id})
		}
		var wanted []ims.Recipient
		for _, who := range test.wanted {
			memberType, id, _ := strings.Cut(who, " ")
			wanted = append(wanted, ims.Recipient{Type: memberType, ID: id})
		}
		seen := compare(members, wanted, test.types)
		got := fmt.Sprint(seen.outcome, named(seen.missing), named(seen.others))
		if want := fmt.Sprint(test.outcome, test.missing, test.others); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
