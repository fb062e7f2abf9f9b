package image_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// The lifecycle of images of all kinds, made in all ways. TestEngine has an engine do the same.

// TestKindsLifecycle: made, changed in place, mended, stripped, replaced, made anew and deleted. Each apply leaves
// nothing to do.
func TestKindsLifecycle(t *testing.T) {
	t.Parallel()
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		m.ExpectApplied(s.arguments(arguments{
			"tags": map[string]string{
				"team": "platform",
			},
			"description": "some of it", "enterprise_project_id": emulator.EnterpriseProjectID,
		}), acctest.Create)
		m.Expect(map[string]string{
			"status": "active", "tags_all.team": "platform", "description": "some of it",
			"enterprise_project_id": emulator.EnterpriseProjectID, "deletion_policy": "delete", "protected": "false",
			"owner": emulator.Owner.ProjectID, "image_size": "*",
		})
		m.Expect(s.own)
		id := m.Attribute("id")

		changed := s.arguments(arguments{
			"name": "new", "tags": map[string]string{"team": "images"}, "description": "all of it",
			"min_ram": 1024, "max_ram": 4096, "protected": true,
		})
		isChanged := map[string]string{
			"id": id, "name": "new", "tags_all.%": "1", "tags_all.team": "images", "description": "all of it",
			"min_ram": "1024", "max_ram": "4096", "protected": "true",
		}
		m.ExpectApplied(changed, acctest.Update)
		m.Expect(isChanged)

		cloud.Change(id, func(i *emulator.Image) { i.Name, i.Protected = "drifted", false })
		acctest.NoDiagnostics(t, m.Refresh())
		m.ExpectApplied(changed, acctest.Update)
		m.Expect(isChanged)

		m.ExpectApplied(s.arguments(), acctest.Update)
		m.Expect(
			map[string]string{
				"id": id, "tags_all.%": "0", "description": "", "min_ram": "*", "max_ram": "*", "protected": "false",
			},
		)

		other := with(s.other, arguments{"name": s.name})
		m.ExpectApplied(other, acctest.Replace)
		if m.Attribute("id") == id {
			t.Error("the image was not replaced")
		}

		cloud.Remove(m.Attribute("id"))
		m.Refresh()
		m.ExpectApplied(other, acctest.Create)
		m.ExpectDestroyed()
		expectImages(t, cloud, s.parts) // those of the image that somebody else deleted
	})
}

// TestKindsDrift: what changes behind Terraform's back is seen by the next plan and mended in place.
func TestKindsDrift(t *testing.T) {
	t.Parallel()
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		mine := s.arguments(arguments{"tags": map[string]string{"a": "1"}, "description": "mine", "min_ram": 1024})
		m.ExpectApplied(mine, acctest.Create)
		id := m.Attribute("id")
		for _, drift := range []func(*emulator.Image){
			func(i *emulator.Image) { i.Name = "renamed" },
			func(i *emulator.Image) { i.Tags["stranger"] = "1" },
			func(i *emulator.Image) { i.Tags["a"] = "2" },
			func(i *emulator.Image) { delete(i.Tags, "a") },
			func(i *emulator.Image) { i.Attributes["__description"] = "other" },
			func(i *emulator.Image) { i.MinRAM = 4096 },
			func(i *emulator.Image) { i.Protected = true },
		} {
			cloud.Change(id, drift)
			acctest.NoDiagnostics(t, m.Refresh())
			m.ExpectApplied(mine, acctest.Update)
			m.Expect(map[string]string{
				"id": id, "name": s.name, "tags_all.%": "1", "tags_all.a": "1", "description": "mine", "min_ram": "1024",
				"protected": "false",
			})
		}
	})
}

// TestKindsKilled: an image that the service killed is replaced, and can be destroyed.
func TestKindsKilled(t *testing.T) {
	t.Parallel()
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		m.ExpectApplied(s.arguments(), acctest.Create)
		killed := func() {
			cloud.Change(m.Attribute("id"), func(i *emulator.Image) { i.Status = "killed" })
			m.Refresh()
		}
		killed()
		m.ExpectApplied(s.arguments(), acctest.Replace)
		m.Expect(map[string]string{"status": "active"})
		killed()
		m.ExpectDestroyed()
		expectImages(t, cloud, 0)
	})
}

