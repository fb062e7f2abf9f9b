package image

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// exportImageAction exports an image once, whenever it is invoked, and keeps nothing.
type exportImageAction struct{ *framework.ProviderData }

var (
	_ action.ActionWithConfigure      = &exportImageAction{}
	_ action.ActionWithValidateConfig = &exportImageAction{}
	_ action.ActionWithModifyPlan     = &exportImageAction{}
)

// NewExportImageAction is the action ims_export_image.
func NewExportImageAction() action.Action { return &exportImageAction{} }

// exportImageModel is the action's configuration.
type exportImageModel struct {
	exportArguments
	Timeout types.String `tfsdk:"timeout"`
}

var durationRule = framework.Rule{
	Says:  "must be a duration such as `45m` or `1h30m`",
	Holds: func(s string) bool { d, err := time.ParseDuration(s); return err == nil && d > 0 },
}

func (a *exportImageAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_export_image"
}

func (a *exportImageAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Export of a private image to a file in OBS, made each time the action is invoked and waited for. Needs Terraform 1.14 or later; OpenTofu has no actions. " +
			"The resource `ims_image_export` does the same once, and remembers it.\n\n" + exportDescription,
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}, MarkdownDescription: describeExportImage,
			},
			"bucket_url":   schema.StringAttribute{Required: true, Validators: []validator.String{framework.ObjectRule}, MarkdownDescription: describeExportBucket},
			"file_format":  schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.OneOf(fileFormats...)}, MarkdownDescription: describeExportFormat},
			"quick_export": schema.BoolAttribute{Optional: true, MarkdownDescription: describeExportQuick},
			"timeout": schema.StringAttribute{
				Optional: true, Validators: []validator.String{durationRule},
				MarkdownDescription: fmt.Sprintf("Longest time for the export, as a duration such as `45m` or `1h30m`. Default: `%dm`.", int(exportTimeouts.Create.Minutes())),
			},
		},
	}
}

func (a *exportImageAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (a *exportImageAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var config exportImageModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() {
		config.checkForm(&resp.Diagnostics)
	}
}

func (a *exportImageAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var config exportImageModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() && a.ProviderData != nil {
		config.checkImage(ctx, a.Client, &resp.Diagnostics)
	}
}

func (a *exportImageAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config exportImageModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	// The rule has seen to it that a given duration can be read.
	given, _ := time.ParseDuration(config.Timeout.ValueString())
	timeout := cmp.Or(given, exportTimeouts.Create)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	id, object := config.ImageID.ValueString(), config.BucketURL.ValueString()
	tell := func(format string, values ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, values...)})
	}
	tell("Asking the service to export image %s to %s", id, object)
	job, err := config.start(ctx, a.Client)
	if err != nil {
		config.failStart(err, "", &resp.Diagnostics)
		return
	}
	begin := a.Client.Now()
	tell("The service exports it: job %s", job.ID)
	_, err = a.Client.Follow(ctx, "export image "+id, job, func(seen *ims.Job) {
		took := a.Client.Now().Sub(begin).Round(time.Second)
		if percent := seen.Entities.Percent; percent != nil {
			tell("Still exporting after %s: %.0f%%", took, *percent)
			return
		}
		tell("Still exporting after %s", took)
	})
	var sentence string
	switch {
	case err == nil:
		tell("Exported to %s", object)
		return
	case ims.IsJobFailure(err):
		sentence = "The service began to export the image and failed."
	case errors.Is(ctx.Err(), context.Canceled):
		sentence = "Interrupted. The service goes on exporting the image: invoke the action again only if the file does not appear."
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		sentence = fmt.Sprintf("The export has not ended within %s. It goes on at the service: invoke the action again only if the file does not appear.", timeout)
	default:
		sentence = "The export is under way, and could not be waited for: invoke the action again only if the file does not appear."
	}
	resp.Diagnostics.AddError(unableToExport, framework.Detail(sentence, err, ""))
}
