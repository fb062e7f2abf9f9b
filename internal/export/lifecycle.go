package export

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// record is what is known of an export: the job that writes the file, and when that ended. An imported one has neither.
type record struct {
	JobID      types.String `tfsdk:"job_id"`
	ExportedAt types.String `tfsdk:"exported_at"`
}

// begun is the record of an export whose job was just started.
func begun(job framework.Job) record {
	return record{JobID: types.StringValue(job.ID), ExportedAt: types.StringNull()}
}

// isUnderWay is true of an export that was begun, and of which no end is known.
func (r *record) isUnderWay() bool { return !r.JobID.IsNull() && r.ExportedAt.IsNull() }

// look takes one look at the job, and records its end.
func (r *record) look(ctx context.Context, client *ims.Client, job framework.Job) (framework.Outcome, error) {
	seen, outcome, err := job.Look(ctx, client)
	r.note(seen, outcome, client.Now())
	return outcome, err
}

// wait waits for the end of the job, and records it.
func (r *record) wait(ctx context.Context, client *ims.Client, job framework.Job) (framework.Outcome, error) {
	seen, outcome, err := job.Wait(ctx, client, func(*ims.Job) {})
	r.note(seen, outcome, client.Now())
	return outcome, err
}

// note records when a job ended that ended well. A cloud that does not say when has now for it.
func (r *record) note(job *ims.Job, outcome framework.Outcome, now time.Time) {
	if outcome != framework.Ready {
		return
	}
	end := now.UTC().Format(time.RFC3339)
	if !job.EndTime.IsZero() {
		end = job.EndTime.String()
	}
	r.ExportedAt = types.StringValue(end)
}
