package framework

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestNoNullsInMaps(t *testing.T) {
	t.Parallel()
	set := func(values ...attr.Value) attr.Value { return types.SetValueMust(types.StringType, values) }
	texts := func(elements map[string]attr.Value) types.Map { return types.MapValueMust(types.StringType, elements) }
	sets := func(element attr.Value) types.Map {
		kind := types.SetType{ElemType: types.StringType}
		return types.MapValueMust(kind, map[string]attr.Value{"stage": element})
	}
	for name, test := range map[string]struct {
		value types.Map
		rule  NoNulls
		want  []string
	}{
		"null":          {types.MapNull(types.StringType), NoNulls{Element: "tag"}, nil},
		"unknown":       {types.MapUnknown(types.StringType), NoNulls{Element: "tag"}, nil},
		"none":          {texts(nil), NoNulls{Element: "tag"}, nil},
		"empty value":   {texts(map[string]attr.Value{"stage": types.StringValue("")}), NoNulls{Element: "tag"}, nil},
		"unknown value": {texts(map[string]attr.Value{"stage": types.StringUnknown()}), NoNulls{Element: "tag"}, nil},
		"null value": {
			texts(map[string]attr.Value{"stage": types.StringNull()}),
			NoNulls{Element: "tag"},
			[]string{
				`tags["stage"] Invalid tag: The value of tag "stage" is null. Leave the tag out, or give it the empty value "".`,
			},
		},
		"two null values": {
			texts(map[string]attr.Value{"b": types.StringNull(), "c": types.StringValue("1"), "a": types.StringNull()}),
			NoNulls{Element: "flag", Instead: "a value"},
			[]string{
				`tags["a"] Invalid flag: The value of flag "a" is null. Leave the flag out, or give it a value.`,
				`tags["b"] Invalid flag: The value of flag "b" is null. Leave the flag out, or give it a value.`,
			},
		},
		"sets":           {sets(set(types.StringValue(""), types.StringUnknown())), NoNulls{Element: "tag"}, nil},
		"an unknown set": {sets(types.SetUnknown(types.StringType)), NoNulls{Element: "tag"}, nil},
		"an empty set":   {sets(set()), NoNulls{Element: "tag"}, nil},
		"a set that is null": {
			sets(types.SetNull(types.StringType)),
			NoNulls{Element: "tag", Instead: "a set"},
			[]string{`tags["stage"] Invalid tag: The value of tag "stage" is null. Leave the tag out, or give it a set.`},
		},
		"a set with a null": {
			sets(set(types.StringValue("a"), types.StringNull())),
			NoNulls{Element: "tag"},
			[]string{`tags["stage"] Invalid tag: A value of tag "stage" is null. Leave it out.`},
		},
	} {
		var resp validator.MapResponse
		test.rule.ValidateMap(t.Context(), validator.MapRequest{Path: path.Root("tags"), ConfigValue: test.value}, &resp)
		if diff := cmp.Diff(test.want, told(resp.Diagnostics)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// told are diagnostics as "path summary: detail".
func told(diagnostics diag.Diagnostics) []string {
	var all []string
	for _, problem := range diagnostics {
		at := ""
		if located, ok := problem.(diag.DiagnosticWithPath); ok {
			at = located.Path().String()
		}
		all = append(all, at+" "+problem.Summary()+": "+problem.Detail())
	}
	return all
}

func TestNoNullsInSets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value types.Set
		want  []string
	}{
		"null":    {types.SetNull(types.StringType), nil},
		"unknown": {types.SetUnknown(types.StringType), nil},
		"well":    {types.SetValueMust(types.StringType, []attr.Value{types.StringValue(""), types.StringUnknown()}), nil},
		"null value": {
			types.SetValueMust(types.StringType, []attr.Value{types.StringNull()}),
			[]string{"tags Invalid value: An element is null. Leave it out."},
		},
	} {
		var resp validator.SetResponse
		NoNulls{}.ValidateSet(t.Context(), validator.SetRequest{Path: path.Root("tags"), ConfigValue: test.value}, &resp)
		if diff := cmp.Diff(test.want, told(resp.Diagnostics)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
