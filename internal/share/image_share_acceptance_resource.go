package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const acceptanceNoun = "image share acceptance"

// imageShareAcceptanceResource is a project's answer to a share.
type imageShareAcceptanceResource struct{ *framework.ProviderData }

var (
	_ resource.ResourceWithConfigure   = &imageShareAcceptanceResource{}
	_ resource.ResourceWithIdentity    = &imageShareAcceptanceResource{}
	_ resource.ResourceWithModifyPlan  = &imageShareAcceptanceResource{}
	_ resource.ResourceWithImportState = &imageShareAcceptanceResource{}
	_ resource.ResourceWithMoveState   = &imageShareAcceptanceResource{}
)

// NewImageShareAcceptanceResource is the resource ims_image_share_acceptance.
func NewImageShareAcceptanceResource() resource.Resource { return &imageShareAcceptanceResource{} }

func (r *imageShareAcceptanceResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image_share_acceptance"
}

func (r *imageShareAcceptanceResource) Schema(
	ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse,
) {
	resp.Schema = acceptanceSchema(ctx)
}

func (r *imageShareAcceptanceResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = acceptanceIdentitySchema()
}

func (r *imageShareAcceptanceResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageShareAcceptanceResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var plan, state acceptanceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	isSame := plan.ImageID.Equal(state.ImageID) && !plan.needsAnswer(&state)
	if resp.Diagnostics.HasError() || !isNew && isSame {
		return
	}
	checkAnswer(ctx, r.Client, &plan, state.Status.ValueString(), &resp.Diagnostics)
}

func (r *imageShareAcceptanceResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var plan acceptanceModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: awaiting, does: "create", noun: acceptanceNoun, client: r.Client, model: &plan, takesTurns: true,
		state: &resp.State, identity: resp.Identity, private: resp.Private, diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, plan.Timeouts.Create, func(ctx context.Context) {
		o.wanted = ims.Recipients(ims.MemberProject, o.scope.ProjectID)
		seen := o.awaitShare(ctx)
		if !o.conclude(ctx, seen) {
			return
		}
		o.verb = answering
		if !seen.isAnswered(plan.Status.ValueString()) {
			seen = o.answer(ctx, plan.Status.ValueString(), plan.VaultID.ValueString())
		}
		plan.read(seen, o.scope.ProjectID)
		o.conclude(ctx, seen)
	})
}

func (r *imageShareAcceptanceResource) Read(
	ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse,
) {
	var state acceptanceModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: reading, does: "read", noun: acceptanceNoun, client: r.Client, model: &state,
		project: state.ProjectID.ValueString(), state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, state.Timeouts.Read, func(ctx context.Context) {
		status := state.Status.ValueString()
		seen := o.received(ctx, status)
		if seen.outcome == framework.Ready && !seen.isAnswered(status) && o.record.isUnderWay(ctx, r.Client) {
			seen.outcome = framework.UnderWay
		}
		if seen.outcome == framework.Ready {
			state.read(seen, o.scope.ProjectID)
		}
		o.conclude(ctx, seen)
	})
}

func (r *imageShareAcceptanceResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var plan, state acceptanceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: answering, does: "update", noun: acceptanceNoun, client: r.Client, model: &plan, takesTurns: true,
		project: state.ProjectID.ValueString(), state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, plan.Timeouts.Update, func(ctx context.Context) {
		o.wanted = ims.Recipients(ims.MemberProject, o.scope.ProjectID)
		plan.CreatedAt, plan.UpdatedAt = state.CreatedAt, state.UpdatedAt
		seen := sighting{outcome: framework.Ready}
		if plan.needsAnswer(&state) {
			seen = o.answer(ctx, plan.Status.ValueString(), plan.VaultID.ValueString())
		}
		plan.read(seen, o.scope.ProjectID)
		o.conclude(ctx, seen)
	})
}

func (r *imageShareAcceptanceResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var state acceptanceModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: rejecting, does: "delete", noun: acceptanceNoun, client: r.Client, model: &state, takesTurns: true,
		project: state.ProjectID.ValueString(), state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, state.Timeouts.Delete, func(ctx context.Context) {
		o.wanted = ims.Recipients(ims.MemberProject, o.scope.ProjectID)
		seen := sighting{outcome: framework.Ready}
		isRejected := state.Status.ValueString() == ims.MemberRejected
		if !isRejected && len(r.Client.Unclaimed(state.image(), o.record.Holder, o.wanted)) > 0 {
			seen = o.reject(ctx, state.Status.ValueString())
		}
		o.conclude(ctx, seen)
	})
}

func (r *imageShareAcceptanceResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	identity := acceptanceIdentity{ImageID: types.StringValue(req.ID)}
	if req.ID == "" && req.Identity != nil {
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
	}
	scope := importScope(ctx, r.Client, acceptanceNoun, identity.Region, &resp.Diagnostics)
	if scope == nil {
		return
	}
	if project := identity.ProjectID.ValueString(); project != "" && project != scope.ProjectID {
		resp.Diagnostics.AddAttributeError(path.Root("project_id"), "Unable to import "+acceptanceNoun,
			"The identity names project "+project+", and the provider is signed in to project "+scope.ProjectID+". Only the "+
				"project that an image is shared with answers.")
		return
	}

	imported := acceptanceModel{ImageID: identity.ImageID, Timeouts: defaultTimeouts.Null(ctx)}
	o := &operation{
		verb: awaiting, does: "import", noun: acceptanceNoun, client: r.Client, model: &imported, scope: scope,
		state: &resp.State, identity: resp.Identity, private: resp.Private, diagnostics: &resp.Diagnostics,
	}
	seen := o.received(ctx, ims.MemberAccepted)
	if seen.outcome == framework.Gone {
		seen = o.absence(ctx)
	}
	if o.conclude(ctx, seen) {
		imported.read(seen, scope.ProjectID)
		resp.Diagnostics.Append(resp.State.Set(ctx, &imported)...)
		o.identify(ctx)
	}
}

// MoveState takes over the answers of other providers, for `moved` blocks. Read fills in the rest.
func (r *imageShareAcceptanceResource) MoveState(context.Context) []resource.StateMover {
	return movers(func(ctx context.Context, from peerShare) any {
		status := from.Status
		if status == "" {
			status = ims.MemberAccepted // the only answer that the resources without a status give
		}
		return &acceptanceModel{
			ImageID: types.StringValue(from.ImageID), Status: types.StringValue(status),
			VaultID: framework.StringOrNull(from.VaultID), ProjectID: framework.StringOrNull(from.MemberID),
			Timeouts: defaultTimeouts.Null(ctx),
		}
	}, "opentelekomcloud_images_image_access_accept_v2", "opentelekomcloud_ims_image_share_accept_v1",
		"huaweicloud_images_image_share_accepter")
}
