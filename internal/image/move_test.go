package image_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// peer is an image in the state of another provider.
type peer struct {
	from, to  string         // resource types
	origin    string         // __data_origin; "": the service does not say
	image     map[string]any // further attributes of the image
	state     map[string]any
	arguments arguments // the configuration that says the same
}

// peers are one image of each type of the other providers.
func peers(cloud *acctest.Cloud) []peer {
	type m = map[string]any
	file, server, volume := "file,"+emulator.ImageFile, "instance,"+emulator.InstanceID, "volume,"+emulator.VolumeID
	fromFile := arguments{"image_url": emulator.ImageFile, "min_disk": 40}
	fromISO := arguments{"image_url": emulator.ISOFile, "min_disk": 40}
	fromDataFile := arguments{"image_url": emulator.DataFile, "min_disk": 40}
	version, encrypted := arguments{"os_version": debian}, arguments{"cmk_id": emulator.KeyID}
	data := m{"virtual_env_type": "DataImage"}

	all := []peer{
		{
			from: "opentelekomcloud_ims_image_v2", to: systemType, origin: file,
			state:     with(fromFile, version, m{"is_config": false, "type": "ECS", "instance_id": nil, "cmk_id": nil}),
			arguments: with(fromFile, version, arguments{"type": "ECS"}),
		},
		{
			from: "opentelekomcloud_ims_data_image_v2", to: dataType, origin: volume, image: data,
			state: m{
				"volume_id": emulator.VolumeID, "min_disk": nil, "os_type": nil,
			},
			arguments: arguments{"volume_id": emulator.VolumeID},
		},
		{
			from: "opentelekomcloud_images_image_v2", to: registeredType,
			state: m{
				"tags": []any{"a=1"}, "min_disk_gb": 40, "min_ram_mb": 1024, "container_format": "bare", "disk_format": "qcow2",
				"local_file_path": "golden.qcow2", "image_cache_path": "/tmp",
			},
			arguments: arguments{"local_file": "golden.qcow2", "file_format": "qcow2", "min_disk": 40, "min_ram": 1024},
		},
		{
			from: "huaweicloud_ims_ecs_system_image", to: systemType, origin: server,
			state:     with(version, m{"instance_id": emulator.InstanceID, "min_disk": 40}),
			arguments: arguments{"instance_id": emulator.InstanceID},
		},
		{
			from: "huaweicloud_ims_evs_system_image", to: systemType, origin: volume,
			state:     with(version, m{"volume_id": emulator.VolumeID, "type": ""}),
			arguments: with(version, arguments{"volume_id": emulator.VolumeID}),
		},
		{
			from: "huaweicloud_ims_obs_system_image", to: systemType, origin: file, image: m{"__system__cmkid": emulator.KeyID},
			state: with(fromFile, version, encrypted, m{
				"is_config": true, "is_quick_import": nil, "architecture": "x86", "os_type": "Linux",
			}),
			arguments: with(fromFile, version, encrypted, arguments{"is_config": true}),
		},
		{
			from: "huaweicloud_ims_quickimport_system_image", to: systemType, origin: file,
			state:     with(fromFile, version, m{"type": "ECS", "license_type": "", "enable_force_new": nil}),
			arguments: with(fromFile, version, arguments{"quick_import": true, "type": "ECS"}),
		},
		{
			from: "huaweicloud_ims_obs_iso_image", to: isoType, origin: "file," + emulator.ISOFile,
			image:     m{"virtual_env_type": "IsoImage", "disk_format": "iso"},
			state:     with(fromISO, version, m{"is_config": nil, "architecture": "x86", "os_type": "Linux"}),
			arguments: with(fromISO, version),
		},
		{
			from: "huaweicloud_ims_evs_data_image", to: dataType, origin: volume, image: data,
			state: m{"volume_id": emulator.VolumeID, "os_type": "Linux"}, arguments: arguments{"volume_id": emulator.VolumeID},
		},
		{
			from: "huaweicloud_ims_obs_data_image", to: dataType, origin: "file," + emulator.DataFile, image: data,
			state:     with(fromDataFile, m{"os_type": "Linux", "cmk_id": ""}),
			arguments: with(fromDataFile, arguments{"os_type": "Linux"}),
		},
		{
			from: "huaweicloud_ims_quickimport_data_image", to: dataType, origin: "file," + emulator.DataFile, image: data,
			state:     with(fromDataFile, m{"os_type": "Linux", "type": "DataImage"}),
			arguments: with(fromDataFile, arguments{"quick_import": true}),
		},
		{
			from: "huaweicloud_ims_ecs_whole_image", to: wholeType, origin: server,
			image: m{"__whole_image": "true", "__backup_id": "b1"},
			state: m{
				"instance_id": emulator.InstanceID, "vault_id": emulator.VaultID, "backup_id": "b1", "is_delete_backup": true,
			},
			arguments: arguments{
				"instance_id": emulator.InstanceID, "vault_id": emulator.VaultID, "delete_backup": true,
			},
		},
		{
			from: "huaweicloud_ims_cbr_whole_image", to: wholeType, origin: "server_backup," + emulator.BackupID,
			image:     m{"__whole_image": "true", "__backup_id": emulator.BackupID},
			state:     m{"backup_id": emulator.BackupID, "is_delete_backup": nil},
			arguments: arguments{"backup_id": emulator.BackupID, "whole_image_type": "CBR"},
		},
		{
			from: "huaweicloud_images_image", to: systemType, origin: server,
			state: with(version, m{
				"instance_id": emulator.InstanceID, "volume_id": "", "backup_id": "", "image_url": nil, "min_disk": nil,
				"is_config": nil, "type": nil,
			}),
			arguments: arguments{"instance_id": emulator.InstanceID},
		},
		{
			from: "huaweicloud_images_image_copy", to: replicaType, origin: "image," + emulator.Region + ",s1",
			image: m{"__system__cmkid": emulator.KeyID},
			state: with(version, m{
				"source_image_id": "s1", "kms_key_id": emulator.KeyID, "target_region": emulator.Region, "agency_name": "",
				"vault_id": "", "min_disk": 40,
			}),
			arguments: with(encrypted, arguments{"source_image_id": "s1"}),
		},
	}
	for i := range all {
		all[i].create(cloud)
	}
	return all
}

