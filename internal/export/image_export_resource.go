package export

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// imageExportResource is a file in OBS that an image was written into.
type imageExportResource struct{ *framework.ProviderData }

var (
	_ resource.ResourceWithConfigure      = &imageExportResource{}
	_ resource.ResourceWithIdentity       = &imageExportResource{}
	_ resource.ResourceWithValidateConfig = &imageExportResource{}
	_ resource.ResourceWithModifyPlan     = &imageExportResource{}
	_ resource.ResourceWithImportState    = &imageExportResource{}
)

// NewImageExportResource is the resource ims_image_export.
func NewImageExportResource() resource.Resource { return &imageExportResource{} }

func (r *imageExportResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_image_export"
}

func (r *imageExportResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	const replaces = " Changing this replaces the export."
	resp.Schema = schema.Schema{
		MarkdownDescription: "Export of a private image: a file in OBS that is written once.\n\n" + description + "\n\n" +
			"The image service does not report what becomes of the file: a changed or deleted file is not noticed. " +
			"Destroying the resource leaves the file in OBS, and says so; it stays billed until it is deleted there. " +
			"Changing an argument exports the image again: name another object as well, or delete the file first.\n\n" +
			"An existing file is imported as `<image_id>,<bucket>:<object>`, and taken on trust: the service can confirm " +
			"neither the file nor what it was made from. The plan after an import is empty, or has one update in place that " +
			"sends nothing: it records `file_format` or `quick_export`.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: describeImage + replaces,
			},
			"bucket_url": schema.StringAttribute{
				Required: true, Validators: []validator.String{framework.ObjectRule},
				MarkdownDescription: describeBucket + replaces,
			},
			"file_format": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(fileFormats...)},
				MarkdownDescription: describeFormat + replaces,
			},
			"quick_export": schema.BoolAttribute{Optional: true, MarkdownDescription: describeQuick + replaces},
			"job_id":       framework.ComputedString("Id of the job that exported the image. Null after an import."),
			"exported_at": framework.ComputedString("When the export ended, in RFC 3339, UTC. Null while it is under way, " +
				"and after an import."),
			"timeouts": defaultTimeouts.Attribute(ctx),
		},
	}
}

func (r *imageExportResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = framework.RegionalIdentity("image", map[string]identityschema.Attribute{
		"image_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the image."},
		"bucket_url": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The file in OBS, as bucket:object.",
		},
	})
}

func (r *imageExportResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageExportResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config imageExportModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() {
		config.checkForm(&resp.Diagnostics)
	}
}

func (r *imageExportResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var plan, state imageExportModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		plan.checkImage(ctx, r.Client, &resp.Diagnostics)
		return
	}
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}

	imported, _ := framework.GetPrivate[bool](ctx, req.Private, keyImported)
	resp.RequiresReplace = state.replacedBy(&plan, imported)
	switch {
	case len(resp.RequiresReplace) > 0:
		plan.checkImage(ctx, r.Client, &resp.Diagnostics)
		if plan.BucketURL.Equal(state.BucketURL) {
			resp.Diagnostics.AddAttributeWarning(path.Root("bucket_url"), "The exported file is not written over",
				fmt.Sprintf("This plan exports again to %s. The service refuses that while the object exists: name another one, "+
					"or delete it before the apply.", plan.BucketURL.ValueString()))
		}
	case state.isUnderWay():
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("exported_at"), types.StringUnknown())...)
	}
}

func (r *imageExportResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var plan imageExportModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, plan.Timeouts.Create, defaultTimeouts.Create, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if r.identify(ctx, resp.Identity, &plan, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	job, err := plan.start(ctx, r.Client)
	if err != nil {
		plan.failStart(err, fmt.Sprintf(" If it is the file of this image, import it: the id for `terraform import` (or "+
			"`tofu import`) is %q.", plan.importID()), &resp.Diagnostics)
		return
	}
	plan.record = begun(job)
	outcome, err := plan.wait(ctx, r.Client, job)
	conclude(ctx, creating, outcome, err, &plan, &resp.State, &resp.Diagnostics)
}

func (r *imageExportResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state imageExportModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, state.Timeouts.Read, defaultTimeouts.Read, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	r.identify(ctx, resp.Identity, &state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !state.isUnderWay() {
		return
	}
	outcome, err := state.look(ctx, r.Client, state.job(state.JobID.ValueString()))
	conclude(ctx, reading, outcome, err, &state, &resp.State, &resp.Diagnostics)
}

func (r *imageExportResource) Update(
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse,
) {
	var plan, state imageExportModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, plan.Timeouts.Create, defaultTimeouts.Create, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if r.identify(ctx, resp.Identity, &plan, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(framework.SetPrivate(ctx, resp.Private, keyImported, nil)...)
	plan.record = state.record
	if !plan.isUnderWay() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		return
	}
	outcome, err := plan.wait(ctx, r.Client, plan.job(plan.JobID.ValueString()))
	conclude(ctx, resuming, outcome, err, &plan, &resp.State, &resp.Diagnostics)
}

// Delete leaves the file: the image service cannot delete it, and it may be all that is left of the image.
func (r *imageExportResource) Delete(
	ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse,
) {
	var state imageExportModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	goesOn := ""
	if state.isUnderWay() {
		goesOn = fmt.Sprintf(" It is still being written (job %s).", state.JobID.ValueString())
	}
	resp.Diagnostics.AddWarning("The exported file is left in OBS", fmt.Sprintf(
		"The file %s is not deleted.%s It is no longer managed and stays billed until it is deleted in OBS.",
		state.BucketURL.ValueString(), goesOn))
}

// ImportState takes an export on trust: the service can confirm neither the file nor what it was made from.
func (r *imageExportResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	const summary = "Unable to import export of image"
	identity := identityOf(req.ID)
	if req.ID == "" {
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
	}
	if !identity.isWhole() {
		resp.Diagnostics.AddError(summary,
			"The id to import must be the image's id, a comma, and the file as bucket:object.")
		return
	}
	scope := framework.ImportScope(ctx, r.Client, identity.Region.ValueString(), summary, &resp.Diagnostics)
	if scope == nil {
		return
	}

	identity.Region = types.StringValue(scope.Region)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &imageExportModel{
		arguments: arguments{ImageID: identity.ImageID, BucketURL: identity.BucketURL},
		Timeouts:  defaultTimeouts.Null(ctx),
	})...)
	resp.Diagnostics.Append(framework.SetPrivate(ctx, resp.Private, keyImported, true)...)
}
