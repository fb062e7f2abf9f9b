package image

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// keyRecord is the key of private state that holds the record. It is the only one.
const keyRecord = "record"

// record is what private state knows of an image and the state does not show. It is read once when an operation begins,
// and written once when it ends. No record is one of a finished image about which there is nothing to know.
type record struct {
	// Making is how far the making of the image has come. Nil: it is finished.
	Making *making `json:"making,omitempty"`
	// Failed marks an image that a failed job left: it is replaced.
	Failed bool `json:"failed,omitempty"`
	// Imported marks an image whose arguments that the service never returns are still to be taken from the configuration.
	Imported bool `json:"imported,omitempty"`
	// Found are arguments of an imported image of which the state has what the service found, not what was asked for.
	Found []string `json:"found,omitempty"`
	// Moved is kept of an image that was moved from another provider's resource and has not been read since.
	Moved *framework.Moved `json:"moved,omitempty"`
}

// making is what is known of an image that is not finished. Its stage follows from it.
type making struct {
	// Request describes the request that makes the image: by it the image is searched for when nothing else is known.
	Request ims.Created `json:"request"`
	// JobID is the job that makes the image; "" if its answer was lost, or if none is needed.
	JobID string `json:"job_id,omitempty"`
	// JobSince is the service's time when the job was accepted.
	JobSince time.Time `json:"job_since,omitzero"`
	// JobEnded is the service's time when the job was over, well or forgotten. Zero: it may be under way.
	JobEnded time.Time `json:"job_ended,omitzero"`
	// ImageID is the image, once that is known.
	ImageID string `json:"image_id,omitempty"`
	// FromJob says that the job alone has named the image so far: no other part of the service need know it yet.
	FromJob bool `json:"from_job,omitempty"`
	// Parts are the images that are made together with it.
	Parts []string `json:"parts,omitempty"`
}

// stage is how far the making of an image has come.
type stage int

const (
	stageFinished   stage = iota // it is made, and the state knows it
	stageRequested               // it was asked for, and the answer was lost
	stageJob                     // a job makes it
	stageRegistered              // its id is known; it may lack its file, or be under way
	stageUnknown                 // it is not finished, and nothing is known by which to find it
)

// stage follows from what is recorded; id is the image's in the state.
func (r *record) stage(id string) stage {
	switch m := r.Making; {
	case m == nil && id != "":
		return stageFinished
	case m == nil:
		return stageUnknown
	case m.ImageID != "":
		return stageRegistered
	case m.JobID != "":
		return stageJob
	default:
		return stageRequested
	}
}

// isUnfinished tells whether the image is still to be waited for.
func (r *record) isUnfinished(m *imageModel) bool {
	return r.stage(m.ID.ValueString()) != stageFinished
}

// isProtected tells whether the image may not be deleted. What is planned of one that is still being made does not hold
// yet.
func (r *record) isProtected(m *imageModel) bool {
	return !r.isUnfinished(m) && m.Protected.ValueBool()
}

// readRecord reads the record of a resource. Engines destroy a tainted resource without its private state: then the
// job and
// the image are known from the state.
func readRecord(ctx context.Context, private framework.PrivateReader, m *imageModel) record {
	read, _ := framework.GetPrivate[record](ctx, private, keyRecord)
	job, id, status := m.JobID.ValueString(), m.ID.ValueString(), m.Status.ValueString()
	isUnfinished := id == "" || status == "" || isUnderWay(status)
	if read.Making == nil && isUnfinished && (job != "" || id != "") {
		read.Making = &making{JobID: job, ImageID: id}
	}
	return read
}

// save writes the record.
func (r *record) save(ctx context.Context, private framework.Private) diag.Diagnostics {
	return framework.SetPrivate(ctx, private, keyRecord, r)
}
