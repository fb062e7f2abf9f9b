package search

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var (
	memberStatuses = []string{ims.MemberAccepted, ims.MemberPending, ims.MemberRejected}
	sortDirections = []string{"asc", "desc"}
)

// Criteria are what images are looked for by, and how those found are put in order. What is null is no criterion. The
// attributes of the same names say what each means.
type Criteria struct {
	ID                  types.String `tfsdk:"id"`
	ImageType           types.String `tfsdk:"image_type"`
	Name                types.String `tfsdk:"name"`
	NameRegex           types.String `tfsdk:"name_regex"`
	Tags                types.Map    `tfsdk:"tags"`
	NotTags             types.Map    `tfsdk:"not_tags"`
	Platform            types.String `tfsdk:"platform"`
	OSType              types.String `tfsdk:"os_type"`
	OSBit               types.Int64  `tfsdk:"os_bit"`
	OSVersion           types.String `tfsdk:"os_version"`
	Architecture        types.String `tfsdk:"architecture"`
	VirtualEnvType      types.String `tfsdk:"virtual_env_type"`
	Status              types.String `tfsdk:"status"`
	Owner               types.String `tfsdk:"owner"`
	MemberStatus        types.String `tfsdk:"member_status"`
	EnterpriseProjectID types.String `tfsdk:"enterprise_project_id"`
	WholeImage          types.Bool   `tfsdk:"whole_image"`
	CMKID               types.String `tfsdk:"cmk_id"`
	Created             types.String `tfsdk:"created"`
	Updated             types.String `tfsdk:"updated"`
	Support             types.Map    `tfsdk:"support"`
	SortKey             types.String `tfsdk:"sort_key"`
	SortDirection       types.String `tfsdk:"sort_direction"`
	MostRecent          types.Bool   `tfsdk:"most_recent"`
}

// CriteriaOf are the criteria in a configuration, which may leave some of them out and have other attributes.
func CriteriaOf(ctx context.Context, config types.Object) (criteria Criteria, problems diag.Diagnostics) {
	given := config.Attributes()
	kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
	for name, attribute := range criteriaSchema(false) {
		kind := attribute.GetType()
		value, ok := given[name]
		if !ok {
			var err error
			if value, err = kind.ValueFromTerraform(ctx, tftypes.NewValue(kind.TerraformType(ctx), nil)); err != nil {
				problems.AddError("Unable to read criteria", err.Error())
				return criteria, problems
			}
		}
		kinds[name], values[name] = kind, value
	}
	object, problems := types.ObjectValue(kinds, values)
	if !problems.HasError() {
		problems.Append(object.As(ctx, &criteria, basetypes.ObjectAsOptions{})...)
	}
	return criteria, problems
}

// configured reads a data source's configuration and the criteria in it, and refuses those that contradict each other.
func configured(
	ctx context.Context, config tfsdk.Config, diagnostics *diag.Diagnostics,
) (object types.Object, criteria Criteria) {
	if diagnostics.Append(config.Get(ctx, &object)...); diagnostics.HasError() {
		return object, criteria
	}
	criteria, problems := CriteriaOf(ctx, object)
	diagnostics.Append(problems...)
	imageType := criteria.ImageType
	if !criteria.MemberStatus.IsNull() && !imageType.IsUnknown() && imageType.ValueString() != TypeShared {
		diagnostics.AddAttributeError(path.Root("member_status"), "Criterion without effect",
			"member_status goes with image_type = \"shared\" only.")
	}
	return object, criteria
}

