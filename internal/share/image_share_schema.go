package share

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// shareModel is all that an image is shared with.
type shareModel struct {
	ImageID    types.String   `tfsdk:"image_id"`
	ProjectIDs types.Set      `tfsdk:"project_ids"`
	Members    types.List     `tfsdk:"members"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func shareSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "All projects that a private image is shared with. A project that somebody else adds is shown by the next plan and removed by the next apply. " +
			"Use it once for an image at most, and not together with `ims_image_share_member`. The image is shared within its region. " +
			"Destroying the resource ends the sharing with all projects; servers and disks that were made from the image stay.\n\n" +
			"An existing share is imported by the id of the image. The plan after an import is empty if `project_ids` names exactly the projects that the image is shared with.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{idRule},
				MarkdownDescription: "Id of the image: a private one of the project that the provider is configured for, not encrypted. Changing this replaces the share.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"project_ids": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: fmt.Sprintf("Ids of the projects that the image is shared with: up to %d, of a full-ECS image up to %d, and not the image's own. "+
					"An empty set shares it with nobody. Changed in place; projects that stay are not affected.", ims.MaxMembers, ims.MaxWholeImageShares),
				Validators: []validator.Set{setvalidator.SizeAtMost(ims.MaxMembers), noNulls{}, setvalidator.ValueStringsAre(idRule)},
			},
			"members": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Projects that the image is shared with and what they answered, in the order of their ids. Null if the creation was interrupted before they could be read.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"project_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
					"status":     schema.StringAttribute{Computed: true, MarkdownDescription: describeStatus},
					"created_at": schema.StringAttribute{Computed: true, MarkdownDescription: describeCreatedAt},
					"updated_at": schema.StringAttribute{Computed: true, MarkdownDescription: describeUpdatedAt},
				}},
			},
			"timeouts": defaultTimeouts.Attribute(ctx),
		},
	}
}
