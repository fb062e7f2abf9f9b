package acctest

import (
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Attributes are those of the state as text; see [flat].
func (m *Managed) Attributes() map[string]string {
	m.t.Helper()
	return flat(m.State)
}

// Attribute is one of [Managed.Attributes]; null is "".
func (m *Managed) Attribute(name string) string {
	m.t.Helper()
	return m.Attributes()[name]
}

// flat is an object as text: "tags.a" is an element of a map and "tags.%" their number, "members.0.status" an attribute
// of a list's first element and "members.#" their number. What is null is left out.
func flat(value tftypes.Value) map[string]string {
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
