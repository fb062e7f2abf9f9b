package share

import (
	"fmt"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// codeInvalid says that a request has what the service does not know.
const codeInvalid = "IMG.0001"

// limits says with how many an image can be shared.
var limits = fmt.Sprintf("An image can be shared with at most %d projects, on Swiss Open Telekom Cloud with %d, and a "+
	"full-ECS image with %d.", ims.MaxMembers, ims.MaxMembersSwiss, ims.MaxWholeImageShares)

// adviceOnCodes is what a user can do about the codes of requests about shares.
var adviceOnCodes = framework.Advice{
	"IMG.0047": "Only the project that owns an image may do that: check which project the provider is configured for.",
	"IMG.0076": "Leave the image's own project out.",
	"IMG.0088": limits + " Share with fewer, or ask the cloud for a larger quota.",
	"IMG.0098": "Replicate the image without a key, and share the replica.",
	"IMG.0135": "Only full-ECS images made from CBR backups can be shared, and on Swiss Open Telekom Cloud none.",
	"IMG.0184": "Check vault_id, and that the vault is in the region and project that the provider is configured for.",
}
