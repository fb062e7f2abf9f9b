package image_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// moves are one resource of each type of the other providers, as they write it to their states, and the configuration that says
// the same.
func moves(cloud *acctest.Cloud) (resources []acctest.PeerResource, configuration string) {
	const osVersion = "Debian GNU/Linux 12.0.0 64bit"
	add := func(typeName, to, origin, arguments string, environment map[string]any, attributes map[string]any) {
		environment["__data_origin"] = origin
		id := cloud.AddImage(emulator.Image{Name: typeName, MinDisk: 40, MinRAM: 1024, Tags: map[string]string{"a": "1"}, Attributes: environment})
		// What the providers keep besides is of no matter, nor is its type.
		for name, value := range map[string]any{
			"id": id, "name": typeName, "status": "active", "visibility": "private", "image_size": "1024", "timeouts": map[string]any{"create": "1h"},
			"data_origin": origin, "updated_at": "2026-01-01T00:00:00Z", "__platform": "Debian", "protected": false,
		} {
			attributes[name] = value
		}
		if attributes["tags"] == nil {
			attributes["tags"] = map[string]any{"a": "1"}
		}
		if strings.HasPrefix(typeName, "huaweicloud_") {
			for name, value := range map[string]any{"region": emulator.Region, "enterprise_project_id": "0", "min_ram": 1024, "max_ram": 0, "description": ""} {
				attributes[name] = value
			}
		}
		resources = append(resources, acctest.PeerResource{Type: typeName, Attributes: attributes})
		configuration += fmt.Sprintf("moved {\n  from = %s.golden\n  to = %s.%s\n}\nresource %q %q {\n  name = %q\n  tags = { a = \"1\" }\n  %s\n}\n", typeName, to, typeName, to, typeName, typeName, arguments)
	}
	type m = map[string]any
	file, server, volume := "file,"+emulator.ImageFile, "instance,"+emulator.InstanceID, "volume,"+emulator.VolumeID
	fromFile := fmt.Sprintf("image_url = %q\n  min_disk = 40", emulator.ImageFile)
	add("opentelekomcloud_ims_image_v2", "ims_system_disk_image", file, fromFile+"\n  os_version = \""+osVersion+"\"\n type = \"ECS\"",
		m{}, m{"image_url": emulator.ImageFile, "min_disk": 40, "os_version": osVersion, "is_config": false, "type": "ECS", "instance_id": nil, "cmk_id": nil})
	add("opentelekomcloud_ims_data_image_v2", "ims_data_disk_image", volume, fmt.Sprintf("volume_id = %q", emulator.VolumeID),
		m{"virtual_env_type": "DataImage"}, m{"volume_id": emulator.VolumeID, "min_disk": nil, "os_type": nil})
	add("opentelekomcloud_images_image_v2", "ims_registered_image", "", "local_file = \"golden.qcow2\"\n  file_format = \"qcow2\"\n  min_disk = 40\n  min_ram = 1024",
		m{}, m{"tags": []any{"a=1"}, "min_disk_gb": 40, "min_ram_mb": 1024, "container_format": "bare", "disk_format": "qcow2", "local_file_path": "golden.qcow2", "image_cache_path": "/tmp"})
	add("huaweicloud_ims_ecs_system_image", "ims_system_disk_image", server, fmt.Sprintf("instance_id = %q", emulator.InstanceID),
		m{}, m{"instance_id": emulator.InstanceID, "os_version": osVersion, "min_disk": 40})
	add("huaweicloud_ims_evs_system_image", "ims_system_disk_image", volume, fmt.Sprintf("volume_id = %q\n  os_version = %q", emulator.VolumeID, osVersion),
		m{}, m{"volume_id": emulator.VolumeID, "os_version": osVersion, "type": ""})
	add("huaweicloud_ims_obs_system_image", "ims_system_disk_image", file, fromFile+"\n  os_version = \""+osVersion+"\"\n  is_config = true\n  cmk_id = \""+emulator.KeyID+"\"",
		m{"__system__cmkid": emulator.KeyID}, m{"image_url": emulator.ImageFile, "min_disk": 40, "os_version": osVersion, "is_config": true, "cmk_id": emulator.KeyID, "is_quick_import": nil, "architecture": "x86", "os_type": "Linux"})
	add("huaweicloud_ims_quickimport_system_image", "ims_system_disk_image", file, fromFile+"\n  os_version = \""+osVersion+"\"\n  quick_import = true\n  type = \"ECS\"",
		m{}, m{"image_url": emulator.ImageFile, "min_disk": 40, "os_version": osVersion, "type": "ECS", "license_type": "", "enable_force_new": nil})
	add("huaweicloud_ims_obs_iso_image", "ims_iso_image", "file,"+emulator.ISOFile, fmt.Sprintf("image_url = %q\n  min_disk = 40\n  os_version = %q", emulator.ISOFile, osVersion),
		m{"virtual_env_type": "IsoImage", "disk_format": "iso"}, m{"image_url": emulator.ISOFile, "min_disk": 40, "os_version": osVersion, "is_config": nil, "architecture": "x86", "os_type": "Linux"})
	add("huaweicloud_ims_evs_data_image", "ims_data_disk_image", volume, fmt.Sprintf("volume_id = %q", emulator.VolumeID),
		m{"virtual_env_type": "DataImage"}, m{"volume_id": emulator.VolumeID, "os_type": "Linux"})
	add("huaweicloud_ims_obs_data_image", "ims_data_disk_image", "file,"+emulator.DataFile, fmt.Sprintf("image_url = %q\n  min_disk = 40\n  os_type = \"Linux\"", emulator.DataFile),
		m{"virtual_env_type": "DataImage"}, m{"image_url": emulator.DataFile, "min_disk": 40, "os_type": "Linux", "cmk_id": ""})
	add("huaweicloud_ims_quickimport_data_image", "ims_data_disk_image", "file,"+emulator.DataFile, fmt.Sprintf("image_url = %q\n  min_disk = 40\n  quick_import = true", emulator.DataFile),
		m{"virtual_env_type": "DataImage"}, m{"image_url": emulator.DataFile, "min_disk": 40, "os_type": "Linux", "type": "DataImage"})
	add("huaweicloud_ims_ecs_whole_image", "ims_full_ecs_image", server, fmt.Sprintf("instance_id = %q\n  vault_id = %q\n  delete_backup = true", emulator.InstanceID, emulator.VaultID),
		m{"__whole_image": "true", "__backup_id": "b1"}, m{"instance_id": emulator.InstanceID, "vault_id": emulator.VaultID, "backup_id": "b1", "is_delete_backup": true})
	add("huaweicloud_ims_cbr_whole_image", "ims_full_ecs_image", "server_backup,"+emulator.BackupID, fmt.Sprintf("backup_id = %q\n  whole_image_type = \"CBR\"", emulator.BackupID),
		m{"__whole_image": "true", "__backup_id": emulator.BackupID}, m{"backup_id": emulator.BackupID, "is_delete_backup": nil})
	add("huaweicloud_images_image", "ims_system_disk_image", server, fmt.Sprintf("instance_id = %q", emulator.InstanceID),
		m{}, m{"instance_id": emulator.InstanceID, "volume_id": "", "backup_id": "", "image_url": nil, "min_disk": nil, "is_config": nil, "type": nil, "os_version": osVersion})
	add("huaweicloud_images_image_copy", "ims_image_replica", "image,"+emulator.Region+",s1", "source_image_id = \"s1\"\n  cmk_id = \""+emulator.KeyID+"\"",
		m{"__system__cmkid": emulator.KeyID}, m{"source_image_id": "s1", "kms_key_id": emulator.KeyID, "target_region": emulator.Region, "agency_name": "", "vault_id": "", "os_version": osVersion, "min_disk": 40})
	return resources, configuration
}

