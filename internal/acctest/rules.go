package acctest

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What engines make of values, and what they demand of a provider's. Inside of blocks and of nested attributes, which
// this provider computes nothing of, a value is compared as a whole.

// proposed is what an engine proposes: the configuration, and what was there of computed attributes that it leaves out.
func (m *Managed) proposed(config, prior tftypes.Value) tftypes.Value {
	m.t.Helper()
	if config.IsNull() || prior.IsNull() {
		return config
	}
	values, before := maps.Clone(members(config)), members(prior)
	for _, attribute := range m.schema.Block.Attributes {
		if attribute.Computed && values[attribute.Name].IsNull() {
			values[attribute.Name] = before[attribute.Name]
		}
	}
	return tftypes.NewValue(config.Type(), values)
}

// againstConfig is what is wrong with a plan: what is configured stays as it is, or as it was; only what is computed
// and left out is the provider's to choose.
func againstConfig(block *tfprotov6.SchemaBlock, config, prior, planned tftypes.Value) []string {
	if planned.IsNull() {
		return []string{"it is planned to be absent"}
	}
	computed := map[string]bool{}
	for _, attribute := range block.Attributes {
		computed[attribute.Name] = attribute.Computed
	}
	var problems []string
	before, values := members(prior), members(planned)
	for name, configured := range members(config) {
		now, was := values[name], before[name]
		switch {
		case now.Equal(configured):
		case configured.IsNull() && computed[name]:
		case !configured.IsNull() && !prior.IsNull() && !was.IsNull() && now.Equal(was):
		default:
			problems = append(problems, fmt.Sprintf("%s is planned to be %v, and configured to be %v", name, now, configured))
		}
	}
	return problems
}

// inconsistencies is where a later value contradicts an earlier one: what was known may not change.
func inconsistencies(path string, before, after tftypes.Value) []string {
	if !before.IsKnown() || before.Equal(after) {
		return nil
	}
	if !after.IsKnown() || before.IsNull() || after.IsNull() ||
		before.IsFullyKnown() && !before.Type().Is(tftypes.Object{}) {
		return []string{fmt.Sprintf("%s was planned to be %v, and is %v", path, before, after)}
	}
	var problems []string
	was, is := members(before), members(after)
	if len(was) != len(is) {
		problems = append(problems, fmt.Sprintf("%s was planned to have %d elements, and has %d", path, len(was), len(is)))
	}
	for name, value := range was {
		if now, ok := is[name]; ok {
			problems = append(problems, inconsistencies(path+"."+name, value, now)...)
		}
	}
	return problems
}

// members are the attributes of an object, or the elements of a collection by their key or number. A set's have no
// fixed number. They are the value's own: change none of them.
func members(value tftypes.Value) map[string]tftypes.Value {
	named := map[string]tftypes.Value{}
	var listed []tftypes.Value
	if value.As(&named) == nil || value.Type().Is(tftypes.Set{}) || value.As(&listed) != nil {
		return named
	}
	named = map[string]tftypes.Value{}
	for i, element := range listed {
		named[fmt.Sprint(i)] = element
	}
	return named
}
