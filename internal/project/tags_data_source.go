package project

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

type tagsDataSource struct{ *framework.ProviderData }

var _ datasource.DataSourceWithConfigure = &tagsDataSource{}

// NewTagsDataSource is the data source ims_tags.
func NewTagsDataSource() datasource.DataSource { return &tagsDataSource{} }

type tagsModel struct {
	Tags map[string][]string `tfsdk:"tags"`
}

func (d *tagsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_tags"
}

func (d *tagsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All tags of the project's images.",
		Attributes: map[string]schema.Attribute{
			"tags": schema.MapAttribute{
				Computed: true, ElementType: types.SetType{ElemType: types.StringType},
				MarkdownDescription: "Values of the tags, by key. A tag without a value has the empty string.",
			},
		},
	}
}

func (d *tagsDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *tagsDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	tags, err := d.Client.ProjectTags(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Unable to find tags", framework.Detail("", err, ""))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &tagsModel{Tags: tags})...)
}