// TestMoved: what the other providers' states say and the configuration says again is no change, and nothing is sent but looks.
func TestMoved(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	resources, configuration := moves(cloud)
	w.PeerStates(resources...)
	w.Configure("%s", configuration)
	if result := w.Apply(); !strings.Contains(result.Output, "0 added, 0 changed, 0 destroyed") || strings.Contains(result.Output, "will be") {
		t.Errorf("apply:\n%s", result.Output)
	}
	for _, call := range cloud.Calls() {
		if !strings.HasPrefix(call, "GET ") {
			t.Errorf("the move sent %s", call)
		}
	}
	state := w.State()
	for _, r := range resources {
		found := false
		for _, moved := range state {
			found = found || moved.Attributes["id"] == r.Attributes["id"] && moved.Attributes["status"] == "active"
		}
		if !found {
			t.Errorf("%s is not in the state", r.Type)
		}
	}
	w.ExpectEmptyPlan()
}

// TestMovedWrongly: a move to the wrong type, and a provider that is configured for another place, lose no image.
func TestMovedWrongly(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	id := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 10, Attributes: map[string]any{"virtual_env_type": "DataImage"}})
	for name, test := range map[string]struct {
		typeName   string
		attributes map[string]any
		message    string
	}{
		"type":         {"huaweicloud_ims_obs_data_image", map[string]any{"id": id}, "becomes ims_data_disk_image, not"},
		"no such type": {"huaweicloud_ims_image_export", map[string]any{"id": id}, "Unable to Move Resource State"},
		"image":        {"huaweicloud_ims_obs_system_image", map[string]any{"id": id, "region": emulator.Region}, "is a data disk image"},
		"region":       {"huaweicloud_ims_obs_system_image", map[string]any{"id": id, "region": "cn-north-4"}, "is in region cn-north-4"},
		"project":      {"opentelekomcloud_ims_image_v2", map[string]any{"id": "11111111-2222-3333-4444-555555555555"}, "configured for the same project"},
		"no id":        {"opentelekomcloud_ims_image_v2", map[string]any{"name": "golden"}, "no id of an image"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := cloud.Workspace(t)
			w.PeerStates(acctest.PeerResource{Type: test.typeName, Attributes: test.attributes})
			w.Configure("moved {\n  from = %s.golden\n  to = %s\n}\n%s", test.typeName, address, fromFile())
			plan := w.Run(nil, "plan", "-no-color")
			if output := strings.Join(strings.Fields(plan.Output), " "); plan.Code != 1 || !strings.Contains(output, test.message) {
				t.Errorf("plan (code %d) does not say %q:\n%s", plan.Code, test.message, plan.Output)
			}
		})
	}
}

