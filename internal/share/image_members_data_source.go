package share

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

type imageMembersDataSource struct{ *framework.ProviderData }

var _ datasource.DataSourceWithConfigure = &imageMembersDataSource{}

// NewImageMembersDataSource is the data source ims_image_members.
func NewImageMembersDataSource() datasource.DataSource { return &imageMembersDataSource{} }

type imageMembersModel struct {
	ImageID    types.String  `tfsdk:"image_id"`
	Status     types.String  `tfsdk:"status"`
	ProjectIDs types.Set     `tfsdk:"project_ids"`
	DomainIDs  types.Set     `tfsdk:"domain_ids"`
	Members    []memberModel `tfsdk:"members"`
}

func (d *imageMembersDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image_members"
}

func (d *imageMembersDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All with whom an image is shared, and what they answered: projects, and on Huawei Cloud " +
			"domains and organizations. The image's owner sees them all, a project that it is shared with only itself.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{idRule}, MarkdownDescription: "Id of the image.",
			},
			"status": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(memberStatuses...)},
				MarkdownDescription: "Answer to look for: " + framework.OneOf(memberStatuses) + ". Default: all.",
			},
			"project_ids": schema.SetAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "Ids of the projects found.",
			},
			"domain_ids": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of the domains (accounts) found; only Huawei Cloud has them.",
			},
			"members": schema.ListNestedAttribute{
				Computed: true, NestedObject: foundMemberAttributes(),
				MarkdownDescription: "All that were found, in the order of their ids. Empty if there are none.",
			},
		},
	}
}

func (d *imageMembersDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *imageMembersDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var config imageMembersModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to find image members"
	id := config.ImageID.ValueString()
	members, err := d.Client.Members(ctx, id)
	switch {
	case ims.IsNotFound(err):
		resp.Diagnostics.AddError(summary, "There is no image "+id+" that the project of the provider can see.")
		return
	case err != nil:
		resp.Diagnostics.AddError(summary, adviceOnCodes.Detail("", err, ""))
		return
	}
	if wanted := config.Status.ValueString(); wanted != "" {
		members = slices.DeleteFunc(members, func(m ims.Member) bool { return m.Status != wanted })
	}

	found := recipientsOf(members)
	config.ProjectIDs, config.DomainIDs = idSet(ims.MemberProject, found), idSet(ims.MemberDomain, found)
	config.Members = membersOf(members)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}
