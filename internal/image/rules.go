package image

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// The service's rules (API reference, parameters of Creating an Image), checked at plan.
var (
	nameRule = framework.Rule{
		Says: fmt.Sprintf(
			"must be 1 to %d letters, digits, spaces, `-`, `.` and `_`, with no space at either end",
			ims.MaxNameLength,
		),
		Holds: func(s string) bool {
			return nameForm.MatchString(s) && utf8.RuneCountInString(s) <= ims.MaxNameLength
		},
	}
	descriptionRule = framework.Rule{
		Says: fmt.Sprintf("must be at most %d characters, with no line breaks, `<` or `>`", ims.MaxDescriptionLength),
		Holds: func(s string) bool {
			return utf8.RuneCountInString(s) <= ims.MaxDescriptionLength && !strings.ContainsAny(s, "\r\n<>")
		},
	}
	nameForm = regexp.MustCompile(`^[\p{L}\p{N}._-]([\p{L}\p{N} ._-]*[\p{L}\p{N}._-])?$`)
)

// propertiesRule checks the names of attributes that have no argument of their own.
type propertiesRule struct{}

var propertyName = regexp.MustCompile(`^[a-z0-9_][a-z0-9_.:-]*$`)

func (propertiesRule) Description(context.Context) string {
	return "names without capitals, of attributes that have no argument of their own"
}

func (r propertiesRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (propertiesRule) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	framework.NoNulls{Element: "property"}.ValidateMap(ctx, req, resp)
	for name := range req.ConfigValue.Elements() {
		at := req.Path.AtMapKey(name)
		switch {
		case !propertyName.MatchString(name):
			resp.Diagnostics.AddAttributeError(at, "Invalid property", fmt.Sprintf(
				"The name %q must be small letters, digits, `_`, `.`, `:` and `-`.", name))
		case !ims.IsExtended(name):
			resp.Diagnostics.AddAttributeError(at, "Invalid property", fmt.Sprintf(
				"%q is an attribute that the service sets itself, or that has an argument of its own.", name))
		}
	}
}

// tagsRule checks keys, values and the number of tags.
type tagsRule struct{}

func (tagsRule) Description(context.Context) string {
	return fmt.Sprintf(
		"at most %d tags; keys of 1 to %d and values of 0 to %d characters, no space at either end",
		ims.MaxTags,
		ims.MaxTagKeyLength,
		ims.MaxTagValueLength,
	)
}

func (r tagsRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r tagsRule) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	framework.NoNulls{Element: "tag"}.ValidateMap(ctx, req, resp)
	for _, fault := range tagFaults(framework.Strings(req.ConfigValue), len(req.ConfigValue.Elements())) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid tag", fault)
	}
}

// tagFaults says what is wrong with tags; number is how many there are, counting those whose values are unknown.
func tagFaults(tags map[string]string, number int) []string {
	var faults []string
	if number > ims.MaxTags {
		faults = append(faults, fmt.Sprintf("An image has at most %d tags; these are %d.", ims.MaxTags, number))
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		if length := utf8.RuneCountInString(
			key,
		); length < 1 || length > ims.MaxTagKeyLength || strings.TrimSpace(key) != key ||
			strings.Contains(key, "=") {
			faults = append(
				faults,
				fmt.Sprintf(
					"The tag key %q must be 1 to %d characters, with no space at either end and no \"=\".",
					key,
					ims.MaxTagKeyLength,
				),
			)
		}
		if utf8.RuneCountInString(value) > ims.MaxTagValueLength || strings.TrimSpace(value) != value {
			faults = append(
				faults,
				fmt.Sprintf(
					"The value %q of tag %q must be at most %d characters, with no space at either end.",
					value,
					key,
					ims.MaxTagValueLength,
				),
			)
		}
	}
	return faults
}
