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
	Percent   *float64        `json:"process_percent"` // 0 to 100; nil on clouds that do not tell
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
func (c *Client) Job(ctx context.Context, id string) (*Job, error) {
	region := c.jobs()
	path, err := region.projectPath(ctx, "v1", "jobs/"+url.PathEscape(id))
	if err != nil {
		return nil, err
	}
	var job Job
	call := call{operation: "read job " + id, class: safe, method: http.MethodGet, path: path}
	if err := region.do(ctx, call, &job); err != nil {
		return nil, err
	}
	if job.ID == "" {
		job.ID = id
	}
	return &job, nil
}
