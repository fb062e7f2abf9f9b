package ims

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// SystemImageRequest makes a system disk image from exactly one of a server, a volume or an image file in OBS (API
// reference, Creating an Image; Importing an Image File Quickly). Empty fields are not sent.
type SystemImageRequest struct {
	Name                string `json:"name,omitempty"`
	Description         string `json:"description,omitempty"`
	Tags                []Tag  `json:"image_tags,omitempty"`
	EnterpriseProjectID string `json:"enterprise_project_id,omitempty"`
	MinRAM              int64  `json:"min_ram,omitempty"` // MB
	MaxRAM              int64  `json:"max_ram,omitempty"` // MB

	InstanceID string `json:"instance_id,omitempty"`
	VolumeID   string `json:"volume_id,omitempty"`
	ImageURL   string `json:"image_url,omitempty"` // "bucket:object"

	MinDisk      int64             `json:"min_disk,omitempty"` // GB, 1 to 1024; with ImageURL
	OSType       string            `json:"os_type,omitempty"`
	OSVersion    string            `json:"os_version,omitempty"` // required with VolumeID and for a quick import
	IsConfig     *bool             `json:"is_config,omitempty"`
	KeyID        string            `json:"cmk_id,omitempty"`
	Type         string            `json:"type,omitempty"`
	Firmware     string            `json:"hw_firmware_type,omitempty"`
	Architecture string            `json:"architecture,omitempty"`
	DataDisks    []DataDiskRequest `json:"data_images,omitempty"`

	// Quick sends the request to the quick import: for RAW and ZVHD2 files, done in moments.
	Quick bool `json:"-"`
}

// DataDiskRequest is a data disk of a system disk image made from files, or the volume that a data disk image is made
// from.
type DataDiskRequest struct {
	ImageURL    string `json:"image_url,omitempty"`
	VolumeID    string `json:"volume_id,omitempty"`
	MinDisk     int64  `json:"min_disk,omitempty"` // GB, 1 to 2048
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	Quick       bool   `json:"is_quick_import,omitempty"`
	Tags        []Tag  `json:"image_tags,omitempty"`
}

// source names the request's source as the durations of jobs are known by.
func (r *SystemImageRequest) source() string {
	switch {
	case r.InstanceID != "":
		return "server"
	case r.VolumeID != "":
		return "volume"
	case r.Quick:
		return "quick import"
	default:
		return "file"
	}
}

// expected is how long a job of the kind takes at least (API reference, examples of Querying the Status, and of
// Querying the
// Progress, of an Asynchronous Job, of 2024 and 2026: where they differ, the shorter one). A wait looks more rarely in
// the
// first half of it.
var expected = map[string]time.Duration{
	"server":       188 * time.Second, // 188 and 222
	"volume":       180 * time.Second, // 180 and 280
	"file":         355 * time.Second, // 355 and 2361
	"data volume":  183 * time.Second, // 183 and 600
	"data file":    133 * time.Second, // 133 and 600
	"register":     300 * time.Second,
	"quick import": 60 * time.Second, // no example: a guess
	"copy":         131 * time.Second,
	"export":       182 * time.Second,
	// No example: a guess, between the copy in a region and what users report of full-ECS images.
	"cross-region copy": 600 * time.Second,
}

// StartedJob is a job that the service accepted.
type StartedJob struct {
	ID string
	// ImageID is the image's, where that is there before its data are, and no job is under way yet.
	ImageID string
	// Expected is how long such jobs take; 0: unknown.
	Expected time.Duration
}

// CreateSystemImage starts the job that makes a system disk image, or, of the type [TypeISO], an ISO image. The request
// is sent even when ctx ends meanwhile, so that the job's id is not lost; of an error, [AnswerLost] tells whether the
// service may have accepted it all the same.
func (c *Client) CreateSystemImage(ctx context.Context, request *SystemImageRequest) (StartedJob, error) {
	operation, path := "create system disk image", "v2/cloudimages/action"
	switch {
	case request.Type == TypeISO:
		operation = "create ISO image"
	case request.Quick:
		path = "v2/cloudimages/quickimport/action"
	}
	return c.start(ctx, operation, path, request, expected[request.source()])
}

// start sends a request that starts a job.
func (c *Client) start(
	ctx context.Context,
	operation, path string,
	body any,
	expected time.Duration,
) (StartedJob, error) {
	var accepted acceptedJob
	err := c.do(
		ctx,
		call{operation: operation, class: startsJob, method: http.MethodPost, path: path, body: body},
		&accepted,
	)
	if err != nil {
		return StartedJob{}, err
	}
	return StartedJob{ID: accepted.id, Expected: expected}, nil
}

// acceptedJob is the answer to a request that starts a job.
type acceptedJob struct{ id string }

// UnmarshalJSON refuses an answer without a job's id.
func (a *acceptedJob) UnmarshalJSON(data []byte) error {
	var body struct {
		JobID string `json:"job_id"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	// The reference's examples show a job id with a space in front.
	if a.id = strings.TrimSpace(body.JobID); a.id == "" {
		return errors.New("it holds no job id")
	}
	return nil
}

// expectedOf tells how long a job of a type takes, for waits that go on in another run than began them.
func expectedOf(jobType string) time.Duration {
	switch jobType {
	case "imsCreateImageByInstance", "createImageByInstance":
		return expected["server"]
	case "imsVolumeCreateImageJob":
		return expected["volume"]
	case "imsVolumesToSysDataImagesJob", "imsCopyVolumeToImageJob":
		return expected["data volume"]
	case "imsCreateWholeImageByBackupJob":
		return wholeFromBackup
	case "imsImportImageJob", "imsImportOvaImageJob":
		return expected["file"]
	case "imsImportDataImageJob":
		return expected["data file"]
	case "imsNativeImportImageJob":
		return expected["register"]
	case "imsCopyImageInRegionJob":
		return expected["copy"]
	case "imsNativeExportImageJob":
		return expected["export"]
	case "imsCrossRegionCopyImageJob":
		return expected["cross-region copy"]
	default:
		return 0
	}
}
