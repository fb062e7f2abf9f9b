package image

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var (
	imageTypes     = []string{imageTypePublic, imageTypePrivate, imageTypeShared}
	memberStatuses = []string{ims.MemberAccepted, ims.MemberPending, ims.MemberRejected}
	comparisons    = []string{"gt", "gte", "lt", "lte", "eq", "neq"}
	sortDirections = []string{"asc", "desc"}
)

// describeEnvironment names the environments in their order.
var describeEnvironment = "What the image is for: " + framework.OneOf(ims.Environments) + "; in this order virtual servers, bare-metal servers, data disks, and installing from an ISO."

// criteriaModel are the criteria that are attributes of the image as well.
type criteriaModel struct {
	ImageType           types.String `tfsdk:"image_type"`
	Name                types.String `tfsdk:"name"`
	Platform            types.String `tfsdk:"platform"`
	OSType              types.String `tfsdk:"os_type"`
	OSBit               types.Int64  `tfsdk:"os_bit"`
	OSVersion           types.String `tfsdk:"os_version"`
	Architecture        types.String `tfsdk:"architecture"`
	VirtualEnvType      types.String `tfsdk:"virtual_env_type"`
	Status              types.String `tfsdk:"status"`
	Owner               types.String `tfsdk:"owner"`
	EnterpriseProjectID types.String `tfsdk:"enterprise_project_id"`
	WholeImage          types.Bool   `tfsdk:"whole_image"`
	CMKID               types.String `tfsdk:"cmk_id"`
}

// searchModel are the criteria that are not.
type searchModel struct {
	NameRegex     types.String `tfsdk:"name_regex"`
	Tags          types.Map    `tfsdk:"tags"`
	Created       types.String `tfsdk:"created"`
	Updated       types.String `tfsdk:"updated"`
	MemberStatus  types.String `tfsdk:"member_status"`
	Support       types.Map    `tfsdk:"support"`
	SortKey       types.String `tfsdk:"sort_key"`
	SortDirection types.String `tfsdk:"sort_direction"`
	MostRecent    types.Bool   `tfsdk:"most_recent"`
}

// criteriaAttributes are optional; computed makes them outputs, too.
func criteriaAttributes(computed bool) map[string]schema.Attribute {
	attribute := func(description string, rules ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, Computed: computed, MarkdownDescription: description, Validators: append(rules, stringvalidator.LengthAtLeast(1))}
	}
	oneOf := func(description string, values []string) schema.StringAttribute {
		return attribute(description+": "+framework.OneOf(values)+".", stringvalidator.OneOf(values...))
	}
	imageType := oneOf("Type of the images to look for", imageTypes)
	imageType.MarkdownDescription += " `private` are the project's own. Default: public and private ones; those that other projects share are looked for only with `shared`."
	return map[string]schema.Attribute{
		"image_type":            imageType,
		"name":                  attribute("Name of the image, exactly."),
		"platform":              attribute("Platform of the operating system, such as `Debian` or `Windows`."),
		"os_type":               oneOf("Type of the operating system", ims.OSTypes),
		"os_bit":                schema.Int64Attribute{Optional: true, Computed: computed, MarkdownDescription: "Word size of the operating system: `32` or `64`."},
		"os_version":            attribute("Version of the operating system, exactly, such as `Debian GNU/Linux 12.0.0 64bit`."),
		"architecture":          oneOf("Processor architecture", ims.Architectures),
		"virtual_env_type":      attribute(describeEnvironment, stringvalidator.OneOf(ims.Environments...)),
		"status":                oneOf("Status of the image", ims.Statuses),
		"owner":                 attribute("Id of the project that owns the image."),
		"enterprise_project_id": attribute("Id of the enterprise project of the image; `0` is the default one, `all_granted_eps` all that the user may see."),
		"whole_image":           schema.BoolAttribute{Optional: true, Computed: computed, MarkdownDescription: "Whether the image is a full-ECS image."},
		"cmk_id":                attribute("Id of the KMS key that the image is encrypted with."),
	}
}

