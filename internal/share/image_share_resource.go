package share

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const shareNoun = "image share"

type imageShareResource struct{ *framework.ProviderData }

var (
	_ resource.ResourceWithConfigure   = &imageShareResource{}
	_ resource.ResourceWithIdentity    = &imageShareResource{}
	_ resource.ResourceWithModifyPlan  = &imageShareResource{}
	_ resource.ResourceWithImportState = &imageShareResource{}
)

// NewImageShareResource is the resource ims_image_share.
func NewImageShareResource() resource.Resource { return &imageShareResource{} }

func (r *imageShareResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_share"
}

func (r *imageShareResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = shareSchema(ctx)
}

func (r *imageShareResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = shareIdentitySchema()
}

func (r *imageShareResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageShareResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var plan, state shareModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() || !isNew && plan.ProjectIDs.Equal(state.ProjectIDs) && plan.ImageID.Equal(state.ImageID) {
		return
	}
	projects := projectsIn(plan.ProjectIDs)
	checkOwnProject(ctx, r.ProviderData, projects, path.Root("project_ids"), &resp.Diagnostics)
	if isNew || !plan.ImageID.Equal(state.ImageID) || len(projects) > ims.MaxWholeImageShares {
		checkShareable(ctx, r.ProviderData, plan.ImageID, len(projects), &resp.Diagnostics)
	}
}

func (r *imageShareResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan shareModel
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
		fail(&resp.Diagnostics, "create", shareNoun, "", err, "")
		return
	}
	plan.Members = types.ListNull(memberType)
	members, made := r.create(ctx, plan.ImageID.ValueString(), projectsIn(plan.ProjectIDs), &resp.Diagnostics)
	if !made {
		return // nothing in the state: a tainted share would be taken from everybody by the next apply
	}
	if members != nil {
		plan.Members = memberList(ctx, members, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newShareIdentity(scope.Region, plan.ImageID))...)
}

func (r *imageShareResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state shareModel
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
		fail(&resp.Diagnostics, "read", shareNoun, "", err, "")
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newShareIdentity(scope.Region, state.ImageID))...)
	members, err := r.Client.Members(ctx, state.ImageID.ValueString())
	switch {
	case ims.IsNotFound(err):
		gone(ctx, shareNoun, state.ImageID.ValueString(), scope, resp)
		return
	case err != nil:
		fail(&resp.Diagnostics, "read", shareNoun, "", err, "")
		return
	}
	state.ProjectIDs = projectSet(projectsOf(members))
	state.Members = memberList(ctx, members, &resp.Diagnostics)
	resp.Diagnostics.Append(framework.Arrived(ctx, resp.Private)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

func (r *imageShareResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state shareModel
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
		fail(&resp.Diagnostics, "update", shareNoun, "", err, "")
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newShareIdentity(scope.Region, plan.ImageID))...)
	members, known := r.update(ctx, plan.ImageID.ValueString(), projectsIn(plan.ProjectIDs), projectsIn(state.ProjectIDs), &resp.Diagnostics)
	if !known {
		return // the state stays as it was, and the next plan looks
	}
	if resp.Diagnostics.HasError() {
		plan.ProjectIDs = projectSet(projectsOf(members))
	}
	plan.Members = memberList(ctx, members, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r *imageShareResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state shareModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, state.Timeouts.Delete, defaultTimeouts.Delete, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if err := stopSharing(ctx, r.Client, state.ImageID.ValueString(), projectsIn(state.ProjectIDs)); err != nil {
		fail(&resp.Diagnostics, "delete", shareNoun, "", err, "")
	}
}

func (r *imageShareResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, region := req.ID, ""
	if id == "" && req.Identity != nil {
		var identity shareIdentity
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
		id, region = identity.ImageID.ValueString(), identity.Region.ValueString()
	}
	scope := importScope(ctx, r.Client, shareNoun, region, &resp.Diagnostics)
	if scope == nil {
		return
	}
	image, err := r.Client.Image(ctx, id)
	switch {
	case ims.IsNotFound(err):
		resp.Diagnostics.AddError("Unable to import "+shareNoun, "There is no image "+id+" in region "+scope.Region+" that project "+scope.ProjectID+" can see.")
		return
	case err != nil:
		fail(&resp.Diagnostics, "import", shareNoun, "", err, "")
		return
	case image.IsPublic():
		resp.Diagnostics.AddError("Unable to import "+shareNoun, fmt.Sprintf("Image %s (%q) is a public image of the cloud: it is shared with nobody.", image.ID, image.Name))
		return
	case image.Owner != scope.ProjectID:
		resp.Diagnostics.AddError("Unable to import "+shareNoun, fmt.Sprintf("Image %s (%q) belongs to project %s, and the provider is signed in to project %s. "+
			"Shares are managed by the image's owner; the resource type for the receiver's answer is ims_image_share_acceptance.", image.ID, image.Name, image.Owner, scope.ProjectID))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &shareModel{
		ImageID: types.StringValue(id), ProjectIDs: projectSet(nil), Members: types.ListNull(memberType), Timeouts: defaultTimeouts.Null(ctx),
	})...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newShareIdentity(scope.Region, types.StringValue(id)))...)
}
