package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// keyRecord is the key of private state that holds the record. It is the only one.
const keyRecord = "record"

// record is what private state knows of a share, a member or an answer and the state does not show. It is read once
// when an operation begins, and written once when it ends.
type record struct {
	// Project is whose it is: the image's owner's, or the receiver's if it is an answer. "": that is not known yet.
	Project string `json:"project,omitempty"`
	// Holder is the name under which this process claims what it has made. "": it was imported or moved.
	Holder string `json:"holder,omitempty"`
	// JobID is the job that the creation was cut in; "" once its end was seen.
	JobID string `json:"job_id,omitempty"`
	// Moved is kept of what was moved from another provider's resource and has not been read since.
	Moved *framework.Moved `json:"moved,omitempty"`
}

// readRecord reads the record of a resource.
func readRecord(ctx context.Context, private framework.PrivateReader) record {
	read, _ := framework.GetPrivate[record](ctx, private, keyRecord)
	return read
}

// save writes the record.
func (r *record) save(ctx context.Context, private framework.Private) diag.Diagnostics {
	return framework.SetPrivate(ctx, private, keyRecord, r)
}

// isUnderWay is true while the job goes on that a creation was cut in. What cannot be found out counts as over.
func (r *record) isUnderWay(ctx context.Context, client *ims.Client) bool {
	if r.JobID == "" {
		return false
	}
	_, outcome, _ := framework.Job{ID: r.JobID}.Look(ctx, client)
	return outcome == framework.UnderWay
}

// arrive notes that what was moved, or was being made, has been seen.
func (r *record) arrive() { r.JobID, r.Moved = "", nil }
