package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const acceptanceNoun = "image share acceptance"

type imageShareAcceptanceResource struct{ *framework.ProviderData }

var (
	_ resource.ResourceWithConfigure   = &imageShareAcceptanceResource{}
	_ resource.ResourceWithIdentity    = &imageShareAcceptanceResource{}
	_ resource.ResourceWithModifyPlan  = &imageShareAcceptanceResource{}
	_ resource.ResourceWithImportState = &imageShareAcceptanceResource{}
)

// NewImageShareAcceptanceResource is the resource ims_image_share_acceptance.
func NewImageShareAcceptanceResource() resource.Resource { return &imageShareAcceptanceResource{} }

func (r *imageShareAcceptanceResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_share_acceptance"
}

func (r *imageShareAcceptanceResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = acceptanceSchema(ctx)
}

func (r *imageShareAcceptanceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = memberIdentitySchema(identityschema.StringAttribute{
		OptionalForImport: true, Description: "Id of the project that answers. Default: the project that the provider is configured for.",
	})
}

func (r *imageShareAcceptanceResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageShareAcceptanceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var plan, state acceptanceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() || !isNew && plan.ImageID.Equal(state.ImageID) && !needsAnswer(&plan, &state) {
		return
	}
	r.check(ctx, &plan, state.Status.ValueString(), &resp.Diagnostics)
}

func (r *imageShareAcceptanceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan acceptanceModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, plan.Timeouts.Create, defaultTimeouts.Create, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	scope, err := r.Client.Scope(ctx)
	if err != nil {
		fail(&resp.Diagnostics, "create", acceptanceNoun, "", err, "")
		return
	}
	member := r.awaitShare(ctx, plan.ImageID.ValueString(), scope.ProjectID, &resp.Diagnostics)
	if member == nil {
		return
	}
	if member.Status != plan.Status.ValueString() {
		if member = r.answer(ctx, "create", &plan, scope.ProjectID, &resp.Diagnostics); member == nil {
			return
		}
	}
	plan.read(member)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, plan.ImageID.ValueString(), scope.ProjectID))...)
}

func (r *imageShareAcceptanceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state acceptanceModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, state.Timeouts.Read, defaultTimeouts.Read, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	scope, err := r.Client.Scope(ctx)
	if err != nil {
		fail(&resp.Diagnostics, "read", acceptanceNoun, "", err, "")
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, state.ImageID.ValueString(), scope.ProjectID))...)
	member, err := r.received(ctx, state.ImageID.ValueString(), scope.ProjectID, state.Status.ValueString())
	switch {
	case ims.IsNotFound(err):
		gone(ctx, acceptanceNoun, state.ImageID.ValueString(), scope, resp)
		return
	case err != nil:
		fail(&resp.Diagnostics, "read", acceptanceNoun, "", err, "")
		return
	}
	state.read(member)
	resp.Diagnostics.Append(framework.Arrived(ctx, resp.Private)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

func (r *imageShareAcceptanceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state acceptanceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, plan.Timeouts.Update, defaultTimeouts.Update, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	scope, err := r.Client.Scope(ctx)
	if err != nil {
		fail(&resp.Diagnostics, "update", acceptanceNoun, "", err, "")
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, plan.ImageID.ValueString(), scope.ProjectID))...)
	plan.ProjectID, plan.CreatedAt, plan.UpdatedAt = state.ProjectID, state.CreatedAt, state.UpdatedAt
	if needsAnswer(&plan, &state) {
		member := r.answer(ctx, "update", &plan, scope.ProjectID, &resp.Diagnostics)
		if member == nil {
			return
		}
		plan.read(member)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r *imageShareAcceptanceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state acceptanceModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, state.Timeouts.Delete, defaultTimeouts.Delete, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()
	r.reject(ctx, &state, &resp.Diagnostics)
}

func (r *imageShareAcceptanceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity memberIdentity
	id := req.ID
	if id == "" && req.Identity != nil {
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
		id = identity.ImageID.ValueString()
	}
	scope := importScope(ctx, r.Client, acceptanceNoun, identity.Region.ValueString(), &resp.Diagnostics)
	if scope == nil {
		return
	}
	if project := identity.ProjectID.ValueString(); project != "" && project != scope.ProjectID {
		resp.Diagnostics.AddAttributeError(path.Root("project_id"), "Unable to import "+acceptanceNoun,
			"The identity names project "+project+", and the provider is signed in to project "+scope.ProjectID+". Only the project that an image is shared with answers.")
		return
	}
	member, err := r.Client.Member(ctx, id, scope.ProjectID)
	if err != nil {
		r.failMissing(ctx, "import", id, scope.ProjectID, err, &resp.Diagnostics)
		return
	}
	imported := acceptanceModel{ImageID: types.StringValue(id), Timeouts: defaultTimeouts.Null(ctx)}
	imported.read(member)
	resp.Diagnostics.Append(resp.State.Set(ctx, &imported)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, id, scope.ProjectID))...)
}
