package share

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var (
	_ resource.ResourceWithMoveState = &imageShareResource{}
	_ resource.ResourceWithMoveState = &imageShareMemberResource{}
	_ resource.ResourceWithMoveState = &imageShareAcceptanceResource{}
)

// peerShare is a share, a member or an answer as the resources of other providers have it in their states.
type peerShare struct {
	Region   string   `json:"region"`
	ImageID  string   `json:"image_id"`
	SourceID string   `json:"source_image_id"`
	MemberID string   `json:"member_id"`
	Projects []string `json:"target_project_ids"`
	Status   string   `json:"status"`
	VaultID  string   `json:"vault_id"`
}

// MoveState takes over the shares of other providers, for `moved` blocks. Read fills in the rest.
func (r *imageShareResource) MoveState(context.Context) []resource.StateMover {
	return movers(func(ctx context.Context, from peerShare) any {
		return &shareModel{
			ImageID: types.StringValue(from.SourceID), ProjectIDs: projectSet(from.Projects), Members: types.ListNull(memberType), Timeouts: defaultTimeouts.Null(ctx),
		}
	}, "huaweicloud_images_image_share")
}

// MoveState takes over the members of other providers, for `moved` blocks. Read fills in the rest.
func (r *imageShareMemberResource) MoveState(context.Context) []resource.StateMover {
	return movers(func(ctx context.Context, from peerShare) any {
		return &shareMemberModel{
			ImageID: types.StringValue(from.ImageID), memberModel: memberModel{ProjectID: types.StringValue(from.MemberID)}, Timeouts: defaultTimeouts.Null(ctx),
		}
	}, "opentelekomcloud_images_image_access_v2")
}

// MoveState takes over the answers of other providers, for `moved` blocks. Read fills in the rest.
func (r *imageShareAcceptanceResource) MoveState(context.Context) []resource.StateMover {
	return movers(func(ctx context.Context, from peerShare) any {
		status := from.Status
		if status == "" {
			status = ims.MemberAccepted // the only answer that the resource without a status gives
		}
		return &acceptanceModel{
			ImageID: types.StringValue(from.ImageID), Status: types.StringValue(status), VaultID: framework.StringOrNull(from.VaultID), ProjectID: framework.StringOrNull(from.MemberID),
			Timeouts: defaultTimeouts.Null(ctx),
		}
	}, "opentelekomcloud_images_image_access_accept_v2", "huaweicloud_images_image_share_accepter")
}

// gone removes a resource of which nothing was found from the state, unless it was moved and may be elsewhere.
func gone(ctx context.Context, noun, imageID string, scope *cloud.Scope, resp *resource.ReadResponse) {
	if moved, ok := framework.WasMoved(ctx, resp.Private); ok {
		resp.Diagnostics.AddError("Unable to move "+noun, moved.Astray(scope, "such share of image "+imageID))
		return
	}
	resp.State.RemoveResource(ctx)
}

// movers move resources of these types, whichever registry their provider comes from. Nothing is asked of any cloud: engines call
// them before the provider is configured.
func movers(translate func(context.Context, peerShare) any, typeNames ...string) []resource.StateMover {
	var all []resource.StateMover
	for _, typeName := range typeNames {
		all = append(all, resource.StateMover{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			if req.SourceTypeName != typeName {
				return
			}
			var from peerShare
			if err := json.Unmarshal(req.SourceRawState.JSON, &from); err != nil {
				resp.Diagnostics.AddError("Unable to move "+typeName, "Its state cannot be read: "+err.Error())
				return
			}
			if from.ImageID == "" && from.SourceID == "" {
				resp.Diagnostics.AddError("Unable to move "+typeName, "Its state holds no id of an image.")
				return
			}
			resp.Diagnostics.Append(resp.TargetState.Set(ctx, translate(ctx, from))...)
			resp.Diagnostics.Append(framework.Moved{Region: from.Region}.Mark(ctx, resp.TargetPrivate)...)
		}})
	}
	return all
}
