package image

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

type imagesDataSource struct{ *framework.ProviderData }

var (
	_ datasource.DataSourceWithConfigure      = &imagesDataSource{}
	_ datasource.DataSourceWithValidateConfig = &imagesDataSource{}
)

// NewImagesDataSource is the data source ims_images.
func NewImagesDataSource() datasource.DataSource { return &imagesDataSource{} }

type imagesDataSourceModel struct {
	criteriaModel
	searchModel
	IDs    []types.String `tfsdk:"ids"`
	Images []foundModel   `tfsdk:"images"`
}

func (d *imagesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_images"
}

func (d *imagesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"ids": schema.ListAttribute{
			Computed: true, ElementType: types.StringType, MarkdownDescription: "Ids of the images found, in order.",
		},
		"images": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Images found, in order. Empty if there are none.",
			NestedObject: schema.NestedAttributeObject{Attributes: foundAttributes()},
		},
	}
	maps.Copy(attributes, criteriaAttributes(false))
	maps.Copy(attributes, searchAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "All images that fit the criteria: public, private, or shared by other projects. Every page of the service's list is read, and the order is always the same.",
		Attributes:          attributes,
	}
}

func (d *imagesDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *imagesDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config imagesDataSourceModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() {
		checkSearch(config.criteriaModel, config.searchModel, &resp.Diagnostics)
	}
}

func (d *imagesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config imagesDataSourceModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	images, err := find(ctx, d.Client, "", config.criteriaModel, config.searchModel)
	if err != nil {
		resp.Diagnostics.AddError("Unable to find images", framework.Detail("", err, ""))
		return
	}
	config.IDs = []types.String{}
	config.Images = []foundModel{}
	for i := range images {
		config.IDs = append(config.IDs, types.StringValue(images[i].ID))
		config.Images = append(config.Images, found(&images[i]))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// checkSearch finds criteria that contradict each other.
func checkSearch(criteria criteriaModel, search searchModel, diagnostics *diag.Diagnostics) {
	if !search.MemberStatus.IsNull() && !criteria.ImageType.IsUnknown() && criteria.ImageType.ValueString() != imageTypeShared {
		diagnostics.AddAttributeError(path.Root("member_status"), "Criterion without effect", "member_status goes with image_type = \"shared\" only.")
	}
}