// create makes the image, and writes into the state what all of the types have.
func (p *peer) create(cloud *acctest.Cloud) {
	attributes := map[string]any{"__data_origin": p.origin}
	maps.Copy(attributes, p.image)
	tags := map[string]string{"a": "1"}
	id := cloud.AddImage(emulator.Image{Name: p.from, MinDisk: 40, MinRAM: 1024, Tags: tags, Attributes: attributes})
	p.arguments = with(p.arguments, arguments{"name": p.from, "tags": tags})
	// What the providers keep besides is of no matter, nor is its type.
	has := map[string]any{
		"id": id, "name": p.from, "status": "active", "visibility": "private", "image_size": "1024",
		"timeouts": map[string]any{"create": "1h"}, "data_origin": p.origin, "updated_at": "2026-01-01T00:00:00Z",
		"__platform": "Debian", "protected": false, "tags": tags,
	}
	if strings.HasPrefix(p.from, "huaweicloud_") {
		maps.Copy(has, map[string]any{
			"region": emulator.Region, "enterprise_project_id": "0", "min_ram": 1024, "max_ram": 0, "description": "",
		})
	}
	p.state = with(has, p.state)
}

// TestMoved: what the other providers' states say and the configuration says again is no change, and nothing is sent
// but looks. TestEngineMoved has an engine move them.
func TestMoved(t *testing.T) {
	t.Parallel()
	for i, each := range peers(acctest.Start(t, emulator.Options{})) {
		t.Run(each.from, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			peer := peers(cloud)[i]
			m := cloud.Protocol(t, emulator.Owner).Manage(peer.to)
			acctest.NoDiagnostics(t, m.Move(peer.from, peer.state))
			acctest.NoDiagnostics(t, m.Refresh())
			m.ExpectApplied(peer.arguments, acctest.Keep)
			m.Expect(map[string]string{"id": fmt.Sprint(peer.state["id"]), "status": "active"})
			onlyLooks(t, cloud)
		})
	}
}

