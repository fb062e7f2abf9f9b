package share

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const shareNoun = "image share"

// imageShareResource is all with whom an image is shared.
type imageShareResource struct{ *framework.ProviderData }

var (
	_ resource.ResourceWithConfigure   = &imageShareResource{}
	_ resource.ResourceWithIdentity    = &imageShareResource{}
	_ resource.ResourceWithModifyPlan  = &imageShareResource{}
	_ resource.ResourceWithImportState = &imageShareResource{}
	_ resource.ResourceWithMoveState   = &imageShareResource{}
)

// NewImageShareResource is the resource ims_image_share.
func NewImageShareResource() resource.Resource { return &imageShareResource{} }

func (r *imageShareResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image_share"
}

func (r *imageShareResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = shareSchema(ctx)
}

func (r *imageShareResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = shareIdentitySchema()
}

func (r *imageShareResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageShareResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var plan, state shareModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	isSame := plan.ImageID.Equal(state.ImageID) && plan.ProjectIDs.Equal(state.ProjectIDs) &&
		plan.DomainIDs.Equal(state.DomainIDs)
	if resp.Diagnostics.HasError() || !isNew && isSame {
		return
	}

	wanted := plan.recipients()
	checkOwnProject(ctx, r.Client, wanted, path.Root("project_ids"), &resp.Diagnostics)
	if isNew || !plan.ImageID.Equal(state.ImageID) || len(wanted) > ims.MaxWholeImageShares {
		checkShareable(ctx, r.Client, plan.ImageID, len(wanted), &resp.Diagnostics)
	}
}

func (r *imageShareResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var plan shareModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: sharing, does: "create", noun: shareNoun, client: r.Client, model: &plan, takesTurns: true,
		wanted: plan.recipients(), state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, plan.Timeouts.Create, func(ctx context.Context) {
		seen := o.share(ctx, plan.managed())
		plan.Members = memberList(ctx, seen.members, o.diagnostics)
		o.conclude(ctx, seen)
	})
}

func (r *imageShareResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state shareModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: reading, does: "read", noun: shareNoun, client: r.Client, model: &state,
		wanted: state.recipients(), state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, state.Timeouts.Read, func(ctx context.Context) {
		seen := o.look(ctx)
		if seen.outcome == framework.FailedAndLeft { // drift
			seen.outcome = framework.Ready
		}
		if seen.outcome == framework.Ready {
			state.read(ctx, seen.members, o.diagnostics)
		}
		o.conclude(ctx, seen)
	})
}

func (r *imageShareResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var plan, state shareModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: changing, does: "update", noun: shareNoun, client: r.Client, model: &plan, takesTurns: true,
		wanted: plan.recipients(), state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, plan.Timeouts.Update, func(ctx context.Context) {
		had := state.recipients()
		if state.DomainIDs.IsNull() && !plan.DomainIDs.IsNull() { // it is all domains from now on
			members, err := r.Client.Members(ctx, plan.image())
			if err != nil {
				o.conclude(ctx, unread(ctx, err))
				return
			}
			had = slices.Concat(had, ofType(ims.MemberDomain, recipientsOf(members)))
		}
		seen := o.change(ctx, had)
		plan.Members = memberList(ctx, seen.members, o.diagnostics)
		if seen.outcome == framework.FailedAndLeft {
			plan.read(ctx, seen.members, o.diagnostics)
		}
		o.conclude(ctx, seen)
	})
}

func (r *imageShareResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var state shareModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: stopping, does: "delete", noun: shareNoun, client: r.Client, model: &state, takesTurns: true,
		state: &resp.State, identity: resp.Identity, private: resp.Private, diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, state.Timeouts.Delete, func(ctx context.Context) {
		o.conclude(ctx, o.stop(ctx, r.Client.Unclaimed(state.image(), o.record.Holder, state.recipients())))
	})
}

func (r *imageShareResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	identity := shareIdentity{ImageID: types.StringValue(req.ID)}
	if req.ID == "" && req.Identity != nil {
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
	}
	scope := importScope(ctx, r.Client, shareNoun, identity.Region, &resp.Diagnostics)
	if scope == nil {
		return
	}

	const summary = "Unable to import " + shareNoun
	id := identity.ImageID.ValueString()
	image, err := r.Client.Image(ctx, id)
	switch {
	case ims.IsNotFound(err):
		resp.Diagnostics.AddError(summary, fmt.Sprintf(
			"There is no image %s in region %s that project %s can see.", id, scope.Region, scope.ProjectID))
		return
	case err != nil:
		resp.Diagnostics.AddError(summary, adviceOnCodes.Detail("", err, ""))
		return
	case image.IsPublic():
		resp.Diagnostics.AddError(summary, fmt.Sprintf(
			"Image %s (%q) is a public image of the cloud: it is shared with nobody.", image.ID, image.Name))
		return
	case image.Owner != scope.ProjectID:
		resp.Diagnostics.AddError(summary, fmt.Sprintf(
			"Image %s (%q) belongs to project %s, and the provider is signed in to project %s. Shares are managed by the "+
				"image's owner; the resource type for the receiver's answer is ims_image_share_acceptance.",
			image.ID, image.Name, image.Owner, scope.ProjectID))
		return
	}

	imported := newShareModel(ctx, id)
	record := record{Project: scope.ProjectID}
	resp.Diagnostics.Append(resp.State.Set(ctx, imported)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, imported.identity(scope))...)
	resp.Diagnostics.Append(record.save(ctx, resp.Private)...)
}

// MoveState takes over the shares of other providers, for `moved` blocks. Read fills in the rest.
func (r *imageShareResource) MoveState(context.Context) []resource.StateMover {
	return movers(func(ctx context.Context, from peerShare) any {
		moved := newShareModel(ctx, from.SourceID)
		moved.ProjectIDs = idSet(ims.MemberProject, ims.Recipients(ims.MemberProject, from.Projects...))
		return moved
	}, "huaweicloud_images_image_share", "opentelekomcloud_ims_image_share_v1")
}
