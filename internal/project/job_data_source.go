package project

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

type jobDataSource struct{ *framework.ProviderData }

var _ datasource.DataSourceWithConfigure = &jobDataSource{}

// NewJobDataSource is the data source ims_job.
func NewJobDataSource() datasource.DataSource { return &jobDataSource{} }

type jobModel struct {
	ID         types.String   `tfsdk:"id"`
	Type       types.String   `tfsdk:"type"`
	Status     types.String   `tfsdk:"status"`
	State      types.String   `tfsdk:"state"`
	Progress   types.Float64  `tfsdk:"progress"`
	Task       types.String   `tfsdk:"current_task"`
	BeginTime  types.String   `tfsdk:"begin_time"`
	EndTime    types.String   `tfsdk:"end_time"`
	ImageIDs   []string       `tfsdk:"image_ids"`
	ErrorCode  types.String   `tfsdk:"error_code"`
	FailReason types.String   `tfsdk:"fail_reason"`
	Members    []outcomeModel `tfsdk:"members"`
}

type outcomeModel struct {
	ImageID   types.String `tfsdk:"image_id"`
	ProjectID types.String `tfsdk:"project_id"`
	Status    types.String `tfsdk:"status"`
}

// states are the provider's names of a job's states: the service has more words than one for each.
var (
	states     = []string{"running", "succeeded", "failed"}
	stateNames = map[ims.JobState]string{ims.JobRunning: states[0], ims.JobSucceeded: states[1], ims.JobFailed: states[2]}
)

func (d *jobDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_job"
}

func (d *jobDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attribute := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A job of the service, such as the one that makes an image. It is read once, not waited for.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Id of the job, such as the `job_id` of an image.",
			},
			"type":         attribute("Type of the job, such as `imsCreateImageByInstance`."),
			"status":       attribute("Status in the service's words, such as `RUNNING` or `SUCCESS`."),
			"state":        attribute("State of the job: " + framework.OneOf(states) + "."),
			"progress":     schema.Float64Attribute{Computed: true, MarkdownDescription: "How much of the job is done, in percent. Null if the service does not report it, as for jobs that have ended."},
			"current_task": attribute("What the job is doing. Null if the service does not report it."),
			"begin_time":   attribute("When the job began, in RFC 3339, UTC."),
			"end_time":     attribute("When the job ended, in RFC 3339, UTC. Null while it runs."),
			"image_ids": schema.ListAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "Ids of the images that the job made, known once it succeeded.",
			},
			"error_code":  attribute("Error code of a job that failed, such as `IMG.0057`."),
			"fail_reason": attribute("Why the job failed, in the service's words."),
			"members": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Parts of a job that shares images or answers shares: the job can succeed although parts of it failed.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"image_id":   attribute("Id of the image."),
					"project_id": attribute("Id of the project."),
					"status":     attribute("What became of the part, in the service's words, such as `success` or `failed`."),
				}},
			},
		},
	}
}

func (d *jobDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *jobDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config jobModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	job, err := d.Client.Job(ctx, config.ID.ValueString())
	if err != nil {
		sentence := ""
		if ims.IsNotFound(err) {
			sentence = "The project of the provider has no job " + config.ID.ValueString() + ", or no longer."
		}
		resp.Diagnostics.AddError("Unable to find job", framework.Detail(sentence, err, ""))
		return
	}
	found := jobOf(job)
	found.ID = config.ID
	resp.Diagnostics.Append(resp.State.Set(ctx, &found)...)
}

// jobOf maps a job. A failure is told with the reason of the part that failed.
func jobOf(job *ims.Job) jobModel {
	model := jobModel{
		Type: framework.StringOrNull(job.Type), Status: framework.StringOrNull(job.Status), State: types.StringValue(stateNames[job.State()]),
		Progress: types.Float64PointerValue(job.Entities.Percent), Task: framework.StringOrNull(job.Entities.Task),
		BeginTime: framework.StringOrNull(job.BeginTime.String()), EndTime: framework.StringOrNull(job.EndTime.String()),
		ImageIDs: append([]string{}, job.ImageIDs()...), Members: []outcomeModel{},
		ErrorCode: framework.StringOrNull(job.ErrorCode), FailReason: framework.StringOrNull(job.FailReason),
	}
	var failure *ims.Error
	if errors.As(job.Err(""), &failure) {
		model.ErrorCode, model.FailReason = framework.StringOrNull(failure.Code), framework.StringOrNull(failure.Message)
	}
	for _, outcome := range job.Entities.Results {
		model.Members = append(model.Members, outcomeModel{
			ImageID: framework.StringOrNull(outcome.ImageID), ProjectID: framework.StringOrNull(outcome.ProjectID), Status: framework.StringOrNull(outcome.Status),
		})
	}
	return model
}
