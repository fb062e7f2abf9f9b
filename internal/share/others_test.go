package share_test

import (
	"maps"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestReadByAnotherProject: a provider that is signed in to another project neither takes a share or an answer for
// gone, nor its own view of it for the whole, nor sends anything.
func TestReadByAnotherProject(t *testing.T) {
	t.Parallel()
	owner, receiver, stranger := emulator.Owner, emulator.Receiver, emulator.Agent
	both := []string{project(1), receiver.ProjectID}
	for name, test := range map[string]struct {
		typeName  string
		arguments func(image string) map[string]any
		changed   map[string]any
		by        emulator.Tenant
		through   emulator.Tenant
	}{
		"share, by a receiver": {
			"ims_image_share", func(image string) map[string]any { return shareOf(image, both) },
			map[string]any{"project_ids": projects(2)},
			owner, receiver,
		},
		"share, by a stranger": {
			"ims_image_share", func(image string) map[string]any { return shareOf(image, both) },
			map[string]any{"project_ids": projects(2)},
			owner, stranger,
		},
		"member, by the receiver": {
			"ims_image_share_member", func(image string) map[string]any {
				return map[string]any{"image_id": image, "project_id": receiver.ProjectID}
			}, map[string]any{"timeouts": map[string]any{"create": "5m"}}, owner, receiver,
		},
		"member, by a stranger": {
			"ims_image_share_member", func(image string) map[string]any {
				return map[string]any{"image_id": image, "project_id": receiver.ProjectID}
			}, map[string]any{"timeouts": map[string]any{"create": "5m"}}, owner, stranger,
		},
		"answer, by the owner": {
			"ims_image_share_acceptance", func(image string) map[string]any {
				return map[string]any{"image_id": image, "status": "accepted"}
			}, map[string]any{"timeouts": map[string]any{"create": "5m"}}, receiver, owner,
		},
		"answer, by a stranger": {
			"ims_image_share_acceptance", func(image string) map[string]any {
				return map[string]any{"image_id": image, "status": "accepted"}
			}, map[string]any{"status": "rejected"}, receiver, stranger,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			if test.typeName == "ims_image_share_acceptance" {
				cloud.Change(image, addMembers(receiver.ProjectID))
			}
			m := cloud.Protocol(t, test.by).Manage(test.typeName)
			arguments := test.arguments(image)
			quiet(t, m.Apply(t.Context(), arguments))
			before, state := answers(cloud, image), m.State

			m.Through(cloud.Protocol(t, test.through))
			belongs := "belongs to project " + test.by.ProjectID + ", and the provider is signed in to project " +
				test.through.ProjectID
			changed := maps.Clone(arguments)
			maps.Copy(changed, test.changed)
			for step, do := range map[string]func() []string{
				"read":   m.Refresh,
				"update": func() []string { return m.Apply(t.Context(), changed) },
				"delete": func() []string { return m.Destroy(t.Context()) },
			} {
				says(t, do(), belongs, "state rm")
				if !m.State.Equal(state) {
					t.Fatalf("after %s the state is %v", step, m.State)
				}
			}
			if after := answers(cloud, image); !maps.Equal(before, after) {
				t.Errorf("the image was shared with %v, and is with %v", before, after)
			}

			m.Through(cloud.Protocol(t, test.by))
			quiet(t, m.Refresh())
			quiet(t, m.Destroy(t.Context()))
		})
	}
}

// TestImportedThenReadByAnotherProject: whose a share is, is known of an imported one, too, and of one that was moved
// once it has been read; of a moved one that has not, a receiver's own membership shows that it is not the owner.
func TestImportedThenReadByAnotherProject(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Change(image, addMembers(project(1), emulator.Receiver.ProjectID))
	owner, receiver := cloud.Protocol(t, emulator.Owner), cloud.Protocol(t, emulator.Receiver)
	const belongs = "belongs to project "

	imported := owner.Manage("ims_image_share")
	quiet(t, imported.Import(image))
	imported.Through(receiver)
	says(t, imported.Refresh(), belongs+emulator.Owner.ProjectID)

	one := owner.Manage("ims_image_share_member")
	quiet(t, one.Import(image+"/"+project(1)))
	one.Through(receiver)
	says(t, one.Refresh(), belongs+emulator.Owner.ProjectID)

	moved := receiver.Manage("ims_image_share_member")
	quiet(t, moved.Move("opentelekomcloud_images_image_access_v2",
		map[string]any{"image_id": image, "member_id": project(1)}))
	says(t, moved.Refresh(), belongs+emulator.Owner.ProjectID)
	moved.Through(owner)
	quiet(t, moved.Refresh())
	moved.Through(receiver)
	says(t, moved.Refresh(), belongs+emulator.Owner.ProjectID)
}

// TestMovedAnswerOfAnotherProject: an answer that says whose it is, is not taken for that of another receiver.
func TestMovedAnswerOfAnotherProject(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Change(image, addMembers(project(1), emulator.Receiver.ProjectID))
	m := cloud.Protocol(t, emulator.Receiver).Manage("ims_image_share_acceptance")
	quiet(t, m.Move("opentelekomcloud_images_image_access_accept_v2",
		map[string]any{"image_id": image, "member_id": project(1), "status": "accepted"}))
	says(t, m.Refresh(), "configured for the same project")
	if m.Attribute("project_id") != project(1) {
		t.Errorf("the answer is that of project %s", m.Attribute("project_id"))
	}
}
