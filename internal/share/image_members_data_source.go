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
	Members    []memberModel `tfsdk:"members"`
}

func (d *imageMembersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_members"
}

func (d *imageMembersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Projects that an image is shared with, and what they answered. The image's owner sees them all, a project that it is shared with only itself.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{Required: true, Validators: []validator.String{idRule}, MarkdownDescription: "Id of the image."},
			"status": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(memberStatuses...)},
				MarkdownDescription: "Answer of the projects to look for: " + framework.OneOf(memberStatuses) + ". Default: all.",
			},
			"project_ids": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Ids of the projects found."},
			"members": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Projects found, in the order of their ids. Empty if there are none.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"project_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
					"status":     schema.StringAttribute{Computed: true, MarkdownDescription: describeStatus},
					"created_at": schema.StringAttribute{Computed: true, MarkdownDescription: describeCreatedAt},
					"updated_at": schema.StringAttribute{Computed: true, MarkdownDescription: describeUpdatedAt},
				}},
			},
		},
	}
}

func (d *imageMembersDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *imageMembersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config imageMembersModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	members, err := d.Client.Members(ctx, config.ImageID.ValueString())
	if ims.IsNotFound(err) {
		resp.Diagnostics.AddError("Unable to find image members", "There is no image "+config.ImageID.ValueString()+" that the project of the provider can see.")
		return
	}
	if err != nil {
		resp.Diagnostics.AddError("Unable to find image members", adviceOnCodes.Detail("", err, ""))
		return
	}
	if wanted := config.Status.ValueString(); wanted != "" {
		members = slices.DeleteFunc(members, func(m ims.Member) bool { return m.Status != wanted })
	}
	config.ProjectIDs, config.Members = projectSet(projectsOf(members)), membersOf(members)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}
