package share

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"

// adviceOnCodes is what a user can do about the codes of requests about shares.
var adviceOnCodes = framework.Advice{
	"IMG.0047": "Only the project that owns an image may do that: check which project the provider is configured for.",
	"IMG.0076": "Leave the image's own project out.",
	"IMG.0088": "Share with fewer projects, or ask the cloud for a larger quota.",
	"IMG.0098": "Replicate the image without a key, and share the replica.",
	"IMG.0135": "Only full-ECS images made from CBR backups can be shared.",
	"IMG.0184": "Check vault_id, and that the vault is in the region and project that the provider is configured for.",
}
