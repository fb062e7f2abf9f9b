package acctest

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Diagnostics are a provider's, as "SEVERITY summary: detail".
func Diagnostics(diagnostics []*tfprotov6.Diagnostic) []string {
	var all []string
	for _, each := range diagnostics {
		all = append(all, each.Severity.String()+" "+each.Summary+": "+each.Detail)
	}
	return all
}

func haveError(diagnostics []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(
		diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError },
	)
}

// NoDiagnostics fails the test if there are any.
func NoDiagnostics(t testing.TB, diagnostics []string) {
	t.Helper()
	if len(diagnostics) > 0 {
		t.Errorf("diagnostics: %s", strings.Join(diagnostics, "\n"))
	}
}

// HasDiagnostic fails the test unless one of the diagnostics has all of the words.
func HasDiagnostic(t testing.TB, diagnostics []string, words ...string) {
	t.Helper()
	if !slices.ContainsFunc(diagnostics, func(each string) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(each, word) })
	}) {
		t.Errorf("no diagnostic has %q:\n%s", words, strings.Join(diagnostics, "\n"))
	}
}
