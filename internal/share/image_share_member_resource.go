package share

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const memberNoun = "image share member"

type imageShareMemberResource struct{ *framework.ProviderData }

var (
	_ resource.ResourceWithConfigure   = &imageShareMemberResource{}
	_ resource.ResourceWithIdentity    = &imageShareMemberResource{}
	_ resource.ResourceWithModifyPlan  = &imageShareMemberResource{}
	_ resource.ResourceWithImportState = &imageShareMemberResource{}
)

// NewImageShareMemberResource is the resource ims_image_share_member.
func NewImageShareMemberResource() resource.Resource { return &imageShareMemberResource{} }

// shareMemberModel is one project that an image is shared with.
type shareMemberModel struct {
	ImageID types.String `tfsdk:"image_id"`
	memberModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (r *imageShareMemberResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_share_member"
}

func (r *imageShareMemberResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One project that a private image is shared with, for configurations that do not manage all projects that the image is shared with. " +
			"Do not use it together with `ims_image_share` for the same image: that one removes every project that it does not name. " +
			"Destroying the resource ends the sharing with this project; servers and disks that were made from the image stay.\n\n" +
			"An existing member is imported as `<image_id>/<project_id>`. The plan after an import is empty.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{idRule}, PlanModifiers: replace,
				MarkdownDescription: "Id of the image: a private one of the project that the provider is configured for, not encrypted. Changing this replaces the share.",
			},
			"project_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{idRule}, PlanModifiers: replace,
				MarkdownDescription: "Id of the project that the image is shared with, in the same region and not the image's own. Changing this replaces the share.",
			},
			"status":     schema.StringAttribute{Computed: true, MarkdownDescription: describeStatus, PlanModifiers: keep},
			"created_at": schema.StringAttribute{Computed: true, MarkdownDescription: describeCreatedAt, PlanModifiers: keep},
			"updated_at": schema.StringAttribute{Computed: true, MarkdownDescription: describeUpdatedAt, PlanModifiers: keep},
			"timeouts":   defaultTimeouts.Attribute(ctx),
		},
	}
}

func (r *imageShareMemberResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = memberIdentitySchema(identityschema.StringAttribute{
		RequiredForImport: true, Description: "Id of the project that the image is shared with.",
	})
}

func (r *imageShareMemberResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageShareMemberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var plan, state shareMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() || !isNew && plan.ImageID.Equal(state.ImageID) && plan.ProjectID.Equal(state.ProjectID) {
		return
	}
	checkOwnProject(ctx, r.ProviderData, []string{plan.ProjectID.ValueString()}, path.Root("project_id"), &resp.Diagnostics)
	checkShareable(ctx, r.ProviderData, plan.ImageID, 1, &resp.Diagnostics)
}

func (r *imageShareMemberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan shareMemberModel
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
		fail(&resp.Diagnostics, "create", memberNoun, "", err, "")
		return
	}
	image, project := plan.ImageID.ValueString(), plan.ProjectID.ValueString()
	member, job, made := r.create(ctx, image, project, &resp.Diagnostics)
	if !made {
		return
	}
	resp.Diagnostics.Append(setJob(ctx, resp.Private, job)...)
	plan.memberModel = memberOf(member)
	plan.ProjectID = types.StringValue(project)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, image, project))...)
}

func (r *imageShareMemberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state shareMemberModel
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
		fail(&resp.Diagnostics, "read", memberNoun, "", err, "")
		return
	}
	image, project := state.ImageID.ValueString(), state.ProjectID.ValueString()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, image, project))...)
	member, err := r.read(ctx, image, project)
	switch {
	case ims.IsNotFound(err) && isUnderWay(ctx, r.Client, req.Private):
		return
	case ims.IsNotFound(err):
		gone(ctx, memberNoun, image, scope, resp)
		return
	case err != nil:
		fail(&resp.Diagnostics, "read", memberNoun, "", err, "")
		return
	}
	state.memberModel = memberOf(member)
	resp.Diagnostics.Append(setJob(ctx, resp.Private, "")...)
	resp.Diagnostics.Append(framework.Arrived(ctx, resp.Private)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

// Update records timeouts: everything else replaces.
func (r *imageShareMemberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state shareMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	scope, err := r.Client.Scope(ctx)
	if err != nil {
		fail(&resp.Diagnostics, "update", memberNoun, "", err, "")
		return
	}
	plan.memberModel = state.memberModel
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, plan.ImageID.ValueString(), plan.ProjectID.ValueString()))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r *imageShareMemberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state shareMemberModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, state.Timeouts.Delete, defaultTimeouts.Delete, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if err := stopSharing(ctx, r.Client, state.ImageID.ValueString(), []string{state.ProjectID.ValueString()}); err != nil {
		fail(&resp.Diagnostics, "delete", memberNoun, "", err, "")
	}
}

