package export

import (
	"cmp"
	"context"
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

// exportImageAction exports an image once, whenever it is invoked, and remembers nothing.
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
	arguments
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
		MarkdownDescription: "Export of a private image to a file in OBS, made each time the action is invoked and waited " +
			"for. Needs Terraform 1.14 or later; OpenTofu has no actions. " +
			"The resource `ims_image_export` does the same once, and remembers it.\n\n" + description,
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: describeImage,
			},
			"bucket_url": schema.StringAttribute{
				Required: true, Validators: []validator.String{framework.ObjectRule}, MarkdownDescription: describeBucket,
			},
			"file_format": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(fileFormats...)},
				MarkdownDescription: describeFormat,
			},
			"quick_export": schema.BoolAttribute{Optional: true, MarkdownDescription: describeQuick},
			"timeout": schema.StringAttribute{
				Optional: true, Validators: []validator.String{durationRule},
				MarkdownDescription: fmt.Sprintf("Longest time for the export, as a duration such as `45m` or `1h30m`. "+
					"Default: `%dm`.", int(defaultTimeouts.Create.Minutes())),
			},
		},
	}
}

func (a *exportImageAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (a *exportImageAction) ValidateConfig(
	ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse,
) {
	var config exportImageModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() {
		config.checkForm(&resp.Diagnostics)
	}
}

func (a *exportImageAction) ModifyPlan(
	ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse,
) {
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
	// The rule has seen to it that a duration which was given can be read.
	given, _ := time.ParseDuration(config.Timeout.ValueString())
	timeout := cmp.Or(given, defaultTimeouts.Create)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	report := func(format string, values ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, values...)})
	}
	report("Asking the service to export image %s to %s", config.ImageID.ValueString(), config.BucketURL.ValueString())
	job, err := config.start(ctx, a.Client)
	if err != nil {
		config.failStart(err, "", &resp.Diagnostics)
		return
	}

	begin := a.Client.Now()
	report("The service exports it: job %s", job.ID)
	_, outcome, err := job.Wait(ctx, a.Client, func(seen *ims.Job) {
		took := a.Client.Now().Sub(begin).Round(time.Second)
		if progress := seen.Progress(); progress >= 0 {
			report("Still exporting after %s: %.0f%%", took, 100*progress)
			return
		}
		report("Still exporting after %s", took)
	})
	if outcome == framework.Ready {
		report("Exported to %s", config.BucketURL.ValueString())
	}
	words := config.words(job.ID)
	words["timeout"] = timeout.String()
	verdicts[invoking][outcome].Report(words, adviceOnCodes, err, &resp.Diagnostics)
}
