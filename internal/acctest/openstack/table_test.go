package openstack_test

import (
	"regexp"
	"slices"
)

// difference is a row of the table of differences between OpenStack's answers and the emulator's.
type difference struct {
	where, real, emulated, reason string
	// steps are the steps it is met in; none: any.
	steps []string
	// lines is a pattern of what of a shape differs.
	lines string
}

var (
	images = []string{
		"create image", "list images", "read image", "read active image", "read image, member", "patch", "patch back",
	}
	refused = []string{"list images, without signing in", "list images, wrong token"}
)

var differences = []difference{
	{
		"Token", "`audit_ids`, `is_domain`", "absent", "IAM's reference has neither",
		nil, `real \.token\.(audit_ids\[\] text|is_domain boolean)`,
	},
	{
		"Token", "`password_expires_at` is null", "is empty",
		"IAM's reference: text, empty for a password that does not expire", nil,
		`(real|emulator) \.token\.user\.password_expires_at (null|text)`,
	},
	{
		"401 of Keystone", "header `WWW-Authenticate`", "absent", "IAM stands behind the gateway, whose refusals have none",
		nil, `real header Www-Authenticate`,
	},
	{
		"Projects", "`tags`, `options`", "absent", "newer than IAM's API",
		[]string{"projects"},
		`real \.projects\[\]\.(tags list|options object)`,
	},
	{
		"Domains", "none without a role in one", "the user's own", "every user of IAM is of one account, and sees it",
		[]string{"domains"},
		`real \.domains list|emulator \.domains\[\]\..*`,
	},
	{
		"Image", "`os_hidden`, `os_hash_algo`, `os_hash_value`, `stores`", "absent", "newer than IMS's API",
		images, `real (\.images\[\])?\.(os_hidden|os_hash_algo|os_hash_value|stores) .*`,
	},
	{
		"Image", "the service adds nothing", "`__…`, `virtual_env_type`, `enterprise_project_id`, `active_at`",
		"IMS's own attributes", images,
		`emulator (\.images\[\])?\.(__\w+|virtual_env_type|enterprise_project_id|active_at) .*`,
	},
	{
		"Image", "`size`, `checksum`, `virtual_size` as Glance counts them", "`size` 0, no `checksum`, `virtual_size` null",
		"they mean nothing in IMS; `__image_size` does",
		images, `(real|emulator) (\.images\[\])?\.(size|checksum|virtual_size) .*`,
	},
	{
		"Image API without a valid token", "401 of Glance", "401 of the gateway", "the gateway stands in front",
		refused, `real \.(code|message|title) text|emulator \.error_(code|msg) text`,
	},
	{
		"Delete, protected or another's", "403", "400 with IMG code", "IMS's operation of the same path",
		[]string{"delete, protected", "delete, by the member"},
		`real (403|\.(code|message|title) text)|emulator (400|\.error\.(code|message) text)`,
	},
	{
		"Sharing a private image", "403: visibility must be shared first", "200, and visibility cannot be changed",
		"IMS shares private images",
		[]string{"share a private image", "make it shared", "share"},
		`(real|emulator) .*`,
	},
}

func (d *difference) explains(step, line string) bool {
	return (len(d.steps) == 0 || slices.Contains(d.steps, step)) &&
		regexp.MustCompile("^(?:"+d.lines+")$").MatchString(line)
}
