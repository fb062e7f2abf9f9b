package image

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const keyImported = "imported"

// imageExportResource is an image's file in OBS. The service tells nothing of it: what Read looks at is the job that writes it.
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

var exportTimeouts = framework.Timeouts{
	Create: defaultTimeouts.Create, Read: defaultTimeouts.Read,
	Creating: "exporting the image, also when a later apply goes on waiting for it",
}

// imageExportModel is an export. It is under way while it has a job and no end.
type imageExportModel struct {
	exportArguments
	JobID      types.String   `tfsdk:"job_id"`
	ExportedAt types.String   `tfsdk:"exported_at"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (m *imageExportModel) isUnderWay() bool { return !m.JobID.IsNull() && m.ExportedAt.IsNull() }

// exportIdentity is the identity of an export.
type exportIdentity struct {
	Region    types.String `tfsdk:"region"`
	ImageID   types.String `tfsdk:"image_id"`
	BucketURL types.String `tfsdk:"bucket_url"`
}

func (r *imageExportResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_export"
}

func (r *imageExportResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Export of a private image: a file in OBS that is written once.\n\n" + exportDescription + "\n\n" +
			"The image service does not tell what becomes of the file: a changed or deleted file is not noticed. " +
			"Destroying the resource leaves the file in OBS, and says so; it stays billed until it is deleted there. Changing an argument exports the image again: name another object as well, or delete the file first.\n\n" +
			"An existing file is imported as `<image_id>,<bucket>:<object>`, and taken on trust: the service can confirm neither the file nor what it was made from. " +
			"The plan after an import is empty, or has one update in place that sends nothing: it records `file_format` or `quick_export`.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: describeExportImage + " Changing this replaces the export.",
			},
			"bucket_url": schema.StringAttribute{
				Required: true, Validators: []validator.String{framework.ObjectRule},
				MarkdownDescription: describeExportBucket + " Changing this replaces the export.",
			},
			"file_format": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(fileFormats...)},
				MarkdownDescription: describeExportFormat + " Changing this replaces the export.",
			},
			"quick_export": schema.BoolAttribute{
				Optional: true, MarkdownDescription: describeExportQuick + " Changing this replaces the export.",
			},
			"job_id":      framework.ComputedString("Id of the job that exported the image. Null after an import."),
			"exported_at": framework.ComputedString("When the export ended, in RFC 3339, UTC. Null while it is under way, and after an import."),
			"timeouts":    exportTimeouts.Attribute(ctx),
		},
	}
}

func (r *imageExportResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = framework.ImageIdentitySchema()
	resp.IdentitySchema.Attributes["bucket_url"] = identityschema.StringAttribute{
		RequiredForImport: true, Description: "The file in OBS, as bucket:object.",
	}
}

func (r *imageExportResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageExportResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config imageExportModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() {
		config.checkForm(&resp.Diagnostics)
	}
}

func (r *imageExportResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
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
	for _, argument := range []struct {
		name          string
		before, after attr.Value
		recorded      bool
	}{
		{"image_id", state.ImageID, plan.ImageID, false},
		{"bucket_url", state.BucketURL, plan.BucketURL, false},
		{"file_format", state.FileFormat, plan.FileFormat, imported},
		{"quick_export", types.BoolValue(state.QuickExport.ValueBool()), known(plan.QuickExport), imported},
	} {
		if !argument.recorded && !argument.after.Equal(argument.before) {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(argument.name))
		}
	}
	switch {
	case len(resp.RequiresReplace) > 0:
		plan.checkImage(ctx, r.Client, &resp.Diagnostics)
		if plan.BucketURL.Equal(state.BucketURL) {
			resp.Diagnostics.AddAttributeWarning(path.Root("bucket_url"), "The exported file is not written over",
				fmt.Sprintf("This plan exports again to %s. The service refuses that while the object exists: name another one, or delete it before the apply.", plan.BucketURL.ValueString()))
		}
	case state.isUnderWay():
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("exported_at"), types.StringUnknown())...)
	}
}

// known is false for what is not said, and unknown for what is not known.
func known(value types.Bool) types.Bool {
	if value.IsUnknown() {
		return value
	}
	return types.BoolValue(value.ValueBool())
}

func (r *imageExportResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan imageExportModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, plan.Timeouts.Create, exportTimeouts.Create, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if r.identify(ctx, resp.Identity, &plan, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	job, err := plan.start(ctx, r.Client)
	if err != nil {
		plan.failStart(err, fmt.Sprintf(" If it is the file of this image, import it: the id for `terraform import` (or `tofu import`) is %q.", importID(&plan)), &resp.Diagnostics)
		return
	}
	plan.JobID, plan.ExportedAt = types.StringValue(job.ID), types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)

	finished, err := r.Client.Wait(ctx, "export image "+plan.ImageID.ValueString(), job)
	switch {
	case err == nil:
		plan.ExportedAt = exportedAt(finished, r.Client.Now())
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	case ims.IsJobFailure(err):
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.AddError(unableToExport, framework.Detail("The service began to export the image and failed.", err, ""))
	case errors.Is(ctx.Err(), context.Canceled):
		resp.Diagnostics.AddWarning("Interrupted: the image is still being exported",
			fmt.Sprintf("The service goes on exporting it (job %s). The next apply waits for it and exports it no second time.", job.ID))
	default:
		resp.Diagnostics.AddError(unableToExport, framework.Detail(cutExport(ctx), err,
			"Run `terraform untaint` (or `tofu untaint`) on the resource before the next apply, which then goes on waiting; else it exports again, and is refused as soon as the file is there."))
	}
}

// identify sets the identity, which engines want after every call.
func (r *imageExportResource) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, m *imageExportModel, diagnostics *diag.Diagnostics) {
	scope, err := r.Client.Scope(ctx)
	if err != nil {
		diagnostics.AddError("Unable to sign in for the export of an image", framework.Detail("", err, ""))
		return
	}
	diagnostics.Append(identity.Set(ctx, exportIdentity{types.StringValue(scope.Region), m.ImageID, m.BucketURL})...)
}

// cutExport says why a job is no longer waited for.
func cutExport(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "The export has not ended within timeouts.create. It goes on at the service."
	}
	return "The export is under way, and could not be waited for."
}

func (r *imageExportResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state imageExportModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, state.Timeouts.Read, exportTimeouts.Read, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if r.identify(ctx, resp.Identity, &state, &resp.Diagnostics); resp.Diagnostics.HasError() || !state.isUnderWay() {
		return
	}
	job, err := r.Client.Job(ctx, state.JobID.ValueString())
	switch {
	case ims.IsNotFound(err):
		resp.Diagnostics.AddWarning("What became of the export is not known", jobForgotten(&state))
	case err != nil:
		resp.Diagnostics.AddError("Unable to read export of image", framework.Detail("", err, ""))
	case job.State() == ims.JobFailed:
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.AddWarning("The image was not exported", framework.Detail("The service failed to export it after the apply that asked for it was cut. The export is removed from the state.",
			job.Err("export image "+state.ImageID.ValueString()), ""))
	case job.State() == ims.JobSucceeded:
		state.ExportedAt = exportedAt(job, r.Client.Now())
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

// jobForgotten is what to do when the service no longer knows the job of an export.
func jobForgotten(m *imageExportModel) string {
	return fmt.Sprintf("The service no longer knows the job %s that exports image %s, nor can it be asked for the file %s. Look whether the file is in OBS. "+
		"If it is, run `terraform state rm` (or `tofu state rm`) on the resource and import it as %q; if not, replace the resource with `-replace` to export again.",
		m.JobID.ValueString(), m.ImageID.ValueString(), m.BucketURL.ValueString(), importID(m))
}

func (r *imageExportResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state imageExportModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, plan.Timeouts.Create, exportTimeouts.Create, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if r.identify(ctx, resp.Identity, &plan, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(framework.SetPrivate(ctx, resp.Private, keyImported, nil)...)
	plan.JobID, plan.ExportedAt = state.JobID, state.ExportedAt
	if state.isUnderWay() {
		r.resume(ctx, &plan, resp)
	}
	if !resp.State.Raw.IsNull() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	}
}

// resume waits for an export that an earlier run began.
func (r *imageExportResource) resume(ctx context.Context, plan *imageExportModel, resp *resource.UpdateResponse) {
	finished, err := r.Client.Wait(ctx, "export image "+plan.ImageID.ValueString(), ims.StartedJob{ID: plan.JobID.ValueString()})
	switch {
	case err == nil:
		plan.ExportedAt = exportedAt(finished, r.Client.Now())
	case ims.IsJobFailure(err):
		resp.Diagnostics.AddError(unableToExport, framework.Detail("The service failed to export the image.", err, "The next plan exports it again."))
	case ims.IsNotFound(err):
		resp.Diagnostics.AddError(unableToExport, jobForgotten(plan))
	case errors.Is(ctx.Err(), context.Canceled):
		resp.Diagnostics.AddWarning("Interrupted: the image is still being exported",
			fmt.Sprintf("The service goes on exporting it (job %s). The next apply waits for it.", plan.JobID.ValueString()))
	default:
		resp.Diagnostics.AddError(unableToExport, framework.Detail(cutExport(ctx), err, "Raise timeouts.create, or apply again: the next apply goes on waiting."))
	}
}

// Delete leaves the file: the image service cannot delete it, and it may be all that is left of the image.
func (r *imageExportResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state imageExportModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	goesOn := ""
	if state.isUnderWay() {
		goesOn = fmt.Sprintf(" It is still being written (job %s).", state.JobID.ValueString())
	}
	resp.Diagnostics.AddWarning("The exported file is left in OBS",
		fmt.Sprintf("The file %s is not deleted.%s It is no longer managed and stays billed until it is deleted in OBS.", state.BucketURL.ValueString(), goesOn))
}

// importID is how an export is named to be imported.
func importID(m *imageExportModel) string {
	return m.ImageID.ValueString() + "," + m.BucketURL.ValueString()
}

// ImportState takes an export's word for it: the service can confirm neither the file nor what it was made from.
func (r *imageExportResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity := exportIdentity{}
	if req.ID != "" {
		image, object, _ := strings.Cut(req.ID, ",")
		identity.ImageID, identity.BucketURL = types.StringValue(image), types.StringValue(object)
	} else if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
		return
	}
	if !framework.ObjectRule.Holds(identity.BucketURL.ValueString()) || identity.ImageID.ValueString() == "" {
		resp.Diagnostics.AddError("Unable to import export of image", "The id to import must be the image's id, a comma, and the file as bucket:object.")
		return
	}
	scope, err := r.Client.Scope(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Unable to import export of image", framework.Detail("", err, ""))
		return
	}
	if region := identity.Region.ValueString(); region != "" && region != scope.Region {
		resp.Diagnostics.AddAttributeError(path.Root("region"), "Unable to import export of image",
			"The identity names region "+region+", and the provider is configured for region "+scope.Region+". Import with a provider that is configured for the image's region.")
		return
	}
	identity.Region = types.StringValue(scope.Region)
	resp.Diagnostics.Append(resp.State.Set(ctx, &imageExportModel{
		exportArguments: exportArguments{ImageID: identity.ImageID, BucketURL: identity.BucketURL}, Timeouts: exportTimeouts.Null(ctx),
	})...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.Diagnostics.Append(framework.SetPrivate(ctx, resp.Private, keyImported, true)...)
}