func searchAttributes() map[string]schema.Attribute {
	comparison := "as a comparison and a time in RFC 3339, such as `gt:2026-01-31T00:00:00Z`. Comparisons: " + framework.OneOf(comparisons) + "."
	return map[string]schema.Attribute{
		"name_regex": schema.StringAttribute{
			Optional: true, Validators: []validator.String{regexRule},
			MarkdownDescription: "Regular expression (RE2) that the name matches, anywhere in it unless anchored with `^` and `$`.",
		},
		"tags": schema.MapAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: "Tags that the image has, all of them. It may have others, too.",
		},
		"created": schema.StringAttribute{
			Optional: true, Validators: []validator.String{comparisonRule}, MarkdownDescription: "When the image was registered, " + comparison,
		},
		"updated": schema.StringAttribute{
			Optional: true, Validators: []validator.String{comparisonRule}, MarkdownDescription: "When the image was last changed, " + comparison,
		},
		"member_status": schema.StringAttribute{
			Optional: true, Validators: []validator.String{stringvalidator.OneOf(memberStatuses...)},
			MarkdownDescription: "This project's answer to the share: " + framework.OneOf(memberStatuses) + ". With `image_type = \"shared\"`. Default: `" + memberStatuses[0] + "`.",
		},
		"support": schema.MapAttribute{
			Optional: true, ElementType: types.StringType, Validators: []validator.Map{mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1))},
			MarkdownDescription: "What the image supports: the service's `__support_*` attributes, by the rest of their name, such as `{ kvm = \"true\" }`.",
		},
		"sort_key": schema.StringAttribute{
			Optional: true, Validators: []validator.String{stringvalidator.OneOf(sortKeys()...)},
			MarkdownDescription: "What to order images by: " + framework.OneOf(sortKeys()) + ". Images that are equal in it are ordered by id. Default: `created_at`.",
		},
		"sort_direction": schema.StringAttribute{
			Optional: true, Validators: []validator.String{stringvalidator.OneOf(sortDirections...)},
			MarkdownDescription: "Direction of the order: " + framework.OneOf(sortDirections) + ". Default: `desc`.",
		},
		"most_recent": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether to take only the image that was registered last; of images registered in the same second, the one with the greatest id. Default: `false`.",
		},
	}
}

var (
	regexRule = framework.Rule{
		Says:  "must be a regular expression (RE2)",
		Holds: func(s string) bool { _, err := regexp.Compile(s); return err == nil },
	}
	comparisonRule = framework.Rule{
		Says: "must be one of " + strings.Join(comparisons, ", ") + ", a colon and a time in RFC 3339, such as gt:2026-01-31T00:00:00Z",
		Holds: func(s string) bool {
			comparison, moment, _ := strings.Cut(s, ":")
			_, err := time.Parse(time.RFC3339, moment)
			return err == nil && slices.Contains(comparisons, comparison)
		},
	}
)

// find lists what fits, in the order asked for. id may be empty.
func find(ctx context.Context, client *ims.Client, id string, criteria criteriaModel, search searchModel) ([]ims.Image, error) {
	scope, err := client.Scope(ctx)
	if err != nil {
		return nil, err
	}
	filter := filterOf(criteria, search, scope.ProjectID)
	filter.ID = id
	images, err := client.Images(ctx, filter)
	if err != nil {
		return nil, err
	}
	name, err := regexp.Compile(search.NameRegex.ValueString())
	if err != nil {
		return nil, fmt.Errorf("name_regex: %w", err)
	}
	tags := framework.Strings(search.Tags)
	wantsForeign := criteria.ImageType.ValueString() == imageTypeShared
	images = slices.DeleteFunc(images, func(image ims.Image) bool {
		foreign := image.Owner != scope.ProjectID && !image.IsPublic()
		if foreign != wantsForeign {
			return true
		}
		return id != "" && image.ID != id || !filter.Match(&image) || !name.MatchString(image.Name) || !hasTags(&image, tags)
	})
	order(images, search.SortKey.ValueString(), search.SortDirection.ValueString())
	if search.MostRecent.ValueBool() && len(images) > 0 {
		images = []ims.Image{slices.MaxFunc(images, ims.CompareAge)}
	}
	return images, nil
}