func (r *imageShareMemberResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	image, project, found := strings.Cut(req.ID, "/")
	region := ""
	if req.ID == "" && req.Identity != nil {
		var identity memberIdentity
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
		image, project, found = identity.ImageID.ValueString(), identity.ProjectID.ValueString(), true
		region = identity.Region.ValueString()
	}
	if !found || image == "" || project == "" || strings.Contains(project, "/") {
		resp.Diagnostics.AddError("Unable to import "+memberNoun, fmt.Sprintf("The id must be <image_id>/<project_id>. It is %q.", req.ID))
		return
	}
	scope := importScope(ctx, r.Client, memberNoun, region, &resp.Diagnostics)
	if scope == nil {
		return
	}
	if project == scope.ProjectID {
		resp.Diagnostics.AddError("Unable to import "+memberNoun, "The provider is signed in to project "+project+", and shares are managed by the image's owner. "+
			"The resource type for the receiver's answer is ims_image_share_acceptance.")
		return
	}
	if _, err := r.read(ctx, image, project); ims.IsNotFound(err) {
		resp.Diagnostics.AddError("Unable to import "+memberNoun, "Image "+image+" is not shared with project "+project+", or project "+scope.ProjectID+" cannot see it.")
		return
	} else if err != nil {
		fail(&resp.Diagnostics, "import", memberNoun, "", err, "")
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &shareMemberModel{
		ImageID: types.StringValue(image), memberModel: memberModel{ProjectID: types.StringValue(project)}, Timeouts: defaultTimeouts.Null(ctx),
	})...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, newMemberIdentity(scope.Region, image, project))...)
}

// create shares an image with a project. A member without a status is one whose making was cut before it could be read; job is
// then what makes it.
func (r *imageShareMemberResource) create(ctx context.Context, imageID, project string, diagnostics *diag.Diagnostics) (member *ims.Member, job string, made bool) {
	switch _, err := r.read(ctx, imageID, project); {
	case err == nil:
		diagnostics.AddError("Unable to create "+memberNoun, fmt.Sprintf("Image %[1]s is shared with project %[2]s already. To take that share over, import instead: "+
			"`terraform import <address> %[1]s/%[2]s` (or `tofu import`).", imageID, project))
		return nil, "", false
	case !ims.IsNotFound(err):
		fail(diagnostics, "create", memberNoun, "The image was not shared: whether it is already could not be read.", err, "")
		return nil, "", false
	}
	failed, _, err := r.Client.ShareImage(ctx, imageID, []string{project})
	unread := &ims.Member{ImageID: imageID, ProjectID: project}
	switch {
	case interrupted(ctx, err):
		diagnostics.AddWarning("Interrupted: the image is being shared", adviceOnCodes.Detail(
			"The service goes on sharing image "+imageID+" with project "+project+". The next plan shows whether it is.", err, ""))
		return unread, jobOf(err), true
	case err != nil:
		fail(diagnostics, "create", memberNoun, "", err, "")
		return nil, "", false
	}
	members, err := r.Client.MembersAfter(ctx, imageID, without([]string{project}, failed), nil)
	if err != nil && len(failed) == 0 {
		diagnostics.AddWarning("Unable to read "+memberNoun, adviceOnCodes.Detail("Image "+imageID+" is shared with project "+project+", and that could not be read back. The next plan reads it.", err, ""))
		return unread, "", true
	}
	for i := range members {
		if members[i].ProjectID == project {
			return &members[i], "", true
		}
	}
	fail(diagnostics, "create", memberNoun, "The service did not share image "+imageID+" with project "+project+".", err, "Check project_id, and that the project is in the image's region.")
	return nil, "", false
}

// read finds one member in the list of all, which tells more surely than a look for the one that the image is still there.
func (r *imageShareMemberResource) read(ctx context.Context, imageID, project string) (*ims.Member, error) {
	members, err := r.Client.Members(ctx, imageID)
	if err != nil {
		return nil, err
	}
	for i := range members {
		if members[i].ProjectID == project {
			return &members[i], nil
		}
	}
	return nil, errNotShared
}

var errNotShared = fmt.Errorf("the image is not shared with the project: %w", ims.ErrNotFound)
