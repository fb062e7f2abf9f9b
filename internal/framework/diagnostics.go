package framework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Detail is the body of a diagnostic: what happened in a sentence, what the service said as it said it, the facts that its
// support asks for, and what to do next. Sentence and advice may be empty.
func Detail(sentence string, err error, advice string) string {
	var parts []string
	add := func(part string) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	add(sentence)
	message, facts := explain(err)
	add(message)
	add(strings.Join(facts, "\n"))
	if advice == "" {
		advice = adviceFor(err)
	}
	add(advice)
	return strings.Join(parts, "\n\n")
}

// explain splits an error into the words to show and the facts to show on lines of their own.
func explain(err error) (message string, facts []string) {
	if err == nil {
		return "", nil
	}
	var wait *ims.WaitError
	if errors.As(err, &wait) {
		facts = append(facts, "Job ID: "+wait.JobID)
	}
	var answered *ims.Error
	if !errors.As(err, &answered) {
		return err.Error(), facts
	}
	message = answered.Message
	if wait != nil {
		message = err.Error()
	}
	fact := func(name, value string) {
		if value != "" {
			facts = append(facts, name+": "+value)
		}
	}
	fact("Operation", answered.Operation)
	fact("Error code", answered.Code)
	if answered.Status != 0 {
		fact("HTTP status", fmt.Sprint(answered.Status))
	}
	fact("Request ID", answered.RequestID)
	if wait == nil {
		fact("Job ID", answered.JobID)
	}
	for _, quota := range answered.Quotas {
		fact("Quota of "+quota.Type, fmt.Sprintf("%d of %d used", quota.Used, quota.Quota))
	}
	return message, facts
}

// advice is what a user can do about a code; codes whose message says it all are left out.
var advice = map[string]string{
	"IMG.0005": "Check instance_id, and that the provider is configured for the server's region and project.",
	"IMG.0008": "Stop the server, or wait until it is stopped, and apply again.",
	"IMG.0010": "The server has other tasks in progress. Apply again when they have ended, or raise timeouts.create.",
	"IMG.0015": "Delete images that are no longer needed, or ask the cloud for a larger quota.",
	"IMG.0020": "Check backup_id, and whole_image_type, which says where the backup is kept.",
	"IMG.0029": "Import the image that the backup became, or give another backup_id.",
	"IMG.0047": "Only the project that owns an image may do that: check which project the provider is configured for.",
	"IMG.0056": "Take os_version from the cloud's list of supported OS versions.",
	"IMG.0057": "Check that the object of image_url exists, that it is an image file, and that IMS may read its bucket.",
	"IMG.0058": "The bucket must be in the region that the provider is configured for.",
	"IMG.0076": "Leave the image's own project out.",
	"IMG.0088": "Share with fewer projects, or ask the cloud for a larger quota.",
	"IMG.0095": "Check cmk_id, and that the key is in the region and project that the provider is configured for.",
	"IMG.0098": "Replicate the image without a key, and share the replica.",
	"IMG.0116": "Use fewer tags, counting the provider's default_tags.",
	"IMG.0120": "Check volume_id, and that the volume is in the region and project that the provider is configured for.",
	"IMG.0127": "Check backup_id, and whole_image_type, which says where the backup is kept.",
	"IMG.0134": "Import the image that the backup became, or give another backup_id.",
	"IMG.0155": "Check enterprise_project_id.",
	"IMG.0135": "Only full-ECS images made from CBR backups can be shared.",
	"IMG.0161": "Ask for the permission in the project that the provider is configured for.",
	"IMG.0176": "Look for the backup in CBR, and delete it there when nobody needs it.",
	"IMG.0198": "Check backup_id, and whole_image_type, which says where the backup is kept.",
	"IMG.0184": "Check vault_id, and that the vault is in the region and project that the provider is configured for.",
}

func adviceFor(err error) string {
	var signIn *cloud.SignInError
	var answered *ims.Error
	switch {
	case errors.As(err, &signIn):
		return cmp.Or(signIn.Advice, "Check the provider block, the OS_* variables and clouds.yaml.")
	case errors.As(err, &answered):
		if text, ok := advice[answered.Code]; ok {
			return text
		}
		if answered.Code == ims.CodeNoAPI {
			return "This cloud does not offer the operation."
		}
		if answered.Status == 401 || answered.Status == 403 {
			return "Check that the user may use IMS in the project that the provider is configured for."
		}
	case errors.Is(err, context.DeadlineExceeded):
		return "Raise the fitting value in timeouts."
	}
	return ""
}
