package image_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// onlyLooks fails the test if anything was sent but GETs.
func onlyLooks(t *testing.T, cloud *acctest.Cloud) {
	t.Helper()
	for _, call := range cloud.Calls() {
		if !strings.HasPrefix(call, "GET ") {
			t.Errorf("%s was sent", call)
		}
	}
}

// TestKindsImport imports into configurations that say the same, from clouds that name the source of an image and from
// those that do not. The plan has nothing to do, or an update in place that records and sends nothing. TestEngineImport
// has an engine do it.
func TestKindsImport(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ byIdentity, originTold bool }{
		"by id": {originTold: true}, "by identity": {byIdentity: true, originTold: true}, "by id, source not told": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				id := s.exists(cloud, test.originTold)
				if test.byIdentity {
					acctest.NoDiagnostics(t, m.ImportByIdentity(arguments{"image_id": id}))
				} else {
					acctest.NoDiagnostics(t, m.Import(id))
				}
				action := acctest.Keep
				if s.records || !test.originTold {
					action = acctest.Update
				}
				m.ExpectApplied(s.arguments(arguments{"tags": map[string]string{"a": "1"}, "description": "d"}), action)
				m.Expect(map[string]string{"id": id, "min_ram": "512"})
				if s.kind == wholeType {
					m.Expect(map[string]string{"delete_backup": "false"})
				}
				onlyLooks(t, cloud)
			})
		})
	}
}

// TestImportArguments: what the service never returns is recorded, what it returns must be so.
func TestImportArguments(t *testing.T) {
	t.Parallel()
	told := map[string]any{"__data_origin": "file," + emulator.ImageFile}
	for name, test := range map[string]struct {
		origin    map[string]any
		arguments arguments
		action    acctest.Action
	}{
		"matching": {told, nil, acctest.Keep},
		"returned": {
			told, arguments{"os_type": "Linux", "architecture": "x86", "hw_firmware_type": "bios"}, acctest.Keep,
		},
		"unreturned": {
			told, arguments{"is_config": true, "type": "ECS", "os_version": "CentOS 7.0 64bit"}, acctest.Update,
		},
		"untold": {nil, nil, acctest.Update},
		"policy": {
			told, arguments{"deletion_policy": "retain", "timeouts": arguments{"create": "1h"}}, acctest.Update,
		},
		"returned, and wrong": {told, arguments{"cmk_id": emulator.KeyID}, acctest.Replace},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
			acctest.NoDiagnostics(
				t, m.Import(cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 40, Attributes: test.origin})),
			)
			configured := with(systemArguments, test.arguments)
			if m.ExpectPlan(configured, test.action); test.action != acctest.Replace {
				m.ExpectApplied(configured, test.action)
			}
			onlyLooks(t, cloud)
		})
	}
}

// TestImportRefused: what is of another kind is refused with the right type's name, and so is what is not the project's
// own. A registered image may be what it holds, and what was surely not registered is no registered image.
func TestImportRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	p := cloud.Protocol(t, emulator.Owner)
	ids := map[string]string{
		"public":   cloud.AddImage(emulator.Image{Attributes: map[string]any{"__imagetype": "gold", "visibility": "public"}}),
		"stranger": sharedImageID,
		"absent":   "11111111-2222-3333-4444-555555555555",
	}
	all := specimens(t)
	for i := range all {
		ids[all[i].name] = all[i].exists(cloud, true)
	}

	type refusal struct{ as, name, words string }
	refusals := []refusal{
		{systemType, "data-file", "The resource type for it is " + dataType},
		{systemType, "iso", "The resource type for it is " + isoType},
		{systemType, "whole-server", "The resource type for it is " + wholeType},
		{dataType, "server", "The resource type for it is " + systemType},
		{dataType, "iso", "The resource type for it is " + isoType},
		{isoType, "data-file", "The resource type for it is " + dataType},
		{isoType, "whole-server", "The resource type for it is " + wholeType},
		{wholeType, "system-disk", "The resource type for it is " + systemType},
		{wholeType, "data-volume", "The resource type for it is " + dataType},
		{registeredType, "server", "The resource type for it is " + systemType},
		{registeredType, "whole-backup", "The resource type for it is " + wholeType},
	}
	for _, s := range ofTypes(all) {
		refusals = append(
			refusals, refusal{s.kind, "public", "public image"}, refusal{s.kind, "stranger", "belongs to project"},
			refusal{s.kind, "absent", "in region"},
		)
	}
	for _, test := range refusals {
		m := p.Manage(test.as)
		acctest.HasDiagnostic(t, m.Import(ids[test.name]), "ERROR Unable to import ", ids[test.name], test.words)
		if !m.State.IsNull() {
			t.Errorf("image %s is in the state of %s", test.name, test.as)
		}
	}

	held := p.Manage(systemType)
	acctest.NoDiagnostics(t, held.Import(ids["uploaded"]))
	held.ExpectPlan(arguments{"name": "uploaded", "description": "d", "tags": map[string]string{"a": "1"}}, acctest.Keep)
}
