package image_test

import (
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

var systemArguments = arguments{"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40}

// TestEmptySource: a source that says nothing is none.
func TestEmptySource(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	for typeName, sources := range map[string][]string{
		systemType: {"instance_id", "volume_id", "image_url"}, dataType: {"volume_id", "image_url"}, isoType: {"image_url"},
		wholeType: {"instance_id", "backup_id"}, registeredType: {"image_url", "local_file"},
		replicaType: {"source_image_id"},
	} {
		for _, source := range sources {
			acctest.HasDiagnostic(t, p.Manage(typeName).Plan(arguments{"name": "golden", source: ""}).Diagnostics, source)
		}
	}
	if calls := cloud.Calls(); len(calls) > 0 {
		t.Errorf("the plans sent %v", calls)
	}
}

// TestReplaces: another source, and what only a new image can have, makes another image of it.
func TestReplaces(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	file := arguments{"name": "golden", "image_url": emulator.ImageFile, "min_disk": 10}
	encrypted := arguments{"cmk_id": emulator.KeyID}
	m.ExpectApplied(with(file, arguments{"os_version": debian}), acctest.Create)
	for _, step := range []struct {
		arguments arguments
		has       map[string]string
	}{
		{arguments{"name": "golden", "instance_id": emulator.InstanceID}, map[string]string{"image_url": ""}},
		{with(file, encrypted), map[string]string{"cmk_id": emulator.KeyID, "instance_id": ""}},
		{with(file, encrypted, arguments{"min_disk": 20}), map[string]string{"min_disk": "20"}},
		{
			with(file, encrypted, arguments{"min_disk": 20, "os_version": "CentOS 7.0 64bit"}),
			map[string]string{"os_version": "CentOS 7.0 64bit"},
		},
	} {
		m.ExpectApplied(step.arguments, acctest.Replace)
		m.Expect(step.has)
	}
	expectImages(t, cloud, 1)
}

// TestNoNeedlessReplacement: an argument that is left out no longer matters, one that is put back is what was asked
// for, and to say what is the default is no change.
func TestNoNeedlessReplacement(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	m, other := p.Manage(systemType), p.Manage(systemType)
	asked := with(systemArguments, arguments{"os_version": debian, "os_type": "Linux", "type": "ECS", "is_config": true})
	for _, arguments := range []arguments{asked, systemArguments, asked} {
		acctest.NoDiagnostics(t, m.Apply(t.Context(), arguments))
	}
	defaults := with(systemArguments, arguments{"is_config": false, "quick_import": false, "type": "ECS"})
	for _, arguments := range []arguments{systemArguments, defaults, systemArguments} {
		acctest.NoDiagnostics(t, other.Apply(t.Context(), arguments))
	}
	if posts := cloud.Count("POST /v2/cloudimages/action"); posts != 2 {
		t.Errorf("%d images were made for two resources", posts)
	}
	for argument, value := range (arguments{"is_config": true, "type": "BMS", "os_version": "CentOS 7.0 64bit"}) {
		plan := other.Plan(with(systemArguments, arguments{argument: value}))
		if !slices.Equal(plan.Replaces, []string{argument}) {
			t.Errorf("%s = %v replaces for %v", argument, value, plan.Replaces)
		}
	}
}

// TestReplacedImageBeginsAnew: what holds of an imported image does not hold of the one that replaces it.
func TestReplacedImageBeginsAnew(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	origin := map[string]any{"__data_origin": "file," + emulator.ImageFile}
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.NoDiagnostics(t, m.Import(cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 40, Attributes: origin})))
	other := with(systemArguments, arguments{"image_url": "golden-images:other.qcow2"})
	acctest.NoDiagnostics(t, m.Apply(t.Context(), other))
	if plan := m.Plan(with(other, arguments{"is_config": true})); !slices.Equal(plan.Replaces, []string{"is_config"}) {
		t.Errorf("the plan replaces for %v", plan.Replaces)
	}
}

// TestFirmwareOfExistingImage: the boot mode that an architecture does not have is refused by the plan of an update,
// too; one that an image has by the service's word is no reason to refuse.
func TestFirmwareOfExistingImage(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	m := p.Manage(systemType)
	arm := with(systemArguments, arguments{"image_url": emulator.ArmFile, "architecture": "arm"})
	acctest.NoDiagnostics(t, m.Apply(t.Context(), arm))
	acctest.HasDiagnostic(t, m.Plan(with(arm, arguments{"hw_firmware_type": "bios"})).Diagnostics, "boot from uefi only")

	imported := p.Manage(systemType)
	untold := cloud.AddImage(emulator.Image{Name: "golden", Attributes: map[string]any{"__support_arm": "true"}})
	acctest.NoDiagnostics(t, imported.Import(untold))
	acctest.NoDiagnostics(t, imported.Apply(t.Context(), arguments{"name": "golden", "hw_firmware_type": "bios"}))
}

// TestFullECSImageOrigin: whatever a cloud says of the origin of an image made from a server, its creation is adopted
// and its import replaces nothing.
func TestFullECSImageOrigin(t *testing.T) {
	t.Parallel()
	server := arguments{"name": "golden", "instance_id": emulator.InstanceID, "vault_id": emulator.VaultID}
	for name, switches := range map[string]emulator.Switches{
		"vault": {}, "server": {WholeOriginInstance: true}, "nothing": {OriginNull: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: switches, JobDuration: time.Minute})
			p := cloud.Protocol(t, emulator.Owner)
			cloud.Inject(emulator.Fault{Method: "POST", Path: "/v1/cloudimages/wholeimages/action", Times: 1, DropAnswer: true})
			m := p.Manage(wholeType)
			acctest.HasDiagnostic(t, m.Apply(t.Context(), server), "Adopted the full-ECS image")
			m.Expect(map[string]string{"id": cloud.Only(t).ID, "delete_backup": "true"})

			imported := p.Manage(wholeType)
			acctest.NoDiagnostics(t, imported.Import(m.Attribute("id")))
			if plan := imported.Plan(server); len(plan.Replaces) > 0 {
				t.Errorf("the plan after the import replaces for %v", plan.Replaces)
			}
		})
	}
}
