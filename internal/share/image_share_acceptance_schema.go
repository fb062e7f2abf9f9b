package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// answers are what a project can say to a share.
var answers = []string{ims.MemberAccepted, ims.MemberRejected}

// acceptanceModel is a project's answer to a share.
type acceptanceModel struct {
	ImageID   types.String   `tfsdk:"image_id"`
	Status    types.String   `tfsdk:"status"`
	VaultID   types.String   `tfsdk:"vault_id"`
	ProjectID types.String   `tfsdk:"project_id"`
	CreatedAt types.String   `tfsdk:"created_at"`
	UpdatedAt types.String   `tfsdk:"updated_at"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

func (m *acceptanceModel) image() string { return m.ImageID.ValueString() }

func (m *acceptanceModel) importID() string { return m.image() }

func (m *acceptanceModel) identity(scope *cloud.Scope) any {
	identity := acceptanceIdentity{Region: types.StringValue(scope.Region), ImageID: m.ImageID, ProjectID: m.ProjectID}
	framework.SetIfUnset(&identity.ProjectID, types.StringValue(scope.ProjectID))
	return identity
}

// needsAnswer is true of a change for which the service is to be asked. A vault given to an answer that has none is
// only recorded: an answer that needs one could not have been given without, so that it comes from an import.
func (m *acceptanceModel) needsAnswer(state *acceptanceModel) bool {
	isOtherVault := !state.VaultID.IsNull() && !m.VaultID.IsNull() && !m.VaultID.Equal(state.VaultID)
	return !m.Status.Equal(state.Status) || m.Status.ValueString() == ims.MemberAccepted && isOtherVault
}

// read takes over what the service shows of the answer, which is nothing of the vault. Of an answer that could not be
// read back, nothing changes.
func (m *acceptanceModel) read(seen sighting, project string) {
	m.ProjectID = types.StringValue(project)
	var member ims.Member
	if len(seen.members) > 0 {
		member = seen.members[0]
		m.Status = framework.StringOrNull(member.Status)
	}
	for _, moment := range []struct {
		in    *types.String
		shown ims.Timestamp
	}{{&m.CreatedAt, member.CreatedAt}, {&m.UpdatedAt, member.UpdatedAt}} {
		if !moment.shown.IsZero() || moment.in.IsUnknown() {
			*moment.in = framework.StringOrNull(moment.shown.String())
		}
	}
}

func acceptanceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "The answer to a share: the project that the provider is configured for accepts or rejects an " +
			"image that another project shares with it. Creating the resource waits up to two minutes for the share to " +
			"appear, so that the share can be made in the same apply. Destroying it rejects the share, which hides the image; " +
			"servers and disks made from it stay. A share that its owner withdraws is removed from the state.\n\n" +
			"An existing answer is imported by the id of the image. The plan after an import is empty if `status` is the " +
			"answer that was given; `vault_id` is recorded by one update in place that sends nothing.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{idRule},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "Id of the image, which another project shares with this one. Changing this replaces the " +
					"answer.",
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(ims.MemberAccepted),
				Validators: []validator.String{stringvalidator.OneOf(answers...)},
				MarkdownDescription: "Answer: " + framework.OneOf(answers) + ". Default: `" + ims.MemberAccepted + "`. Changed " +
					"in place, in either direction.",
			},
			"vault_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{idRule},
				MarkdownDescription: "Id of the CBR vault that the backup of a full-ECS image is put into; accepting such an " +
					"image needs it. Changing it answers again, in place. The service never reports it: after an import it is only " +
					"recorded.",
			},
			"project_id": framework.ComputedString("Id of the project that answers: the one that the provider is configured " +
				"for."),
			"created_at": framework.ComputedString("When the image was shared with the project, in RFC 3339, UTC."),
			"updated_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the project last answered, or the image was shared with it, in RFC 3339, UTC.",
			},
			"timeouts": defaultTimeouts.Attribute(ctx),
		},
	}
}
