package image

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// TestVerdictsAreTotal: each operation knows what to do about each outcome, and what it cannot meet is named here.
func TestVerdictsAreTotal(t *testing.T) {
	t.Parallel()
	cannot := map[verb][]framework.Outcome{
		creating: {framework.UnderWay},
		updating: {framework.UnderWay},
		reading:  {framework.Undelivered, framework.UndeliveredAndLeft},
		deleting: {framework.Undelivered, framework.UndeliveredAndLeft},
	}
	for _, verb := range []verb{creating, reading, updating, deleting} {
		for _, outcome := range framework.Outcomes() {
			verdict, ok := verdicts[verb][outcome]
			if !ok {
				t.Errorf("%s: nothing is said about %s", verb, outcome)
			}
			if got := verdict == impossible; got != slices.Contains(cannot[verb], outcome) {
				t.Errorf("%s: %s is impossible: %t", verb, outcome, got)
			}
			if (verdict.Severity == framework.Quiet) != (verdict.Summary == "") {
				t.Errorf("%s: the verdict about %s is half a message", verb, outcome)
			}
			if verb == creating && verdict.Severity == framework.Failure && verdict.Effect == framework.KeepState &&
				verdict != impossible {
				t.Errorf("%s: there is no state to keep at %s", verb, outcome)
			}
		}
	}
}

// TestVerdictsKeepImages: wherever an image may be left at the service, the state keeps what is needed to find it.
func TestVerdictsKeepImages(t *testing.T) {
	t.Parallel()
	maybe := []framework.Outcome{
		framework.Killed, framework.FailedAndLeft, framework.UndeliveredAndLeft, framework.Interrupted, framework.OutOfTime,
		framework.Unreadable,
	}
	for verb, row := range verdicts {
		for _, outcome := range maybe {
			if row[outcome].Effect == framework.RemoveState {
				t.Errorf("%s: %s forgets an image", verb, outcome)
			}
		}
	}
}

// TestVerdictWords: every word in braces is known.
func TestVerdictWords(t *testing.T) {
	t.Parallel()
	known := (&operation{imageResource: &imageResource{kind: isoImage}, model: &isoModel{}}).words(sighting{})
	names := slices.Collect(maps.Keys(known))
	for verb, row := range verdicts {
		for outcome, verdict := range row {
			for _, part := range strings.Split(verdict.Summary+verdict.Sentence+verdict.Advice, "{")[1:] {
				if word, _, ended := strings.Cut(part, "}"); !ended || !slices.Contains(names, word) {
					t.Errorf("%s, %s: {%s} is no word", verb, outcome, word)
				}
			}
		}
	}
}
