package share_test

import (
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestMovedFromIMS: the resources of opentelekomcloud that share images by IMS become these, and nothing is to be
// changed.
func TestMovedFromIMS(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Change(image, addMembers(emulator.Receiver.ProjectID))
	cloud.Change(image, func(i *emulator.Image) { i.Members[0].Status = "accepted" })
	for name, test := range map[string]struct {
		by        emulator.Tenant
		from, to  string
		state     map[string]any
		arguments map[string]any
	}{
		"share": {
			emulator.Owner, "opentelekomcloud_ims_image_share_v1", "ims_image_share",
			map[string]any{
				"id": "x", "region": emulator.Region, "source_image_id": image,
				"target_project_ids": []string{emulator.Receiver.ProjectID}, "timeouts": nil,
			},
			shareOf(image, []string{emulator.Receiver.ProjectID}),
		},
		"answer": {
			emulator.Receiver, "opentelekomcloud_ims_image_share_accept_v1", "ims_image_share_acceptance",
			map[string]any{"id": "x", "region": emulator.Region, "image_id": image, "vault_id": emulator.VaultID},
			map[string]any{"image_id": image, "status": "accepted", "vault_id": emulator.VaultID},
		},
	} {
		m := cloud.Protocol(t, test.by).Manage(test.to)
		quiet(t, m.Move(test.from, test.state))
		settled(t, m, test.arguments)
		if t.Failed() {
			t.Errorf("that was %s", name)
		}
	}
	for _, call := range cloud.Journal() {
		if call.Path == membersPath {
			t.Errorf("%s %s was sent", call.Method, call.Path)
		}
	}
}
