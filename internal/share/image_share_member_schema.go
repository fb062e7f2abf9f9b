package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// shareMemberModel is one project or domain that an image is shared with.
type shareMemberModel struct {
	ImageID   types.String   `tfsdk:"image_id"`
	ProjectID types.String   `tfsdk:"project_id"`
	DomainID  types.String   `tfsdk:"domain_id"`
	Status    types.String   `tfsdk:"status"`
	CreatedAt types.String   `tfsdk:"created_at"`
	UpdatedAt types.String   `tfsdk:"updated_at"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

// newShareMemberModel is a member of which only the name is known.
func newShareMemberModel(ctx context.Context, imageID string, who ims.Recipient) *shareMemberModel {
	m := &shareMemberModel{ImageID: types.StringValue(imageID), Timeouts: defaultTimeouts.Null(ctx)}
	if who.Type == ims.MemberDomain {
		m.DomainID = types.StringValue(who.ID)
	} else {
		m.ProjectID = types.StringValue(who.ID)
	}
	return m
}

func (m *shareMemberModel) image() string { return m.ImageID.ValueString() }

func (m *shareMemberModel) importID() string {
	if !m.DomainID.IsNull() {
		return m.image() + "/" + ims.MemberDomain + "/" + m.DomainID.ValueString()
	}
	return m.image() + "/" + m.ProjectID.ValueString()
}

func (m *shareMemberModel) identity(scope *cloud.Scope) any {
	return memberIdentity{
		Region: types.StringValue(scope.Region), ImageID: m.ImageID, ProjectID: m.ProjectID, DomainID: m.DomainID,
	}
}

// recipient is whom the image is shared with.
func (m *shareMemberModel) recipient() ims.Recipient {
	if !m.DomainID.IsNull() {
		return ims.Recipient{Type: ims.MemberDomain, ID: m.DomainID.ValueString()}
	}
	return ims.Recipient{Type: ims.MemberProject, ID: m.ProjectID.ValueString()}
}

// read takes over what the list of members shows of this one; null if it does not.
func (m *shareMemberModel) read(members []ims.Member) {
	m.Status, m.CreatedAt, m.UpdatedAt = types.StringNull(), types.StringNull(), types.StringNull()
	for i := range members {
		if found := &members[i]; found.Recipient() == m.recipient() {
			m.Status = framework.StringOrNull(found.Status)
			m.CreatedAt = framework.StringOrNull(found.CreatedAt.String())
			m.UpdatedAt = framework.StringOrNull(found.UpdatedAt.String())
		}
	}
}

func shareMemberSchema(ctx context.Context) schema.Schema {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return schema.Schema{
		MarkdownDescription: "One project that a private image is shared with, or on Huawei Cloud one domain, for " +
			"configurations that do not manage all that the image is shared with. Do not use it together with " +
			"`ims_image_share` for the same image: that one removes every project that it does not name. Destroying the " +
			"resource ends the sharing with this one; servers and disks that were made from the image stay.\n\n" +
			"An existing member is imported as `<image_id>/<project_id>` or `<image_id>/domain/<domain_id>`. The plan after " +
			"an import is empty.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{idRule}, PlanModifiers: replace,
				MarkdownDescription: "Id of the image: a private one of the project that the provider is configured for, not " +
					"encrypted. Changing this replaces the share.",
			},
			"project_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{idRule}, PlanModifiers: replace,
				MarkdownDescription: "Id of the project that the image is shared with, in the same region and not the image's " +
					"own. Exactly one of `project_id` and `domain_id` is needed. Changing this replaces the share.",
			},
			"domain_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{idRule}, PlanModifiers: replace,
				MarkdownDescription: "Id of the domain (account) that the image is shared with, on Huawei Cloud; other clouds " +
					"refuse it. Changing this replaces the share.",
			},
			"status":     framework.ComputedString(describeStatus),
			"created_at": framework.ComputedString(describeCreatedAt),
			"updated_at": framework.ComputedString(describeUpdatedAt),
			"timeouts":   defaultTimeouts.Attribute(ctx),
		},
	}
}
