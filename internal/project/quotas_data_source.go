package project

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

type quotasDataSource struct{ *framework.ProviderData }

var _ datasource.DataSourceWithConfigure = &quotasDataSource{}

// NewQuotasDataSource is the data source ims_quotas.
func NewQuotasDataSource() datasource.DataSource { return &quotasDataSource{} }

type quotasModel struct {
	Quotas map[string]quotaModel `tfsdk:"quotas"`
}

type quotaModel struct {
	Used  types.Int64 `tfsdk:"used"`
	Quota types.Int64 `tfsdk:"quota"`
	Min   types.Int64 `tfsdk:"min"`
	Max   types.Int64 `tfsdk:"max"`
}

func (d *quotasDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_quotas"
}

func (d *quotasDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	number := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Quotas of the project: how many images it may have, and how many it has.",
		Attributes: map[string]schema.Attribute{
			"quotas": schema.MapNestedAttribute{
				Computed: true, MarkdownDescription: "Quotas, by the type of what they limit: `image` stands for private images.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"used":  number("Number in use."),
					"quota": number("Number allowed."),
					"min":   number("Smallest value that the quota can be set to."),
					"max":   number("Largest value that the quota can be set to."),
				}},
			},
		},
	}
}

func (d *quotasDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *quotasDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	quotas, err := d.Client.Quotas(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Unable to find quotas", framework.Detail("", err, ""))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &quotasModel{Quotas: quotasOf(quotas)})...)
}

func quotasOf(quotas []ims.Quota) map[string]quotaModel {
	models := make(map[string]quotaModel, len(quotas))
	for _, quota := range quotas {
		models[quota.Type] = quotaModel{
			Used: types.Int64Value(int64(quota.Used)), Quota: types.Int64Value(int64(quota.Quota)),
			Min: types.Int64Value(int64(quota.Min)), Max: types.Int64Value(int64(quota.Max)),
		}
	}
	return models
}
