package ims

import (
	"context"
	"net/url"
)

// CopyRequest makes a replica of an image in its region (API reference, Replicating an Image Within a Region).
type CopyRequest struct {
	Name                string `json:"name"`
	Description         string `json:"description,omitempty"`
	KeyID               string `json:"cmk_id,omitempty"` // to encrypt the replica with
	EnterpriseProjectID string `json:"enterprise_project_id,omitempty"`
}

// CopyImage starts the job that replicates an image in its region.
func (c *Client) CopyImage(ctx context.Context, sourceID string, request *CopyRequest) (StartedJob, error) {
	return c.start(
		ctx,
		"replicate image "+sourceID,
		"v1/cloudimages/"+url.PathEscape(sourceID)+"/copy",
		request,
		expected["copy"],
	)
}

// CrossRegionCopyRequest makes a replica of an image in another region (API reference of Huawei Cloud, Replicating an
// Image Across Regions). Open Telekom Cloud has no such operation.
type CrossRegionCopyRequest struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Region      string `json:"region"`       // the target's
	ProjectName string `json:"project_name"` // the target's
	AgencyName  string `json:"agency_name"`  // by which the service may act in the target region
	VaultID     string `json:"vault_id,omitempty"`
}

// CopyImageAcrossRegions starts the job that replicates an image to another region. The job is in the source's region,
// its image in the target's: see [Client.In].
func (c *Client) CopyImageAcrossRegions(
	ctx context.Context,
	sourceID string,
	request *CrossRegionCopyRequest,
) (StartedJob, error) {
	path := "v1/cloudimages/" + url.PathEscape(sourceID) + "/cross_region_copy"
	return c.jobs().start(
		ctx,
		"replicate image "+sourceID+" to "+request.Region,
		path,
		request,
		expected["cross-region copy"],
	)
}
