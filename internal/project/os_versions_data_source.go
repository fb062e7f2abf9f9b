package project

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

type osVersionsDataSource struct{ *framework.ProviderData }

var _ datasource.DataSourceWithConfigure = &osVersionsDataSource{}

// NewOSVersionsDataSource is the data source ims_os_versions.
func NewOSVersionsDataSource() datasource.DataSource { return &osVersionsDataSource{} }

type osVersionsModel struct {
	Tags       []types.String   `tfsdk:"tags"`
	Platform   types.String     `tfsdk:"platform"`
	OSVersions []osVersionModel `tfsdk:"os_versions"`
}

type osVersionModel struct {
	Platform     types.String `tfsdk:"platform"`
	OSVersion    types.String `tfsdk:"os_version"`
	OSVersionKey types.String `tfsdk:"os_version_key"`
	OSType       types.String `tfsdk:"os_type"`
	OSBit        types.Int64  `tfsdk:"os_bit"`
}

func (d *osVersionsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_os_versions"
}

func (d *osVersionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attribute := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Operating systems that the service supports, as values for `os_version`. Not every cloud has " +
			"such a list; on one without it, reading is an error.",
		Attributes: map[string]schema.Attribute{
			"tags": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Set{
					framework.NoNulls{}, setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
				},
				MarkdownDescription: "Tags of the service's list, such as `x86`, `arm` or `bms`. Versions with at least one of " +
					"them are found. Default: all versions.",
			},
			"platform": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Platform of the versions to find, spelled as the service does, such as `Debian` or " +
					"`Windows`. Default: all platforms.",
			},
			"os_versions": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Versions found, in the service's order. Empty if there are none.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"platform":       attribute("Platform, such as `Debian` or `Windows`."),
					"os_version":     attribute("Version, such as `Debian GNU/Linux 12.0.0 64bit`."),
					"os_version_key": attribute("Key of the version at the service."),
					"os_type":        attribute("Type of the operating system: `Linux` or `Windows`."),
					"os_bit":         schema.Int64Attribute{Computed: true, MarkdownDescription: "Word size: `32` or `64`."},
				}},
			},
		},
	}
}

func (d *osVersionsDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *osVersionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config osVersionsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	var tags []string
	for _, tag := range config.Tags {
		tags = append(tags, tag.ValueString())
	}
	versions, err := d.Client.OSVersions(ctx, tags)
	if err != nil {
		sentence := ""
		if ims.HasCode(err, ims.CodeNoAPI) {
			sentence = "This cloud has no list of the operating systems that it supports. Its documentation names the values " +
				"of os_version."
		}
		resp.Diagnostics.AddError("Unable to find OS versions", framework.Detail(sentence, err, ""))
		return
	}
	config.OSVersions = []osVersionModel{}
	for _, version := range versions {
		if config.Platform.IsNull() || version.Platform == config.Platform.ValueString() {
			config.OSVersions = append(config.OSVersions, osVersionOf(version))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

func osVersionOf(version ims.OSVersion) osVersionModel {
	return osVersionModel{
		Platform:     framework.StringOrNull(version.Platform),
		OSVersion:    framework.StringOrNull(version.Version),
		OSVersionKey: framework.StringOrNull(version.Key),
		OSType:       framework.StringOrNull(version.Type),
		OSBit:        types.Int64Value(int64(version.Bit)),
	}
}
