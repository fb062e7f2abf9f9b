package emulator

import (
	"net/http"
	"strings"
)

// showJob is GET /v1/{project_id}/jobs/{job_id}. Of a job's progress it shows nothing, but for a switch.
func (e *Emulator) showJob(c *call) (answer, error) {
	job, err := e.findJob(c)
	if err != nil {
		return answer{}, err
	}
	described := e.describeJob(job, job.statusAt(e.clock.Now()))
	if e.options.Switches.OldJobReadProgress {
		e.describeProgress(job, described)
	}
	return ok(described), nil
}

// showJobProgress is GET /v1/cloudimages/job/{job_id}: of a share's parts it shows nothing, nor the list of sub jobs.
func (e *Emulator) showJobProgress(c *call) (answer, error) {
	job, err := e.findJob(c)
	if err != nil {
		return answer{}, err
	}
	described := e.describeJob(job, job.statusAt(e.clock.Now()))
	if entities, isObject := described["entities"].(map[string]any); isObject {
		delete(entities, "results")
		delete(entities, "sub_jobs_list")
	}
	e.describeProgress(job, described)
	return ok(described), nil
}

func (e *Emulator) findJob(c *call) (*Job, error) {
	now := e.clock.Now()
	for _, job := range e.world.Jobs {
		if job.ID != c.vars["job"] || job.ProjectID != c.session.ProjectID {
			continue
		}
		late := e.options.Switches.JobNotFoundFor
		if late > 0 && now.Sub(job.Begin) < late || job.Forgets && job.Settled {
			break
		}
		return job, nil
	}
	gone := refuse("IMG.0121")
	gone.status = http.StatusNotFound
	return nil, gone
}

// describeProgress adds how much of a job is done: a fraction, or percent. Jobs with sub jobs show none.
func (e *Emulator) describeProgress(job *Job, described map[string]any) {
	entities, isObject := described["entities"].(map[string]any)
	if e.options.NoProgress || !isObject || len(job.SubJobs) > 0 {
		return
	}
	percent, task := 100, ""
	if status := job.statusAt(e.clock.Now()); status != jobSuccess && status != jobFail {
		percent, task = job.progress(e.clock.Now()), job.Type
	}
	entities["current_task"], entities["process_percent"] = task, float64(percent)/100
	if e.options.Switches.ProgressInPercent {
		entities["process_percent"] = percent
	}
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
	if e.options.Switches.OldJobTimes {
		described["begin_time"] = strings.Replace(job.Begin.UTC().Format("02-Jan-2006 15:04:05.000"), ".", ":", 1)
		described["end_time"] = ""
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
