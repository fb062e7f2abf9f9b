package share

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
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

// movers move resources of these types, whichever registry their provider comes from. Nothing is asked of any cloud:
// engines call them before the provider is configured. The first Read looks where the provider is.
func movers(translate func(context.Context, peerShare) any, typeNames ...string) []resource.StateMover {
	var all []resource.StateMover
	for _, typeName := range typeNames {
		move := func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
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

			moved := record{Moved: &framework.Moved{Region: from.Region}}
			resp.Diagnostics.Append(resp.TargetState.Set(ctx, translate(ctx, from))...)
			resp.Diagnostics.Append(moved.save(ctx, resp.TargetPrivate)...)
		}
		all = append(all, resource.StateMover{StateMover: move})
	}
	return all
}
