package ims

import "context"

// DataImageRequest makes a data disk image from exactly one of a volume and an image file in OBS (API reference,
// Creating an Image; Creating a Data Disk Image from an External Image File; Importing an Image File Quickly). Empty
// fields are not sent.
type DataImageRequest struct {
	Name                string `json:"name"`
	Description         string `json:"description,omitempty"`
	Tags                []Tag  `json:"image_tags,omitempty"`
	EnterpriseProjectID string `json:"enterprise_project_id,omitempty"`

	VolumeID string `json:"-"`
	ImageURL string `json:"image_url"` // "bucket:object"

	MinDisk int64  `json:"min_disk"` // GB, 1 to 2048, some clouds from 40; with ImageURL
	OSType  string `json:"os_type,omitempty"`
	KeyID   string `json:"cmk_id,omitempty"` // not with Quick

	// Quick sends the request to the quick import: for RAW and ZVHD2 files, done in moments.
	Quick bool `json:"-"`
}

// CreateDataImage starts the job that makes a data disk image. Of a volume's job, the image is in a sub job.
func (c *Client) CreateDataImage(ctx context.Context, request *DataImageRequest) (StartedJob, error) {
	const operation = "create data disk image"
	switch {
	case request.VolumeID != "":
		// One request could make images of several volumes; with one each, an image's job is its own.
		return c.start(ctx, operation, "v2/cloudimages/action", struct {
			Images              []DataDiskRequest `json:"data_images"`
			EnterpriseProjectID string            `json:"enterprise_project_id,omitempty"`
		}{
			[]DataDiskRequest{
				{VolumeID: request.VolumeID, Name: request.Name, Description: request.Description, Tags: request.Tags},
			},
			request.EnterpriseProjectID,
		}, expected["data volume"])
	case request.Quick:
		return c.start(ctx, operation, "v2/cloudimages/quickimport/action", struct {
			*DataImageRequest
			Type string `json:"type"`
		}{request, EnvironmentData}, expected["quick import"])
	default:
		return c.start(ctx, operation, "v1/cloudimages/dataimages/action", request, expected["data file"])
	}
}
