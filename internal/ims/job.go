package ims

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// JobState is where a job stands. The zero value is a job still under way.
type JobState int

// States of a job. A status that the reference does not know counts as running: only the service's word ends a wait.
const (
	JobRunning JobState = iota
	JobSucceeded
	JobFailed
)

// Job is an asynchronous task of the service (API reference, Querying the Status of an Asynchronous Job).
type Job struct {
	ID         string      `json:"job_id"`
	Type       string      `json:"job_type"`
	Status     string      `json:"status"`
	BeginTime  Timestamp   `json:"begin_time"`
	EndTime    Timestamp   `json:"end_time"`
	ErrorCode  string      `json:"error_code"`
	FailReason string      `json:"fail_reason"`
	Entities   JobEntities `json:"entities"`
}

// JobEntities is what a job works on; which fields there are depends on the job's type.
type JobEntities struct {
	ImageID   string          `json:"image_id"`
	ImageName string          `json:"image_name"`
	Percent   *float64        `json:"process_percent"` // see [Job.Progress]; nil on clouds that do not report it
	Task      string          `json:"current_task"`
	SubJobs   []Job           `json:"sub_jobs_result"`
	Results   []MemberOutcome `json:"results"`
}

// UnmarshalJSON also takes the empty string and the list that some answers have in place of an object.
func (e *JobEntities) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '{' {
		return nil
	}
	type plain JobEntities
	return json.Unmarshal(data, (*plain)(e))
}

// MemberOutcome is one part of a job that shares images or answers a share: a job can succeed and parts of it fail.
type MemberOutcome struct {
	ImageID   string `json:"image_id"`
	ProjectID string `json:"project_id"`
	Status    string `json:"status"`
}

// State reads the job's status, which the reference prints in both cases.
func (j *Job) State() JobState {
	switch strings.ToUpper(j.Status) {
	case "SUCCESS":
		return JobSucceeded
	case "FAIL", "FAILED":
		return JobFailed
	default:
		return JobRunning
	}
}

// Progress is how much of the job is done, from 0 to 1; negative when the service does not report it. The reference calls
// process_percent a percentage, and shows 1 at the end of a job and 0.2 on the way: values up to 1 are fractions, greater
// ones percentages (API reference, Querying the Progress of an Asynchronous Job). A job that shows 1 and runs has either all
// of it behind it or a hundredth: that is no progress.
func (j *Job) Progress() float64 {
	switch percent := j.Entities.Percent; {
	case percent == nil || *percent < 0 || *percent > 100, *percent == 1 && j.State() == JobRunning:
		return -1
	case *percent > 1:
		return *percent / 100
	default:
		return *percent
	}
}

// ImageIDs are the images a job made: its own first, then those of its parts.
func (j *Job) ImageIDs() []string {
	var ids []string
	if j.Entities.ImageID != "" {
		ids = append(ids, j.Entities.ImageID)
	}
	for i := range j.Entities.SubJobs {
		ids = append(ids, j.Entities.SubJobs[i].ImageIDs()...)
	}
	return ids
}

// Err is the failure of a failed job, with the reason of the part that failed; nil for any other.
func (j *Job) Err(operation string) error {
	if j.State() != JobFailed {
		return nil
	}
	failure := &Error{Operation: operation, Code: j.ErrorCode, Message: j.FailReason, JobID: j.ID}
	for i := range j.Entities.SubJobs {
		part := &j.Entities.SubJobs[i]
		if part.State() != JobFailed {
			continue
		}
		if failure.Code == "" {
			failure.Code = part.ErrorCode
		}
		if failure.Message == "" {
			failure.Message = part.FailReason
		}
	}
	if failure.Message == "" {
		failure.Message = "the job failed; the service gave no reason"
	}
	return failure
}

// Job reads a job. One that the service does not know is an error of which [IsNotFound] is true.
//
// There are two reads (API reference, Querying the Status of an Asynchronous Job, and Querying the Progress of an Asynchronous
// Job). The older one is asked, which every cloud had and which alone says what became of each part of a share; where it is no
// longer offered, the other one is, from then on.
func (c *Client) Job(ctx context.Context, id string) (*Job, error) {
	region := c.jobs()
	if region.onlyProgress.Load() {
		return region.jobProgress(ctx, id)
	}
	path, err := region.projectPath(ctx, "v1", "jobs/"+url.PathEscape(id))
	if err != nil {
		return nil, err
	}
	job, err := region.readJob(ctx, id, path)
	if !IsNotOffered(err) {
		return job, err
	}
	progress, progressErr := region.jobProgress(ctx, id)
	if IsNotOffered(progressErr) {
		return nil, err
	}
	region.onlyProgress.Store(true)
	return progress, progressErr
}

func (c *Client) jobProgress(ctx context.Context, id string) (*Job, error) {
	return c.readJob(ctx, id, "v1/cloudimages/job/"+url.PathEscape(id))
}

func (c *Client) readJob(ctx context.Context, id, path string) (*Job, error) {
	var job Job
	call := call{operation: "read job " + id, class: safe, method: http.MethodGet, path: path}
	if err := c.do(ctx, call, &job); err != nil {
		return nil, err
	}
	if job.ID == "" {
		job.ID = id
	}
	return &job, nil
}
