package search

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

type imagesByTagsDataSource struct{ *framework.ProviderData }

var (
	_ datasource.DataSourceWithConfigure      = &imagesByTagsDataSource{}
	_ datasource.DataSourceWithValidateConfig = &imagesByTagsDataSource{}
)

// NewImagesByTagsDataSource is the data source ims_images_by_tags.
func NewImagesByTagsDataSource() datasource.DataSource { return &imagesByTagsDataSource{} }

type imagesByTagsModel struct {
	Tags          types.Map  `tfsdk:"tags"`
	TagsAny       types.Map  `tfsdk:"tags_any"`
	NotTags       types.Map  `tfsdk:"not_tags"`
	NotTagsAny    types.Map  `tfsdk:"not_tags_any"`
	WithoutAnyTag types.Bool `tfsdk:"without_any_tag"`
	Matches       types.Map  `tfsdk:"matches"`
	imagesModel
}

// conditions are the tag conditions by the names of their attributes.
func (m *imagesByTagsModel) conditions() map[string]types.Map {
	return map[string]types.Map{
		"tags": m.Tags, "tags_any": m.TagsAny, "not_tags": m.NotTags, "not_tags_any": m.NotTagsAny,
	}
}

const (
	mostConditionKeys   = 10 // API reference, Querying Images by Tag
	mostConditionValues = 10
)

// matchable are what the service compares besides tags.
var matchable = []string{"resource_name", "resource_id"}

const longestMatch = 255 // API reference, Querying Images by Tag

func (d *imagesByTagsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_images_by_tags"
}

func (d *imagesByTagsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	condition := func(description string) schema.MapAttribute {
		return schema.MapAttribute{
			Optional: true, ElementType: types.SetType{ElemType: types.StringType},
			MarkdownDescription: fmt.Sprintf("%s Map of tag keys to values: a tag matches if it has one of the values; an "+
				"empty set matches any value. Up to %d keys with up to %d values each.",
				description, mostConditionKeys, mostConditionValues),
			Validators: []validator.Map{
				mapvalidator.SizeBetween(1, mostConditionKeys),
				mapvalidator.KeysAre(stringvalidator.LengthBetween(1, ims.MaxTagKeyLength)),
				mapvalidator.ValueSetsAre(setvalidator.SizeAtMost(mostConditionValues)),
				framework.NoNulls{Element: "tag", Instead: "an empty set, which matches any value"},
			},
		}
	}
	attributes := imagesSchema()
	maps.Copy(attributes, map[string]schema.Attribute{
		"tags":         condition("Tags that the images have, all of them."),
		"tags_any":     condition("Tags of which the images have at least one."),
		"not_tags":     condition("Tags of which the images lack at least one."),
		"not_tags_any": condition("Tags of which the images have none."),
		"without_any_tag": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to look for images without any tag. Cannot be combined with conditions on tags. " +
				"Default: `false`.",
		},
		"matches": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "What the images match besides: `resource_name`, a part of the name (the service looks for " +
				"it anywhere in the name; ims_images finds an exact name), or `resource_id`, the id.",
			Validators: []validator.Map{
				mapvalidator.KeysAre(stringvalidator.OneOf(matchable...)),
				mapvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, longestMatch)),
				framework.NoNulls{Element: "attribute", Instead: "a value"},
			},
		},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "The project's own images that fit all conditions on their tags. Every page of the service's " +
			"list is read, and the newest image comes first. Images that are not finished are among them: see their `status`.",
		Attributes: attributes,
	}
}

func (d *imagesByTagsDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *imagesByTagsDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var config imagesByTagsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	conditions := config.conditions()
	for _, name := range slices.Sorted(maps.Keys(conditions)) {
		if !conditions[name].IsNull() && config.WithoutAnyTag.ValueBool() {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Conditions that exclude each other",
				"An image without any tag fits no condition on its tags: leave out "+name+" or without_any_tag.")
		}
	}
}

func (d *imagesByTagsDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config imagesByTagsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	images, err := d.Client.ImagesByTags(ctx, ims.TagQuery{
		Tags: tagConditions(config.Tags), TagsAny: tagConditions(config.TagsAny),
		NotTags: tagConditions(config.NotTags), NotTagsAny: tagConditions(config.NotTagsAny),
		WithoutAnyTag: config.WithoutAnyTag.ValueBool(), Matches: ims.Tags(framework.Strings(config.Matches)),
	})
	if err != nil {
		resp.Diagnostics.AddError("Unable to find images by tags", framework.Detail("", err, ""))
		return
	}
	order(images, "", "")
	config.imagesModel = imagesOf(images)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// tagConditions are the conditions of an attribute, in the order of their keys.
func tagConditions(conditions types.Map) []ims.TagValues {
	elements := conditions.Elements()
	list := make([]ims.TagValues, 0, len(elements))
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		condition := ims.TagValues{Key: key, Values: []string{}}
		if set, ok := elements[key].(types.Set); ok {
			for _, element := range set.Elements() {
				if value, ok := element.(types.String); ok {
					condition.Values = append(condition.Values, value.ValueString())
				}
			}
		}
		slices.Sort(condition.Values)
		list = append(list, condition)
	}
	return list
}