// TestMovedFound: what other providers' states have of what the service found, where the configuration says what was asked for, is
// recorded and replaces nothing; so it is in a plan that looks at nothing.
func TestMovedFound(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string][]string{"with a refresh": nil, "without": {"-refresh=false"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			w := cloud.Workspace(t)
			var peers []acctest.PeerResource
			var config strings.Builder
			for _, moved := range []struct {
				from, to, arguments string
				image, state        map[string]any
			}{
				{
					"opentelekomcloud_images_image_v2", registeredType, "local_file = \"absent.qcow2\"\n  file_format = \"qcow2\"",
					nil,
					map[string]any{"disk_format": "zvhd2", "local_file_path": "absent.qcow2", "container_format": "bare", "min_disk_gb": 10, "tags": []any{}},
				},
				{
					"huaweicloud_ims_evs_system_image", systemType, fmt.Sprintf("volume_id = %q\n  os_version = \"Debian GNU/Linux 11.7.0 64bit\"", emulator.VolumeID),
					map[string]any{"__data_origin": "volume," + emulator.VolumeID},
					map[string]any{"volume_id": emulator.VolumeID, "os_version": "Debian GNU/Linux 12.0.0 64bit"},
				},
				{
					"huaweicloud_ims_obs_system_image", systemType, fmt.Sprintf("image_url = %q\n  min_disk = 10", emulator.ImageFile),
					map[string]any{"__data_origin": "file," + emulator.ImageFile},
					map[string]any{"image_url": emulator.ImageFile, "min_disk": 10, "os_version": "Debian GNU/Linux 12.0.0 64bit"},
				},
				{
					"opentelekomcloud_ims_data_image_v2", "ims_data_disk_image", fmt.Sprintf("image_url = %q\n  min_disk = 10\n  os_type = \"Linux\"", emulator.DataFile),
					map[string]any{"__data_origin": "file," + emulator.DataFile, "virtual_env_type": "DataImage"},
					map[string]any{"image_url": emulator.DataFile, "min_disk": 10, "os_type": "linux"},
				},
			} {
				moved.state["id"] = cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 10, Attributes: moved.image})
				moved.state["name"] = "golden"
				peers = append(peers, acctest.PeerResource{Type: moved.from, Attributes: moved.state})
				fmt.Fprintf(&config, "moved {\n  from = %[1]s.golden\n  to = %[2]s.%[1]s\n}\nresource %[2]q %[1]q {\n  name = \"golden\"\n  %[3]s\n}\n", moved.from, moved.to, moved.arguments)
			}
			w.PeerStates(peers...)
			w.Configure("%s", config.String())
			if result := w.Apply(arguments...); !strings.Contains(result.Output, "0 added, 2 changed, 0 destroyed") {
				t.Errorf("apply:\n%s", result.Output)
			}
			for _, call := range cloud.Calls() {
				if !strings.HasPrefix(call, "GET ") {
					t.Errorf("the move sent %s", call)
				}
			}
			w.ExpectEmptyPlan()
		})
	}
}
