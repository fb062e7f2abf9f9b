package share

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// shareModel is all that an image is shared with.
type shareModel struct {
	ImageID    types.String   `tfsdk:"image_id"`
	ProjectIDs types.Set      `tfsdk:"project_ids"`
	DomainIDs  types.Set      `tfsdk:"domain_ids"` // null: domains are not managed
	Members    types.List     `tfsdk:"members"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

// newShareModel is a share of which only the image is known.
func newShareModel(ctx context.Context, imageID string) *shareModel {
	return &shareModel{
		ImageID: types.StringValue(imageID), ProjectIDs: idSet(ims.MemberProject, nil),
		DomainIDs: types.SetNull(types.StringType), Members: types.ListNull(memberObject),
		Timeouts: defaultTimeouts.Null(ctx),
	}
}

func (m *shareModel) image() string { return m.ImageID.ValueString() }

func (m *shareModel) importID() string { return m.image() }

func (m *shareModel) identity(scope *cloud.Scope) any {
	return shareIdentity{Region: types.StringValue(scope.Region), ImageID: m.ImageID}
}

// recipients are all that are known of whom the image is shared with.
func (m *shareModel) recipients() []ims.Recipient {
	return append(recipientsIn(ims.MemberProject, m.ProjectIDs), recipientsIn(ims.MemberDomain, m.DomainIDs)...)
}

// managed are the types of members of which the share is all. Others are left alone.
func (m *shareModel) managed() []string {
	if m.DomainIDs.IsNull() {
		return []string{ims.MemberProject}
	}
	return []string{ims.MemberProject, ims.MemberDomain}
}

// read takes over the members, and is shared with those of them that it manages.
func (m *shareModel) read(ctx context.Context, members []ims.Member, diagnostics *diag.Diagnostics) {
	m.ProjectIDs = idSet(ims.MemberProject, recipientsOf(members))
	if !m.DomainIDs.IsNull() {
		m.DomainIDs = idSet(ims.MemberDomain, recipientsOf(members))
	}
	m.Members = memberList(ctx, members, diagnostics)
}

func shareSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "All with whom a private image is shared: projects, and on Huawei Cloud domains. A project " +
			"that somebody else adds is shown by the next plan and removed by the next apply. Use it once for an image at " +
			"most, and not together with `ims_image_share_member`. The image is shared within its region. Destroying the " +
			"resource ends the sharing with all that it names; servers and disks that were made from the image stay.\n\n" +
			"With `create_before_destroy` on the image, the share and its acceptances, receivers have the new image before " +
			"they lose the old one. A replacement of a share of the same image, or a resource of another name for it, takes " +
			"over what the old one shared if it names all of that, and the end of the old one takes nothing from it; " +
			"otherwise the apply refuses it. When such an apply is cut between the two, the next one may end the sharing, and " +
			"the one after it shares again: prefer `moved` blocks to new names.\n\n" +
			"An existing share is imported by the id of the image. The plan after an import is empty if `project_ids` names " +
			"exactly the projects that the image is shared with, and `domain_ids` is left out.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{idRule},
				MarkdownDescription: "Id of the image: a private one of the project that the provider is configured for, not " +
					"encrypted. Changing this replaces the share.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"project_ids": schema.SetAttribute{
				Required: true, ElementType: types.StringType, Validators: idSetRules,
				MarkdownDescription: fmt.Sprintf("Ids of the projects that the image is shared with: up to %d (Swiss Open Telekom "+
					"Cloud: %d), of a full-ECS image up to %d (Swiss Open Telekom Cloud: none), and not the image's own. An empty "+
					"set shares it with no project. Changed in place; projects that stay are not affected.",
					ims.MaxMembers, ims.MaxMembersSwiss, ims.MaxWholeImageShares),
			},
			"domain_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType, Validators: idSetRules,
				MarkdownDescription: "Ids of the domains (accounts) that the image is shared with, on Huawei Cloud; other clouds " +
					"refuse them. They count like projects. Without it, domains that others share the image with are left alone. " +
					"Changed in place; taking the argument out ends the sharing with those that it named.",
			},
			"members": schema.ListNestedAttribute{
				Computed: true, NestedObject: memberAttributes(),
				MarkdownDescription: "All that the image is shared with and their answers, in the order of their ids. Null if " +
					"the creation was interrupted before they could be read.",
			},
			"timeouts": defaultTimeouts.Attribute(ctx),
		},
	}
}
