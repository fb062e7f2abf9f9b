package ims

import (
	"context"
	"time"
)

// Services that keep the backups of servers, as `whole_image_type` names them.
const (
	BackupCBR  = "CBR"
	BackupCSBS = "CSBS"
)

// WholeImageRequest makes a full-ECS image from exactly one of a server, which the service backs up for it, and a
// backup (API reference, Creating a Full-ECS Image). Empty fields are not sent.
type WholeImageRequest struct {
	Name                string `json:"name"`
	Description         string `json:"description,omitempty"`
	Tags                []Tag  `json:"image_tags,omitempty"`
	EnterpriseProjectID string `json:"enterprise_project_id,omitempty"`
	MinRAM              int64  `json:"min_ram,omitempty"` // MB
	MaxRAM              int64  `json:"max_ram,omitempty"` // MB

	InstanceID string `json:"instance_id,omitempty"`
	VaultID    string `json:"vault_id,omitempty"` // for the server's backup; required where that is CBR's

	BackupID       string `json:"backup_id,omitempty"` // one that no other image is based on
	WholeImageType string `json:"whole_image_type,omitempty"`
}

// wholeFromBackup is how long an image of a backup takes (API reference, examples of Querying the Status of an
// Asynchronous Job). What a server takes depends on its disks, and no example tells.
const wholeFromBackup = 6 * time.Second

// CreateWholeImage starts the job that makes a full-ECS image.
func (c *Client) CreateWholeImage(ctx context.Context, request *WholeImageRequest) (StartedJob, error) {
	var takes time.Duration
	if request.BackupID != "" {
		takes = wholeFromBackup
	}
	return c.start(ctx, "create full-ECS image", "v1/cloudimages/wholeimages/action", request, takes)
}
