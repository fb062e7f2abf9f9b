package image

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"

// adviceOnCodes is what a user can do about the codes of requests about images and of the jobs that make them.
var adviceOnCodes = framework.Advice{
	"IMG.0005": "Check instance_id, and that the provider is configured for the server's region and project.",
	"IMG.0008": "Stop the server, or wait until it is stopped, and apply again.",
	"IMG.0009": "Another image has that name, and this cloud wants names to be different: change name.",
	"IMG.0010": "The server has other tasks in progress. Apply again when they have ended, or raise timeouts.create.",
	"IMG.0015": "Delete images that are no longer needed, or ask the cloud for a larger quota.",
	"IMG.0020": "Check backup_id, and whole_image_type, which says where the backup is kept.",
	"IMG.0028": "The image is protected, by its protected argument or by somebody in the console: unprotect it first.",
	"IMG.0029": "Import the image that the backup became, or give another backup_id.",
	"IMG.0047": "Only the project that owns an image may do that: check which project the provider is configured for.",
	"IMG.0056": "Take os_version from the cloud's list of supported OS versions.",
	"IMG.0057": "Check that the object of image_url exists, that it is an image file, and that IMS may read its bucket.",
	"IMG.0058": "The bucket must be in the region that the provider is configured for.",
	"IMG.0095": "Check cmk_id, and that the key is in the region and project that the provider is configured for.",
	"IMG.0115": "Open Telekom Cloud and Swiss OTC take keys to 36 and values to 43 letters, digits, `_` and `-`; " +
		"Huawei Cloud keys to " +
		"128 and values to 255 characters, also space, `.`, `:`, `+`, `@`. The provider's default_tags count, too.",
	"IMG.0116": "Use fewer tags, counting the provider's default_tags: Open Telekom Cloud and Swiss OTC take 10, " +
		"Huawei Cloud 20.",
	"IMG.0120": "Check volume_id, and that the volume is in the region and project that the provider is configured for.",
	"IMG.0127": "Check backup_id, and whole_image_type, which says where the backup is kept.",
	"IMG.0134": "Import the image that the backup became, or give another backup_id.",
	"IMG.0155": "Check enterprise_project_id.",
	"IMG.0176": "Look for the backup in CBR, and delete it there when nobody needs it.",
	"IMG.0184": "Check vault_id, and that the vault is in the region and project that the provider is configured for.",
	"IMG.0194": "Too many images are being imported at once. Apply again later, or with a smaller -parallelism.",
	"IMG.0196": "The project that receives the shared image has to accept it first: see ims_image_share_acceptance.",
	"IMG.0197": "Only the project that owns an encrypted image can replicate it: let it replicate the image without a " +
		"key and share that.",
	"IMG.0198": "Check backup_id, and whole_image_type, which says where the backup is kept.",
}
