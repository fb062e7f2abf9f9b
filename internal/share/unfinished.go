package share

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// keyJob is the key of private state that holds the job which a creation was cut in.
const keyJob = "job"

// setJob remembers a job; an empty one forgets it.
func setJob(ctx context.Context, private framework.Private, job string) diag.Diagnostics {
	return framework.SetPrivate(ctx, private, keyJob, job)
}

// isUnderWay tells whether the job that a creation was cut in goes on. What cannot be found out counts as no.
func isUnderWay(ctx context.Context, client *ims.Client, private framework.PrivateReader) bool {
	id, _ := framework.GetPrivate[string](ctx, private, keyJob)
	if id == "" {
		return false
	}
	job, err := client.Job(ctx, id)
	return err == nil && job.State() == ims.JobRunning
}

// jobOf is the job whose wait was cut.
func jobOf(err error) string {
	var wait *ims.WaitError
	if errors.As(err, &wait) {
		return wait.JobID
	}
	return ""
}
