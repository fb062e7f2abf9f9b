package framework

import (
	"context"
	"fmt"
	"regexp"
	"strings"

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
