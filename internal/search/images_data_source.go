package search

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

type imagesDataSource struct{ *framework.ProviderData }

var (
	_ datasource.DataSourceWithConfigure      = &imagesDataSource{}
	_ datasource.DataSourceWithValidateConfig = &imagesDataSource{}
)

// NewImagesDataSource is the data source ims_images.
func NewImagesDataSource() datasource.DataSource { return &imagesDataSource{} }

func (d *imagesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_images"
}

func (d *imagesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := imagesSchema()
	maps.Copy(attributes, criteriaSchema(false))
	delete(attributes, "id") // which finds one image: that is what ims_image is for
	attributes["status"] = schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.OneOf(ims.Statuses...)},
		MarkdownDescription: describe("status") + " Default: all; with `most_recent`, `" + ims.StatusActive +
			"`, that of an image that can be used.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All images that fit the criteria: public, private, or shared by other projects. Every page " +
			"of the service's list is read, and the order is always the same. Images that are not finished are among them, " +
			"unless `status` or `most_recent` says otherwise.",
		Attributes: attributes,
	}
}

func (d *imagesDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *imagesDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	configured(ctx, req.Config, &resp.Diagnostics)
}

func (d *imagesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, criteria := configured(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if criteria.Status.IsNull() && criteria.MostRecent.ValueBool() {
		criteria.Status = types.StringValue(ims.StatusActive)
	}
	images, err := Find(ctx, d.Client, &criteria)
	if err != nil {
		resp.Diagnostics.AddError("Unable to find images", framework.Detail("", err, ""))
		return
	}
	values, result := config.Attributes(), imagesOf(images)
	values["ids"], values["images"] = result.IDs, result.Images
	resp.Diagnostics.Append(resp.State.Set(ctx, types.ObjectValueMust(config.AttributeTypes(ctx), values))...)
}