func hasTags(image *ims.Image, tags map[string]string) bool {
	all := image.TagMap()
	for key, value := range tags {
		if has, ok := all[key]; !ok || has != value {
			return false
		}
	}
	return true
}

// filterOf asks the service for as little as it can be asked for.
func filterOf(criteria criteriaModel, search searchModel, projectID string) ims.ImageFilter {
	filter := ims.ImageFilter{
		Owner: criteria.Owner.ValueString(), Name: criteria.Name.ValueString(), Status: criteria.Status.ValueString(),
		Platform: criteria.Platform.ValueString(), OSType: criteria.OSType.ValueString(), OSVersion: criteria.OSVersion.ValueString(),
		Architecture: criteria.Architecture.ValueString(), Environment: criteria.VirtualEnvType.ValueString(),
		EnterpriseProjectID: criteria.EnterpriseProjectID.ValueString(),
		WholeImage:          criteria.WholeImage.ValueBoolPointer(), KeyID: criteria.CMKID.ValueString(),
		CreatedAt: search.Created.ValueString(), UpdatedAt: search.Updated.ValueString(), Support: framework.Strings(search.Support),
		SortKey: search.SortKey.ValueString(), SortDirection: search.SortDirection.ValueString(),
	}
	if bit := criteria.OSBit; !bit.IsNull() {
		filter.OSBit = strconv.FormatInt(bit.ValueInt64(), 10)
	}
	// The service takes one tag; the others are looked for in what it answers.
	for _, tag := range ims.Tags(framework.Strings(search.Tags)) {
		filter.Tag = tag.Key + "=" + tag.Value
		break
	}
	switch criteria.ImageType.ValueString() {
	case imageTypePublic:
		protected := true
		filter.ImageType, filter.Visibility, filter.Protected = ims.ImageTypePublic, "public", &protected
	case imageTypePrivate:
		// An own image that is shared has another type: the owner tells.
		filter.Owner = cmp.Or(filter.Owner, projectID)
	case imageTypeShared:
		filter.ImageType, filter.Visibility = ims.ImageTypeShared, "shared"
		filter.MemberStatus = cmp.Or(search.MemberStatus.ValueString(), memberStatuses[0])
	}
	return filter
}

// sortValues are what images can be ordered by.
var sortValues = map[string]func(a, b *ims.Image) int{
	"name":             func(a, b *ims.Image) int { return strings.Compare(a.Name, b.Name) },
	"container_format": func(a, b *ims.Image) int { return strings.Compare(a.ContainerFormat, b.ContainerFormat) },
	"disk_format":      func(a, b *ims.Image) int { return strings.Compare(a.DiskFormat, b.DiskFormat) },
	"status":           func(a, b *ims.Image) int { return strings.Compare(a.Status, b.Status) },
	"id":               func(a, b *ims.Image) int { return strings.Compare(a.ID, b.ID) },
	"created_at":       func(a, b *ims.Image) int { return a.CreatedAt.Compare(b.CreatedAt.Time) },
}

func sortKeys() []string {
	return []string{"name", "container_format", "disk_format", "status", "id", "created_at"}
}

// order sorts images in the one way that the arguments name, whatever order the service gave them in.
func order(images []ims.Image, key, direction string) {
	value := sortValues[cmp.Or(key, "created_at")]
	slices.SortFunc(images, func(a, b ims.Image) int {
		sorted := cmp.Or(value(&a, &b), strings.Compare(a.ID, b.ID))
		if cmp.Or(direction, "desc") == "desc" {
			return -sorted
		}
		return sorted
	})
}