// TestKindsCalls counts what the operations send: one request makes an image, one look refreshes it, and all of its
// attributes change in one PATCH.
func TestKindsCalls(t *testing.T) {
	t.Parallel()
	const find, patch, protect = "GET /v2/cloudimages", "PATCH /v2/cloudimages/{id}", "PATCH /v2/images/{id}"
	tags := "POST /v2/" + emulator.Owner.ProjectID + "/images/{id}/tags/action"
	id := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		expect := func(want ...string) {
			t.Helper()
			var sent []string
			for _, call := range cloud.Calls() {
				sent = append(sent, id.ReplaceAllString(call, "{id}"))
			}
			if diff := cmp.Diff(want, sent); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			cloud.ResetJournal()
		}
		apply := func(more arguments) {
			t.Helper()
			acctest.NoDiagnostics(t, m.Apply(t.Context(), s.arguments(more)))
		}
		tagged := arguments{"tags": map[string]string{"a": "1", "b": "2"}}

		apply(tagged)
		made := []string{s.method() + " " + regexp.MustCompile(`\*`).ReplaceAllString(s.request, "{id}"), find}
		switch {
		case s.isTwoSteps():
			// The metadata, a look before a file is sent, and the file.
			made = slices.Insert(made, 0, "POST /v2/images")
			if s.job == "" {
				made = slices.Insert(made, 1, "GET /v2/images/{id}")
			}
		case s.kind == replicaType:
			// Its source, when it is planned and when it is made; itself once more, since its tags come later.
			made = append([]string{find, find}, append(made, tags, find)...)
		case s.parts > 0:
			made = append(made, find)
		}
		expect(made...)

		acctest.NoDiagnostics(t, m.Refresh())
		expect(find)

		boots := arguments{"min_ram": 512, "max_ram": 1024}
		if s.kind != dataType {
			boots["hw_firmware_type"], boots["multi_queue"] = "uefi", true
		}
		apply(with(tagged, boots, arguments{"name": "new", "description": "d"}))
		expect(patch)

		apply(with(boots, arguments{"tags": map[string]string{"a": "1", "b": "3", "c": "4"}, "protected": true}))
		expect(tags, patch, protect)

		apply(with(boots, arguments{"deletion_policy": "delete", "timeouts": arguments{"create": "2h"}}))
		expect(tags, protect, find)
	})
}

// TestConnectionsReused: one run of the provider needs one connection.
func TestConnectionsReused(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.NoDiagnostics(t, m.Apply(t.Context(), with(systemArguments, arguments{"tags": map[string]string{"a": "1"}})))
	connections := map[string]bool{}
	for _, request := range cloud.Journal() {
		connections[request.Connection] = true
	}
	if len(connections) != 1 || len(cloud.Journal()) < 4 {
		t.Errorf("%d requests opened %d connections", len(cloud.Journal()), len(connections))
	}
}

// TestFullECSImageBackup: what becomes of the backup is chosen when the image is made, and acts from the state.
func TestFullECSImageBackup(t *testing.T) {
	t.Parallel()
	server := arguments{"name": "golden", "instance_id": emulator.InstanceID, "vault_id": emulator.VaultID}
	backup := arguments{"name": "golden", "backup_id": emulator.BackupID, "whole_image_type": "CBR"}
	for name, test := range map[string]struct {
		from    arguments
		choice  any // delete_backup
		deletes bool
	}{
		"own":        {server, nil, true},
		"own, kept":  {server, false, false},
		"given":      {backup, nil, false},
		"given, too": {backup, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			cloud.AddBackup(otherBackupID)
			m := cloud.Protocol(t, emulator.Owner).Manage(wholeType)
			m.ExpectApplied(with(test.from, arguments{"delete_backup": test.choice}), acctest.Create)
			backupID := m.Attribute("backup_id")

			refused := m.Plan(arguments{
				"name": "golden", "backup_id": otherBackupID, "whole_image_type": "CBR", "delete_backup": !test.deletes,
			})
			acctest.HasDiagnostic(t, refused.Diagnostics, "Unable to replace full-ECS image", "delete_backup", "by itself first")

			// An argument that is left out keeps what was chosen.
			m.ExpectSettled(test.from)
			m.Expect(map[string]string{"delete_backup": fmt.Sprint(test.deletes)})

			cloud.ResetJournal()
			m.ExpectDestroyed()
			deleted := ""
			for _, request := range cloud.Journal() {
				if request.Method == http.MethodDelete {
					deleted += string(request.Body)
				}
			}
			if want := fmt.Sprintf(`{"delete_backup":%t}`, test.deletes); deleted != want {
				t.Errorf("deleted with %s, not %s", deleted, want)
			}
			// A backup that is left can become an image again; one that was deleted cannot.
			if exists := cloud.HasBackup(backupID); exists == test.deletes {
				t.Errorf("the backup exists: %t", exists)
			}
		})
	}
}
