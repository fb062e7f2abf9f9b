package ims

import (
	"context"
	"net/url"
)

// Formats that an image is exported in (API reference, Exporting an Image). A quick export has none: its file is ZVHD2.
const (
	FormatQCOW2 = "qcow2"
	FormatVHD   = "vhd"
	FormatZVHD  = "zvhd"
	FormatVMDK  = "vmdk"
)

// Largest images that can be exported, in bytes (API reference, Exporting an Image). An image must be smaller.
const (
	MaxExport      = 128 << 30
	MaxQuickExport = 1 << 40
)

// ExportRequest writes an image into a file in OBS. Exactly one of FileFormat and Quick is set.
type ExportRequest struct {
	BucketURL  string `json:"bucket_url"` // "bucket:object"; the object must not exist
	FileFormat string `json:"file_format,omitempty"`
	Quick      bool   `json:"is_quick_export,omitempty"`
}

// ExportImage starts the job that exports an image (API reference, Exporting an Image). There is no way to find such a
// job again: when the answer is lost, so is the job.
func (c *Client) ExportImage(ctx context.Context, id string, request *ExportRequest) (StartedJob, error) {
	return c.start(ctx, "export image "+id, "v1/cloudimages/"+url.PathEscape(id)+"/file", request, expected["export"])
}
