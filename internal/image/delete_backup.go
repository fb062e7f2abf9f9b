package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ownBackup plans delete_backup where the configuration leaves it out: the backup ends with the image if it was made for it, which
// is so if the argument named here is given. What was chosen when the image was made stays.
type ownBackup struct{ argument string }

func (ownBackup) Description(context.Context) string {
	return "The default depends on what the image is made from."
}

func (b ownBackup) MarkdownDescription(ctx context.Context) string { return b.Description(ctx) }

func (b ownBackup) PlanModifyBool(ctx context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	if !req.ConfigValue.IsNull() {
		return
	}
	if !req.State.Raw.IsNull() {
		resp.PlanValue = req.StateValue
		return
	}
	var argument types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(b.argument), &argument)...)
	if !argument.IsUnknown() {
		resp.PlanValue = types.BoolValue(!argument.IsNull())
	}
}
