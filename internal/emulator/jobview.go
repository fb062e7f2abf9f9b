package emulator

import "net/http"

// showJob is GET /v1/{project_id}/jobs/{job_id}.
func (e *Emulator) showJob(c *call) (answer, error) {
	now := e.clock.Now()
	for _, job := range e.world.Jobs {
		if job.ID != c.vars["job"] || job.ProjectID != c.session.ProjectID {
			continue
		}
		late := e.options.Switches.JobNotFoundFor
		if late > 0 && now.Sub(job.Begin) < late || job.Forgets && job.Settled {
			break
		}
		return ok(e.describeJob(job, job.statusAt(now))), nil
	}
	gone := refuse("IMG.0121")
	gone.status = http.StatusNotFound
	return answer{}, gone
}

// describeJob is a job as its page shows it. Where the image's id is depends on the job's type.
func (e *Emulator) describeJob(job *Job, status string) map[string]any {
	entities := map[string]any{}
	described := map[string]any{
		"job_id": job.ID, "job_type": job.Type, "begin_time": isoMillis(job.Begin), "status": status,
		"error_code": nil, "fail_reason": nil, "entities": entities,
	}
	ended := status == jobSuccess || status == jobFail
	if ended {
		described["end_time"] = isoMillis(job.End)
		if e.options.Switches.LowercaseStatus {
			described["status"] = map[string]string{jobSuccess: "success", jobFail: "failed"}[status]
		}
	}
	if status == jobFail {
		described["error_code"], described["fail_reason"] = job.ErrorCode, codes()[job.ErrorCode].Message
	}
	if job.ImageName != "" {
		entities["image_name"] = job.ImageName
	}
	if job.ImageID != "" && (status == jobSuccess || status == jobFail && job.Leaves) {
		entities["image_id"] = job.ImageID
	}
	if !ended && !e.options.NoProgress {
		entities["current_task"] = job.Type
		entities["process_percent"] = job.percent(e.clock.Now())
	}
	if len(job.SubJobs) > 0 {
		e.describeSubJobs(job, status, entities)
	}
	if isMemberJob(job.Type) {
		entities["results"] = e.describeResults(job, status)
	}
	return described
}

func (e *Emulator) describeSubJobs(job *Job, status string, entities map[string]any) {
	ids, results := []string{}, []any{}
	for i := range job.SubJobs {
		sub := job.SubJobs[i]
		sub.ErrorCode, sub.Leaves = job.ErrorCode, job.Leaves
		ids = append(ids, sub.ID)
		results = append(results, e.describeJob(&sub, status))
	}
	entities["sub_jobs_list"], entities["sub_jobs_result"] = ids, results
}
