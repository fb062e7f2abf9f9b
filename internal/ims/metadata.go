package ims

import (
	"context"
	"maps"
	"net/http"
	"slices"
)

// Metadata is an image to come, whose file is still to be uploaded or registered (API reference, Creating Image
// Metadata (Native OpenStack API)).
type Metadata struct {
	Name       string
	OSVersion  string // "" is left to the service
	DiskFormat string // zvhd2, vhd, raw, qcow2, …; "" is the service's own
	MinDisk    int64  // GB; 0 is left to the service
	MinRAM     int64  // MB
	Protected  bool
	Tags       map[string]string
}

type metadataRequest struct {
	Name            string   `json:"name"`
	OSVersion       string   `json:"__os_version,omitempty"`
	ContainerFormat string   `json:"container_format"`
	DiskFormat      string   `json:"disk_format,omitempty"`
	MinDisk         int64    `json:"min_disk,omitempty"`
	MinRAM          int64    `json:"min_ram,omitempty"`
	Visibility      string   `json:"visibility"`
	Protected       bool     `json:"protected,omitempty"`
	Tags            []string `json:"tags,omitempty"`
}

// CreateMetadata makes an image without a file; it is queued until one comes. Each request makes another image, so it
// is sent again only when it surely made none.
func (c *Client) CreateMetadata(ctx context.Context, metadata *Metadata) (*Image, error) {
	request := metadataRequest{
		Name: metadata.Name, OSVersion: metadata.OSVersion, ContainerFormat: "bare", DiskFormat: metadata.DiskFormat,
		MinDisk: metadata.MinDisk, MinRAM: metadata.MinRAM, Visibility: "private", Protected: metadata.Protected,
	}
	for _, key := range slices.Sorted(maps.Keys(metadata.Tags)) {
		request.Tags = append(request.Tags, key+"="+metadata.Tags[key])
	}
	call := call{
		operation: "create image metadata",
		class:     startsJob,
		list:      true,
		method:    http.MethodPost,
		path:      "v2/images",
		body:      request,
	}
	var image Image
	if err := c.do(ctx, call, &image); err != nil {
		return nil, err
	}
	if image.ID == "" {
		return nil, &Error{
			Operation: call.operation,
			Status:    http.StatusCreated,
			Message:   "the answer has no image id",
			list:      true,
		}
	}
	c.MarkMade(image.ID)
	return &image, nil
}