// criteriaSchema has an optional attribute for each criterion. alsoFound makes an output, too, of what is an attribute
// of a found image as well.
func criteriaSchema(alsoFound bool) map[string]schema.Attribute {
	both := func(description string, rules ...validator.String) schema.Attribute {
		return schema.StringAttribute{
			Optional: true, Computed: alsoFound, MarkdownDescription: description,
			Validators: append(rules, stringvalidator.LengthAtLeast(1)),
		}
	}
	only := func(description string, rule validator.String) schema.Attribute {
		return schema.StringAttribute{
			Optional: true, MarkdownDescription: description, Validators: []validator.String{rule},
		}
	}
	comparison := "as a comparison and a time in RFC 3339, of any time zone, such as `gt:2026-01-31T00:00:00Z`. " +
		"Comparisons: " + framework.OneOf(comparisons) + "."
	return map[string]schema.Attribute{
		"id": both("Id of the image, to look up the one that has it."),
		"image_type": both("Type of the images to look for: "+framework.OneOf(imageTypes)+". `private` are the project's "+
			"own. Default: public and private ones; those that other projects share are looked for only with `shared`.",
			stringvalidator.OneOf(imageTypes...)),
		"name": both("Name of the image, exactly."),
		"name_regex": only("Regular expression (RE2) that the name matches, anywhere in it unless anchored with `^` and `$`.",
			regexRule),
		"tags": schema.MapAttribute{
			Optional: true, ElementType: types.StringType, Validators: []validator.Map{framework.NoNulls{Element: "tag"}},
			MarkdownDescription: "Tags that the image has, all of them. It may have others, too.",
		},
		"not_tags": schema.MapAttribute{
			Optional: true, ElementType: types.StringType, Validators: []validator.Map{framework.NoNulls{Element: "tag"}},
			MarkdownDescription: "Tags that leave images out, such as `{ stage = \"deprecated\" }`: those that have any of " +
				"them with the same value.",
		},
		"platform": both(describe("platform")),
		"os_type":  both(describe("os_type"), stringvalidator.OneOf(ims.OSTypes...)),
		"os_bit": schema.Int64Attribute{
			Optional: true, Computed: alsoFound, MarkdownDescription: describe("os_bit"),
		},
		"os_version":       both("Version of the operating system, exactly, such as `Debian GNU/Linux 12.0.0 64bit`."),
		"architecture":     both(describe("architecture"), stringvalidator.OneOf(ims.Architectures...)),
		"virtual_env_type": both(describe("virtual_env_type"), stringvalidator.OneOf(ims.Environments...)),
		"status":           both(describe("status")+" Default: all.", stringvalidator.OneOf(ims.Statuses...)),
		"owner":            both(describe("owner")),
		"member_status": only("This project's answer to the share: "+framework.OneOf(memberStatuses)+
			". With `image_type = \"shared\"`. Default: `"+memberStatuses[0]+"`.", stringvalidator.OneOf(memberStatuses...)),
		"enterprise_project_id": both("Id of the enterprise project of the image; `0` is the default one, " +
			"`all_granted_eps` all that the user may see."),
		"whole_image": schema.BoolAttribute{
			Optional: true, Computed: alsoFound, MarkdownDescription: describe("whole_image"),
		},
		"cmk_id":  both("Id of the KMS key that the image is encrypted with."),
		"created": only("When the image was registered, "+comparison, comparisonRule),
		"updated": only("When the image was last changed, "+comparison, comparisonRule),
		"support": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			Validators: []validator.Map{
				mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)),
				framework.NoNulls{Element: "flag", Instead: "a value"},
			},
			MarkdownDescription: "What the image supports: the service's `__support_*` attributes, by the rest of their name, " +
				"such as `{ kvm = \"true\" }`.",
		},
		"sort_key": only("What to order images by: "+framework.OneOf(sortKeys())+
			". Images that are equal in it are ordered by id. Default: `created_at`.", stringvalidator.OneOf(sortKeys()...)),
		"sort_direction": only("Direction of the order: "+framework.OneOf(sortDirections)+". Default: `desc`.",
			stringvalidator.OneOf(sortDirections...)),
		"most_recent": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to take only the image that was registered last; of images registered in the same " +
				"second, the one with the greatest id. Default: `false`.",
		},
	}
}

// ListAttributes are criteria as a list resource has them. Only text and maps of it can be asked for.
func ListAttributes(names ...string) map[string]listschema.Attribute {
	criteria := criteriaSchema(false)
	attributes := make(map[string]listschema.Attribute, len(names))
	for _, name := range names {
		switch a := criteria[name].(type) {
		case schema.MapAttribute:
			attributes[name] = listschema.MapAttribute{
				Optional: true, ElementType: a.ElementType, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription,
			}
		case schema.StringAttribute:
			attributes[name] = listschema.StringAttribute{
				Optional: true, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription,
			}
		}
	}
	return attributes
}

var (
	regexRule = framework.Rule{
		Says:  "must be a regular expression (RE2)",
		Holds: func(s string) bool { _, err := regexp.Compile(s); return err == nil },
	}
	comparisonRule = framework.Rule{
		Says: "must be one of " + strings.Join(comparisons, ", ") +
			", a colon and a time in RFC 3339, such as gt:2026-01-31T00:00:00Z",
		Holds: func(s string) bool { return comparisonOf(types.StringValue(s)).operator != "" },
	}
)
