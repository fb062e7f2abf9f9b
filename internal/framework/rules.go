package framework

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Rule is a validator of strings, made of a sentence and a test. Null and unknown values pass.
type Rule struct {
	Says  string // what a value must be: "must be …"
	Holds func(string) bool
}

// Description is part of the interface of validators.
func (r Rule) Description(context.Context) string { return "value " + r.Says }

// MarkdownDescription is part of the interface of validators.
func (r Rule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

// ValidateString adds an error for a value that does not hold.
func (r Rule) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || r.Holds(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid value",
		fmt.Sprintf("%s %s. It is %q.", req.Path, r.Says, req.ConfigValue.ValueString()))
}

// NoNulls refuses maps and sets that have an element which is null: what a configuration sets to nothing must not pass
// for what it does not ask for. Elements that are unknown pass. The elements of a map may be sets.
type NoNulls struct {
	Element string // what an element of a map is: "tag"
	Instead string // what an element of a map can be given. Default: the empty value ""
}

// Description is part of the interface of validators.
func (NoNulls) Description(context.Context) string { return "no element is null" }

// MarkdownDescription is part of the interface of validators.
func (r NoNulls) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

// ValidateMap adds an error for each key with a null.
func (r NoNulls) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	elements := req.ConfigValue.Elements()
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		several, _ := elements[key].(interface{ Elements() []attr.Value })
		var problem string
		switch {
		case elements[key].IsNull():
			problem = fmt.Sprintf("The value of %s %q is null. Leave the %[1]s out, or give it %[3]s.", r.Element, key,
				cmp.Or(r.Instead, `the empty value ""`))
		case several != nil && hasNull(several.Elements()):
			problem = fmt.Sprintf("A value of %s %q is null. Leave it out.", r.Element, key)
		default:
			continue
		}
		resp.Diagnostics.AddAttributeError(req.Path.AtMapKey(key), "Invalid "+r.Element, problem)
	}
}

// ValidateSet adds an error for a null.
func (NoNulls) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if hasNull(req.ConfigValue.Elements()) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", "An element is null. Leave it out.")
	}
}

func hasNull(elements []attr.Value) bool { return slices.ContainsFunc(elements, attr.Value.IsNull) }

// ObjectRule is the form in which the service takes a file in OBS (API reference, `image_url` of Creating an Image). Addresses of
// other forms, and buckets in capitals, which OBS does not have, are refused.
var ObjectRule = Rule{
	Says: "must be `bucket:object`, without spaces, and with the bucket in small letters: no address such as `obs://…`, " +
		"`s3://…` or `https://…`",
	Holds: func(s string) bool {
		bucket, object, _ := strings.Cut(s, ":")
		return objectForm.MatchString(s) && !strings.HasPrefix(object, "//") && bucket == strings.ToLower(bucket)
	},
}

var objectForm = regexp.MustCompile(`^[^:\s]+:[^\s]+$`)
