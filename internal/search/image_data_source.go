package search

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

type imageDataSource struct{ *framework.ProviderData }

var (
	_ datasource.DataSourceWithConfigure      = &imageDataSource{}
	_ datasource.DataSourceWithValidateConfig = &imageDataSource{}
)

// NewImageDataSource is the data source ims_image.
func NewImageDataSource() datasource.DataSource { return &imageDataSource{} }

func (d *imageDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

func (d *imageDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := foundSchema()
	maps.Copy(attributes, criteriaSchema(true))
	attributes["status"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf(ims.Statuses...)},
		MarkdownDescription: describe("status") + " Default: `" + ims.StatusActive + "`, that of an image that can be used.",
	}
	attributes["owner"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: describe("owner") +
			" Required with `image_type = \"shared\"`: any project can share an image of any name.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One image: public, private, or shared by another project. Every page of the service's list " +
			"is read. It is an error if no image matches, or if several do and `most_recent` is not `true`.",
		Attributes: attributes,
	}
}

func (d *imageDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *imageDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	_, criteria := configured(ctx, req.Config, &resp.Diagnostics)
	if criteria.ImageType.ValueString() == TypeShared && criteria.Owner.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("owner"), "Missing owner of the shared image",
			"With image_type = \"shared\", owner must say which project's image is meant: any project can share an image "+
				"of any name.")
	}
}

func (d *imageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, criteria := configured(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if criteria.Status.IsNull() {
		criteria.Status = types.StringValue(ims.StatusActive)
	}
	var images []ims.Image
	q, err := newQuery(ctx, d.Client, &criteria)
	if err == nil {
		images, err = q.find(ctx)
	}
	switch {
	case err != nil:
		resp.Diagnostics.AddError("Unable to find image", framework.Detail("", err, ""))
	case len(images) == 0:
		resp.Diagnostics.AddError("No image found", q.nothingFound(q.nearMisses(ctx)))
	case len(images) > 1:
		resp.Diagnostics.AddError("Several images found", "These images fit the criteria:"+candidates(images)+
			"\n\nNarrow the criteria down to one image, or set most_recent = true to take the one that was registered last.")
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, filled(ctx, config, &images[0]))...)
	}
}

// filled is the configuration with the attributes of the image that it found.
func filled(ctx context.Context, config types.Object, image *ims.Image) types.Object {
	values := config.Attributes()
	for name, value := range valuesOf(image) {
		// What the configuration says in words of its own stays as it is.
		if own := name == "image_type" || name == "enterprise_project_id"; !own || values[name].IsNull() {
			values[name] = value
		}
	}
	return types.ObjectValueMust(config.AttributeTypes(ctx), values)
}

// candidates lists the first images that a search found, for an error about it.
func candidates(images []ims.Image) string {
	lines := make([]string, len(images))
	for i := range images {
		lines[i] = inWords(&images[i])
	}
	return firstOf(lines)
}

// inWords is an image in an error's list.
func inWords(image *ims.Image) string {
	return fmt.Sprintf("%s  %s  %s", image.ID, image.CreatedAt, image.Name)
}

// firstOf lists the first lines, each on one of its own.
func firstOf(lines []string) string {
	const most = 5
	var list strings.Builder
	for i, line := range lines {
		if i == most {
			fmt.Fprintf(&list, "\n  … and %d more", len(lines)-most)
			break
		}
		list.WriteString("\n  " + line)
	}
	return list.String()
}
