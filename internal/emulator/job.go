package emulator

import (
	"maps"
	"time"
)

// The jobs' types (API reference, Querying the Status of an Asynchronous Job).
const (
	jobFromServer      = "imsCreateImageByInstance"
	jobFromVolume      = "imsVolumeCreateImageJob"
	jobFromVolumes     = "imsVolumesToSysDataImagesJob"
	jobCopyVolume      = "imsCopyVolumeToImageJob" // a sub job of jobFromVolumes
	jobImport          = "imsImportImageJob"
	jobImportData      = "imsImportDataImageJob"
	jobWholeFromServer = "imsCreateWholeImageByInstanceJob"
	jobWholeFromBackup = "imsCreateWholeImageByBackupJob"
	jobRegister        = "imsNativeImportImageJob"
	jobExport          = "imsNativeExportImageJob"
	jobAddMembers      = "imsAddImageMembersJob"
	jobDeleteMembers   = "imsDelImageMembersJob"
	jobAnswer          = "imsUpdateImageMembersJob"
	jobCopy            = "imsCopyImageInRegionJob"
	jobCopyFar         = "imsCrossRegionCopyImageJob"
)

// The states of a job.
const (
	jobInit    = "INIT"
	jobRunning = "RUNNING"
	jobSuccess = "SUCCESS"
	jobFail    = "FAIL"
)

// Job is an asynchronous operation.
type Job struct {
	ID, Type  string
	ProjectID string
	Status    string // INIT, RUNNING, SUCCESS, FAIL; as of when it was looked at
	Begin     time.Time
	End       time.Time // when it will have ended, or has
	ErrorCode string    // of a job that FAILs
	ImageName string
	ImageID   string // known to clients only once the job ended well
	SubJobs   []Job
	Results   []MemberResult // of the jobs that share
	// ImageStatus is what a job that answers shares answers: accepted or rejected.
	ImageStatus string

	Settled bool // the job ended and did what it was for
	Hangs   bool // a fault keeps it from ending
	Leaves  bool // a fault lets it leave its image when it FAILs
	Forgets bool // a fault takes its record away once it ended

	// Final are attributes that the image gets when the job ends well.
	Final map[string]any
	// Object is the file that an export makes, with its size in bytes.
	Object     string
	ObjectSize int64
}

// MemberResult is what became of sharing one image with one member. Type is "" for a project.
type MemberResult struct {
	ImageID, ProjectID, Type, Status, VaultID string
}

// start registers a job. It ends after its type's duration, or as the fault says that hits the request.
func (e *Emulator) start(c *call, job *Job) answer {
	now := e.clock.Now()
	duration := e.options.JobDuration
	if d, ok := e.options.JobDurations[job.Type]; ok {
		duration = d
	}
	job.ID, job.ProjectID, job.Begin, job.End = randomHex(16), c.session.ProjectID, now, now.Add(duration)
	for i := range job.SubJobs {
		sub := &job.SubJobs[i]
		sub.ID, sub.ProjectID, sub.Begin, sub.End = randomHex(16), job.ProjectID, job.Begin, job.End
	}
	if c.fault.FailJob != "" {
		job.ErrorCode = c.fault.FailJob
	}
	job.Hangs, job.Forgets, job.Leaves = c.fault.HangJob, c.fault.ForgetJob, c.fault.KeepImage
	for _, id := range job.imageIDs() {
		image := e.existing(id)
		if image == nil || image.Status == statusActive {
			continue
		}
		image.JobID = job.ID
		if late := e.options.Switches.TagsLate; late > 0 {
			image.TagsFrom = job.End.Add(late)
		}
	}
	e.world.Jobs = append(e.world.Jobs, job)
	return answer{status: 200, body: map[string]any{"job_id": job.ID}}
}

// imageIDs are the images that a job makes.
func (j *Job) imageIDs() []string {
	var ids []string
	if j.ImageID != "" {
		ids = append(ids, j.ImageID)
	}
	for i := range j.SubJobs {
		ids = append(ids, j.SubJobs[i].ImageID)
	}
	return ids
}

func (j *Job) statusAt(now time.Time) string {
	switch {
	case !now.Before(j.End) && !j.Hangs && j.ErrorCode != "":
		return jobFail
	case !now.Before(j.End) && !j.Hangs:
		return jobSuccess
	case now.Sub(j.Begin) < j.End.Sub(j.Begin)/10:
		return jobInit
	default:
		return jobRunning
	}
}

// progress is how much of the job is done, in percent.
func (j *Job) progress(now time.Time) int {
	length := j.End.Sub(j.Begin)
	if length <= 0 {
		return 0
	}
	return int(min(99, max(0, 100*now.Sub(j.Begin)/length)))
}

// settle lets everything happen that the clock says is due. Whoever holds the lock to look at the world calls it first.
func (e *Emulator) settle() {
	now := e.clock.Now()
	for _, job := range e.world.Jobs {
		if job.Settled {
			continue
		}
		switch job.statusAt(now) {
		case jobSuccess:
			job.Settled = true
			e.succeed(job)
		case jobFail:
			job.Settled = true
			e.fail(job)
		case jobRunning:
			for _, id := range job.imageIDs() {
				if image := e.world.Images[id]; image != nil && image.Status == statusQueued && image.JobID == job.ID {
					image.Status = statusSaving
				}
			}
		}
	}
	for id, image := range e.world.Images {
		if !image.DeletedAt.IsZero() && now.Sub(image.DeletedAt) >= e.options.Switches.GoneLate {
			delete(e.world.Images, id)
		}
	}
}

func (e *Emulator) succeed(job *Job) {
	e.activate(job)
	for i := range job.SubJobs {
		e.activate(&job.SubJobs[i])
	}
	if job.Object != "" {
		e.world.Objects[job.Object] = job.ObjectSize
	}
	e.applyMembers(job)
}

// activate ends the making of a job's image well.
func (e *Emulator) activate(job *Job) {
	image := e.existing(job.ImageID)
	if image == nil || image.JobID == "" {
		return
	}
	image.Status, image.JobID = statusActive, ""
	image.ActiveAt = job.End.UTC().Truncate(time.Second)
	image.UpdatedAt = image.ActiveAt
	maps.Copy(image.Attributes, job.Final)
	if backup := image.text("__backup_id"); backup != "" {
		e.world.Backups[backup] = image.text("__os_version")
	}
}

// fail ends a job badly: the image it was making is gone; one that was there before it is killed.
func (e *Emulator) fail(job *Job) {
	for _, id := range job.imageIDs() {
		image := e.existing(id)
		switch {
		case image == nil || image.JobID == "":
		case job.Leaves && job.Type != jobRegister:
			image.JobID = ""
		case job.Type == jobRegister:
			image.Status, image.JobID = statusKilled, ""
		default:
			delete(e.world.Images, id)
		}
	}
}
