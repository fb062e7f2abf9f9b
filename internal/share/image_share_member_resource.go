package share

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const memberNoun = "image share member"

// imageShareMemberResource is one of those with whom an image is shared.
type imageShareMemberResource struct{ *framework.ProviderData }

var (
	_ resource.ResourceWithConfigure        = &imageShareMemberResource{}
	_ resource.ResourceWithConfigValidators = &imageShareMemberResource{}
	_ resource.ResourceWithIdentity         = &imageShareMemberResource{}
	_ resource.ResourceWithModifyPlan       = &imageShareMemberResource{}
	_ resource.ResourceWithImportState      = &imageShareMemberResource{}
	_ resource.ResourceWithMoveState        = &imageShareMemberResource{}
)

// NewImageShareMemberResource is the resource ims_image_share_member.
func NewImageShareMemberResource() resource.Resource { return &imageShareMemberResource{} }

func (r *imageShareMemberResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image_share_member"
}

func (r *imageShareMemberResource) Schema(
	ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse,
) {
	resp.Schema = shareMemberSchema(ctx)
}

func (r *imageShareMemberResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = memberIdentitySchema()
}

func (r *imageShareMemberResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageShareMemberResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.ExactlyOneOf(path.MatchRoot("project_id"), path.MatchRoot("domain_id")),
	}
}

func (r *imageShareMemberResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var plan, state shareMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	isSame := plan.ImageID.Equal(state.ImageID) && plan.ProjectID.Equal(state.ProjectID) &&
		plan.DomainID.Equal(state.DomainID)
	if resp.Diagnostics.HasError() || !isNew && isSame {
		return
	}

	wanted := []ims.Recipient{plan.recipient()}
	checkOwnProject(ctx, r.Client, wanted, path.Root("project_id"), &resp.Diagnostics)
	checkShareable(ctx, r.Client, plan.ImageID, 1, &resp.Diagnostics)
}

func (r *imageShareMemberResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var plan shareMemberModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: adding, does: "create", noun: memberNoun, client: r.Client, model: &plan,
		wanted: []ims.Recipient{plan.recipient()}, state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, plan.Timeouts.Create, func(ctx context.Context) {
		seen := o.lookBeforehand(ctx)
		if seen.outcome == framework.Ready {
			seen = o.share(ctx, nil)
		}
		plan.read(seen.members)
		o.conclude(ctx, seen)
	})
}

func (r *imageShareMemberResource) Read(
	ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse,
) {
	var state shareMemberModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: reading, does: "read", noun: memberNoun, client: r.Client, model: &state,
		wanted: []ims.Recipient{state.recipient()}, state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, state.Timeouts.Read, func(ctx context.Context) {
		seen := o.look(ctx)
		if seen.outcome == framework.FailedAndLeft { // it is not among the members
			seen.outcome = framework.Gone
		}
		if seen.outcome == framework.Ready {
			state.read(seen.members)
		}
		o.conclude(ctx, seen)
	})
}

// Update records timeouts: everything else replaces.
func (r *imageShareMemberResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var plan, state shareMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: recording, does: "update", noun: memberNoun, client: r.Client, model: &plan,
		state: &resp.State, identity: resp.Identity, private: resp.Private, diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, plan.Timeouts.Update, func(ctx context.Context) {
		plan.Status, plan.CreatedAt, plan.UpdatedAt = state.Status, state.CreatedAt, state.UpdatedAt
		o.conclude(ctx, sighting{outcome: framework.Ready})
	})
}

func (r *imageShareMemberResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var state shareMemberModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	o := &operation{
		verb: stopping, does: "delete", noun: memberNoun, client: r.Client, model: &state,
		wanted: []ims.Recipient{state.recipient()}, state: &resp.State, identity: resp.Identity, private: resp.Private,
		diagnostics: &resp.Diagnostics,
	}
	o.run(ctx, state.Timeouts.Delete, func(ctx context.Context) { o.conclude(ctx, o.stop(ctx, o.wanted)) })
}

func (r *imageShareMemberResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	const summary = "Unable to import " + memberNoun
	identity := memberIdentityOf(req.ID)
	if req.ID == "" && req.Identity != nil {
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
	}
	who, ok := identity.recipient()
	if !ok {
		resp.Diagnostics.AddError(summary, fmt.Sprintf("The id must be <image_id>/<project_id> or "+
			"<image_id>/domain/<domain_id>, and an identity must have either project_id or domain_id. The id is %q.", req.ID))
		return
	}
	scope := importScope(ctx, r.Client, memberNoun, identity.Region, &resp.Diagnostics)
	if scope == nil {
		return
	}
	if who.Type == ims.MemberProject && who.ID == scope.ProjectID {
		resp.Diagnostics.AddError(summary, "The provider is signed in to project "+who.ID+", and shares are managed by the "+
			"image's owner. The resource type for the receiver's answer is ims_image_share_acceptance.")
		return
	}

	imageID := identity.ImageID.ValueString()
	members, err := r.Client.Members(ctx, imageID)
	switch {
	case ims.IsNotFound(err), err == nil && !slices.Contains(recipientsOf(members), who):
		resp.Diagnostics.AddError(summary, fmt.Sprintf("Image %s is not shared with %s, or project %s cannot see it.",
			imageID, named([]ims.Recipient{who}), scope.ProjectID))
		return
	case err != nil:
		resp.Diagnostics.AddError(summary, adviceOnCodes.Detail("", err, ""))
		return
	}

	imported := newShareMemberModel(ctx, imageID, who)
	record := record{Project: scope.ProjectID}
	resp.Diagnostics.Append(resp.State.Set(ctx, imported)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, imported.identity(scope))...)
	resp.Diagnostics.Append(record.save(ctx, resp.Private)...)
}

// MoveState takes over the members of other providers, for `moved` blocks. Read fills in the rest.
func (r *imageShareMemberResource) MoveState(context.Context) []resource.StateMover {
	return movers(func(ctx context.Context, from peerShare) any {
		return newShareMemberModel(ctx, from.ImageID, ims.Recipient{Type: ims.MemberProject, ID: from.MemberID})
	}, "opentelekomcloud_images_image_access_v2")
}
