package image

import (
	"context"
	"maps"

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

// imageDataSourceModel is one image; what it shares with the criteria is both.
type imageDataSourceModel struct {
	foundModel
	searchModel
}

func (m *imageDataSourceModel) criteria() criteriaModel {
	return criteriaModel{
		ImageType: m.ImageType, Name: m.Name, Platform: m.Platform, OSType: m.OSType, OSBit: m.OSBit, OSVersion: m.OSVersion,
		Architecture: m.Architecture, VirtualEnvType: m.VirtualEnvType, Status: m.Status, Owner: m.Owner,
		EnterpriseProjectID: m.EnterpriseProjectID, WholeImage: m.WholeImage, CMKID: m.CMKID,
	}
}

func (d *imageDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

func (d *imageDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := foundAttributes()
	maps.Copy(attributes, criteriaAttributes(true))
	maps.Copy(attributes, searchAttributes())
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: "Id of the image, to look up the one that has it.",
	}
	attributes["status"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf(ims.Statuses...)},
		MarkdownDescription: "Status of the image: " + framework.OneOf(ims.Statuses) + ". Default: `" + ims.StatusActive + "`, that of an image that can be used.",
	}
	attributes["owner"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: "Id of the project that owns the image. Required with `image_type = \"shared\"`: any project can share an image of any name.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One image: public, private, or shared by another project. Every page of the service's list is read. " +
			"It is an error if no image matches, or if several do and `most_recent` is not `true`.",
		Attributes: attributes,
	}
}

func (d *imageDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *imageDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config imageDataSourceModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	checkSearch(config.criteria(), config.searchModel, &resp.Diagnostics)
	if config.ImageType.ValueString() == imageTypeShared && config.Owner.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("owner"), "Missing owner of the shared image",
			"With image_type = \"shared\", owner must say which project's image is meant: any project can share an image of any name.")
	}
}

func (d *imageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config imageDataSourceModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	criteria := config.criteria()
	if criteria.Status.IsNull() {
		criteria.Status = types.StringValue(ims.StatusActive)
	}
	images, err := find(ctx, d.Client, config.ID.ValueString(), criteria, config.searchModel)
	switch {
	case err != nil:
		resp.Diagnostics.AddError("Unable to find image", framework.Detail("", err, ""))
	case len(images) == 0:
		resp.Diagnostics.AddError("No image found", "No image fits the criteria. Loosen them, or look at what there is with the data source ims_images. "+
			"Images that are not "+criteria.Status.ValueString()+" were left out, and so were those that other projects share, unless image_type is "+imageTypeShared+".")
	case len(images) > 1:
		resp.Diagnostics.AddError("Several images found", "These images fit the criteria:"+candidates(images)+
			"\n\nNarrow the criteria down to one image, or set most_recent = true to take the one that was registered last.")
	default:
		imageType, project := config.ImageType, config.EnterpriseProjectID
		config.foundModel = found(&images[0])
		// What the configuration says in the provider's own words stays as it said it.
		if !imageType.IsNull() {
			config.ImageType = imageType
		}
		if !project.IsNull() {
			config.EnterpriseProjectID = project
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
	}
}
