package acctest

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Attributes are those of the state as text; see [flat].
func (m *Managed) Attributes() map[string]string {
	m.t.Helper()
	return flat(m.t, m.State)
}

// Attribute is one of [Managed.Attributes]; null is "".
func (m *Managed) Attribute(name string) string {
	m.t.Helper()
	return m.Attributes()[name]
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

// flat is an object as text: "tags.a" is an element of a map and "tags.%" their number, "members.0.status" an attribute
// of a list's first element and "members.#" their number. What is null is left out.
func flat(t testing.TB, value tftypes.Value) map[string]string {
	t.Helper()
	found := map[string]string{}
	flatten(found, "", value)
	return found
}

func flatten(found map[string]string, path string, value tftypes.Value) {
	if value.IsNull() {
		return
	}
	var text string
	var number big.Float
	var truth bool
	var listed []tftypes.Value
	var named map[string]tftypes.Value
	below := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch {
	case !value.IsKnown():
		found[path] = "unknown"
	case value.As(&text) == nil:
		found[path] = text
	case value.As(&number) == nil:
		found[path] = number.Text('f', -1)
	case value.As(&truth) == nil:
		found[path] = fmt.Sprint(truth)
	case value.As(&listed) == nil:
		found[below("#")] = fmt.Sprint(len(listed))
		for i, element := range listed {
			flatten(found, below(fmt.Sprint(i)), element)
		}
	case value.As(&named) == nil:
		if value.Type().Is(tftypes.Map{}) {
			found[below("%")] = fmt.Sprint(len(named))
		}
		for name, element := range named {
			flatten(found, below(name), element)
		}
	}
}
