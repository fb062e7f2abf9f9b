package acctest

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ExpectSettled fails the test unless a refresh has nothing to say and a plan nothing to do.
func (m *Managed) ExpectSettled(arguments map[string]any) {
	m.t.Helper()
	NoDiagnostics(m.t, m.Refresh())
	m.ExpectPlan(arguments, Keep)
}

// ExpectPlan fails the test unless the plan does this, without diagnostics.
func (m *Managed) ExpectPlan(arguments map[string]any, action Action) *Plan {
	m.t.Helper()
	before, plan := m.Attributes(), m.Plan(arguments)
	NoDiagnostics(m.t, plan.Diagnostics)
	if plan.Action != action {
		m.t.Errorf(
			"the plan is to %s for %v, not to %s:\n%s", plan.Action, plan.Replaces, action,
			cmp.Diff(before, flat(plan.state)),
		)
	}
	return plan
}

// ExpectApplied plans, expects the plan to do this, carries it out and expects it to leave nothing to do; all without
// diagnostics.
func (m *Managed) ExpectApplied(arguments map[string]any, action Action) {
	m.t.Helper()
	if plan := m.ExpectPlan(arguments, action); plan.Action != "" {
		NoDiagnostics(m.t, m.CarryOut(m.t.Context(), plan, arguments))
	}
	m.ExpectSettled(arguments)
}

// ExpectDestroyed destroys without diagnostics.
func (m *Managed) ExpectDestroyed() {
	m.t.Helper()
	NoDiagnostics(m.t, m.Destroy(m.t.Context()))
	if !m.State.IsNull() {
		m.t.Error("the resource is still in the state")
	}
}

// Expect fails the test unless the state has these attributes. "" stands for one that must be null, "*" for any other
// value.
func (m *Managed) Expect(want map[string]string) {
	m.t.Helper()
	Expect(m.t, m.Attributes(), want)
}

// ExpectLike fails the test unless the state is that of another one of the type, besides some attributes.
func (m *Managed) ExpectLike(other *Managed, besides ...string) {
	m.t.Helper()
	mine, others := m.Attributes(), other.Attributes()
	for _, name := range besides {
		delete(mine, name)
		delete(others, name)
	}
	if diff := cmp.Diff(others, mine); diff != "" {
		m.t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

// Expect fails the test unless the attributes are as wanted. "" stands for one that must not be there, "*" for any
// other value.
func Expect(t testing.TB, attributes, want map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, ok := attributes[name]
		switch {
		case want[name] == "*" && ok:
		case want[name] == "" && !ok:
		case !ok || got != want[name]:
			t.Errorf("%s is %q (there: %t), want %q", name, got, ok, want[name])
		}
	}
}
