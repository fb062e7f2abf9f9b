package share

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// keyJob is the key of private state that holds the job which a creation was cut in.
const keyJob = "job"

// setJob remembers a job; an empty one forgets it.
func setJob(ctx context.Context, private interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}, job string,
) diag.Diagnostics {
	if job == "" {
		return private.SetKey(ctx, keyJob, []byte("null"))
	}
	encoded, err := json.Marshal(job)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep private state", err.Error())}
	}
	return private.SetKey(ctx, keyJob, encoded)
}

// isUnderWay tells whether the job that a creation was cut in goes on. What cannot be found out counts as no.
func isUnderWay(ctx context.Context, client *ims.Client, private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
},
) bool {
	encoded, _ := private.GetKey(ctx, keyJob)
	id := ""
	if json.Unmarshal(encoded, &id) != nil || id == "" {
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