// TestMovedWrongly: a move to the wrong type, and a provider that is configured for another place, lose no image.
func TestMovedWrongly(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	id := cloud.AddImage(
		emulator.Image{Name: "golden", MinDisk: 10, Attributes: map[string]any{"virtual_env_type": "DataImage"}},
	)
	for name, test := range map[string]struct {
		from  string
		state map[string]any
		moves bool // and is refused by the refresh
		words string
	}{
		"type": {
			"huaweicloud_ims_obs_data_image", map[string]any{"id": id}, false, "becomes ims_data_disk_image, not",
		},
		"no such type": {"huaweicloud_ims_image_export", map[string]any{"id": id}, false, "Unable to Move Resource State"},
		"no id":        {"opentelekomcloud_ims_image_v2", map[string]any{"name": "golden"}, false, "no id of an image"},
		"image": {
			"huaweicloud_ims_obs_system_image", map[string]any{"id": id, "region": emulator.Region}, true,
			"is a data disk image",
		},
		"region": {
			"huaweicloud_ims_obs_system_image", map[string]any{"id": id, "region": "cn-north-4"}, true,
			"is in region cn-north-4",
		},
		"project": {
			"opentelekomcloud_ims_image_v2", map[string]any{"id": "11111111-2222-3333-4444-555555555555"}, true,
			"configured for the same project",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
			said := m.Move(test.from, test.state)
			if test.moves {
				acctest.NoDiagnostics(t, said)
				said = m.Refresh()
			}
			acctest.HasDiagnostic(t, said, "ERROR ", test.words)
			if m.State.IsNull() == test.moves {
				t.Errorf("the state is %v", m.State)
			}
		})
	}
}

// TestMovedFound: what other providers' states have of what the service found, where the configuration says what was
// asked for, is recorded and replaces nothing; so it is in a plan that looks at nothing.
func TestMovedFound(t *testing.T) {
	t.Parallel()
	file := arguments{"image_url": emulator.ImageFile, "min_disk": 10}
	dataFile := arguments{"image_url": emulator.DataFile, "min_disk": 10}
	volume := arguments{"volume_id": emulator.VolumeID}
	origin := func(origin string) map[string]any { return map[string]any{"__data_origin": origin} }
	for _, test := range []struct {
		moved  peer
		action acctest.Action
	}{
		{peer{
			from: "opentelekomcloud_images_image_v2", to: registeredType,
			state: map[string]any{
				"disk_format": "zvhd2", "local_file_path": "absent.qcow2", "container_format": "bare", "min_disk_gb": 10,
				"tags": []any{},
			},
			arguments: arguments{"local_file": "absent.qcow2", "file_format": "qcow2"},
		}, acctest.Update},
		{peer{
			from: "huaweicloud_ims_evs_system_image", to: systemType, image: origin("volume," + emulator.VolumeID),
			state:     with(volume, arguments{"os_version": debian}),
			arguments: with(volume, arguments{"os_version": "Debian GNU/Linux 11.7.0 64bit"}),
		}, acctest.Update},
		{peer{
			from: "huaweicloud_ims_obs_system_image", to: systemType, image: origin("file," + emulator.ImageFile),
			state: with(file, arguments{"os_version": debian}), arguments: file,
		}, acctest.Keep},
		{peer{
			from: "opentelekomcloud_ims_data_image_v2", to: dataType,
			image: with(origin("file,"+emulator.DataFile), map[string]any{"virtual_env_type": "DataImage"}),
			state: with(dataFile, arguments{"os_type": "linux"}), arguments: with(dataFile, arguments{"os_type": "Linux"}),
		}, acctest.Keep},
	} {
		for name, refreshes := range map[string]bool{"with a refresh": true, "without": false} {
			t.Run(test.moved.from+", "+name, func(t *testing.T) {
				t.Parallel()
				cloud := acctest.Start(t, emulator.Options{})
				id := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 10, Attributes: test.moved.image})
				state := with(test.moved.state, map[string]any{"id": id, "name": "golden"})
				m := cloud.Protocol(t, emulator.Owner).Manage(test.moved.to)
				acctest.NoDiagnostics(t, m.Move(test.moved.from, state))
				if refreshes {
					acctest.NoDiagnostics(t, m.Refresh())
				}
				m.ExpectApplied(with(test.moved.arguments, arguments{"name": "golden"}), test.action)
				onlyLooks(t, cloud)
			})
		}
	}
}
