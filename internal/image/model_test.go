package image

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

func parse(t *testing.T, body string) *ims.Image {
	t.Helper()
	var image ims.Image
	if err := json.Unmarshal([]byte(body), &image); err != nil {
		t.Fatal(err)
	}
	return &image
}

const wholeImage = `{
	"id": "i-1", "name": "golden", "__description": "d", "status": "active",
	"owner": "p-1", "visibility": "private", "protected": true,
	"tags": ["a=1", "b=x=y", "c"], "enterprise_project_id": "e-1", "disk_format": "zvhd2",
	"container_format": "bare", "min_disk": 40, "min_ram": 1024,
	"max_ram": "4096", "created_at": "2026-01-02T03:04:05Z",
	"updated_at": "2026-01-02T03:04:06Z", "active_at": "2026-01-02T03:05:00Z",
	"virtual_env_type": "FusionCompute", "hw_firmware_type": "uefi",
	"hw_vif_multiqueue_enabled": "true", "__imagetype": "private",
	"__platform": "Debian", "__os_type": "Linux", "__os_bit": "64",
	"__os_version": "Debian GNU/Linux 12.0.0 64bit", "__image_size": "449261568",
	"__data_origin": "file,bucket:a,b.qcow2", "__backup_id": null, "__system__cmkid": "k-1", "__support_arm": "true"
}`

func TestReadWholeImage(t *testing.T) {
	t.Parallel()
	m := &systemDiskModel{}
	image := parse(t, wholeImage)
	m.read(image, framework.TagPolicy{})
	m.readArguments(image)
	want := map[string]any{
		"id":                    "i-1",
		"name":                  "golden",
		"description":           "d",
		"enterprise_project_id": "e-1",
		"min_ram":               int64(1024),
		"max_ram":               int64(4096),
		"hw":                    "uefi",
		"multi_queue":           true,
		"protected":             true,
		"status":                "active",
		"image_type":            "private",
		"os_type":               "Linux",
		"platform":              "Debian",
		"os_bit":                int64(64),
		"architecture":          "arm",
		"detected":              "Debian GNU/Linux 12.0.0 64bit",
		"min_disk":              int64(40),
		"cmk_id":                "k-1",
		"disk_format":           "zvhd2",
		"image_size": int64(
			449261568,
		),
		"origin":     "file,bucket:a,b.qcow2",
		"image_url":  "bucket:a,b.qcow2",
		"backup_id":  "",
		"visibility": "private",
		"owner":      "p-1",
		"created_at": "2026-01-02T03:04:05Z",
		"updated_at": "2026-01-02T03:04:06Z",
		"active_at":  "2026-01-02T03:05:00Z",
	}
	got := map[string]any{
		"id":                    m.ID.ValueString(),
		"name":                  m.Name.ValueString(),
		"description":           m.Description.ValueString(),
		"enterprise_project_id": m.EnterpriseProjectID.ValueString(),
		"min_ram":               m.MinRAM.ValueInt64(),
		"max_ram":               m.MaxRAM.ValueInt64(),
		"hw":                    m.Firmware.ValueString(),
		"multi_queue":           m.MultiQueue.ValueBool(),
		"protected":             m.Protected.ValueBool(),
		"status":                m.Status.ValueString(),
		"image_type":            m.ImageType.ValueString(),
		"os_type":               m.OSType.ValueString(),
		"platform":              m.Platform.ValueString(),
		"os_bit":                m.OSBit.ValueInt64(),
		"architecture":          m.Architecture.ValueString(),
		"detected":              m.DetectedOSVersion.ValueString(),
		"min_disk":              m.MinDisk.ValueInt64(),
		"cmk_id":                m.CMKID.ValueString(),
		"disk_format":           m.DiskFormat.ValueString(),
		"image_size":            m.ImageSize.ValueInt64(),
		"origin":                m.DataOrigin.ValueString(),
		"image_url":             m.ImageURL.ValueString(),
		"backup_id":             m.BackupID.ValueString(),
		"visibility":            m.Visibility.ValueString(),
		"owner":                 m.Owner.ValueString(),
		"created_at":            m.CreatedAt.ValueString(),
		"updated_at":            m.UpdatedAt.ValueString(),
		"active_at":             m.ActiveAt.ValueString(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"a": "1", "b": "x=y", "c": ""}, framework.Strings(m.TagsAll)); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if !m.BackupID.IsNull() || !m.OSVersion.IsNull() || !m.InstanceID.IsNull() || !m.VolumeID.IsNull() {
		t.Error("what the service does not tell is not null")
	}
}

// TestReadKeepsWhatWasSaid: the service makes no difference between some values; the configuration's stays.
func TestReadKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	bare := `{"id": "i-1", "name": "golden", "status": "active", "tags": [], "__data_origin": "instance,s-1",
	"enterprise_project_id": "0"}`
	for name, test := range map[string]struct {
		before func(*systemDiskModel)
		check  func(*systemDiskModel) bool
	}{
		"description null": {func(*systemDiskModel) {}, func(m *systemDiskModel) bool { return m.Description.IsNull() }},
		"description empty": {
			func(m *systemDiskModel) { m.Description = types.StringValue("") },
			func(m *systemDiskModel) bool { return !m.Description.IsNull() },
		},
		"description was there": {
			func(m *systemDiskModel) { m.Description = types.StringValue("d") },
			func(m *systemDiskModel) bool { return m.Description.IsNull() },
		},
		"project null": {
			func(*systemDiskModel) {}, func(m *systemDiskModel) bool { return m.EnterpriseProjectID.IsNull() },
		},
		"project 0": {
			func(m *systemDiskModel) { m.EnterpriseProjectID = types.StringValue("0") },
			func(m *systemDiskModel) bool { return m.EnterpriseProjectID.ValueString() == "0" },
		},
		"tags null": {func(*systemDiskModel) {}, func(m *systemDiskModel) bool { return m.Tags.IsNull() }},
		"tags empty": {
			func(m *systemDiskModel) { m.Tags = framework.StringMap(nil) },
			func(m *systemDiskModel) bool { return !m.Tags.IsNull() },
		},
		"tags were there": {
			func(m *systemDiskModel) { m.Tags = framework.StringMap(map[string]string{"a": "1"}) },
			func(m *systemDiskModel) bool { return m.Tags.IsNull() },
		},
		"source of the source": {
			func(m *systemDiskModel) { m.VolumeID = types.StringValue("v-1") },
			func(m *systemDiskModel) bool { return m.InstanceID.IsNull() && m.VolumeID.ValueString() == "v-1" },
		},
		"source unknown": {
			func(m *systemDiskModel) { m.InstanceID = types.StringUnknown() },
			func(m *systemDiskModel) bool { return m.InstanceID.ValueString() == "s-1" },
		},
		"os_type asked for": {
			func(m *systemDiskModel) { m.OSType = types.StringValue("Windows") },
			func(m *systemDiskModel) bool { return m.OSType.ValueString() == "Windows" },
		},
		"firmware absent": {
			func(*systemDiskModel) {}, func(m *systemDiskModel) bool { return m.Firmware.ValueString() == "bios" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &systemDiskModel{}
			test.before(m)
			image := parse(t, bare)
			m.read(image, framework.TagPolicy{})
			m.readArguments(image)
			if !test.check(m) {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestChangesTo(t *testing.T) {
	t.Parallel()
	base := func() *imageModel {
		m := &imageModel{}
		m.read(parse(t, wholeImage), framework.TagPolicy{})
		return m
	}
	for name, test := range map[string]struct {
		plan func(*imageModel)
		want map[string]ims.Change
	}{
		"nothing": {func(*imageModel) {}, map[string]ims.Change{}},
		"unknown": {func(m *imageModel) {
			m.MinRAM, m.Firmware, m.EnterpriseProjectID = types.Int64Unknown(), types.StringUnknown(), types.StringUnknown()
		}, map[string]ims.Change{}},
		"name": {
			func(m *imageModel) { m.Name = types.StringValue("n") }, map[string]ims.Change{"name": {Value: "n", Present: true}},
		},
		"initial configuration": {
			func(m *imageModel) { m.ConfigInit = types.BoolValue(true) },
			map[string]ims.Change{"__is_config_init": {Value: "true"}},
		},
		"description gone": {
			func(m *imageModel) { m.Description = types.StringNull() },
			map[string]ims.Change{"__description": {Value: "", Present: true}},
		},
		"project gone": {
			func(m *imageModel) { m.EnterpriseProjectID = types.StringNull() },
			map[string]ims.Change{"enterprise_project_id": {Value: "0"}},
		},
		"memory": {
			func(m *imageModel) { m.MinRAM, m.MaxRAM = types.Int64Value(1), types.Int64Value(2) },
			map[string]ims.Change{"min_ram": {Value: int64(1), Present: true}, "max_ram": {Value: int64(2)}},
		},
		"firmware and queue": {
			func(m *imageModel) { m.Firmware, m.MultiQueue = types.StringValue("bios"), types.BoolValue(false) },
			map[string]ims.Change{"hw_firmware_type": {Value: "bios"}, "hw_vif_multiqueue_enabled": {Value: "false"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := base()
			test.plan(plan)
			has := func(attribute string) bool {
				return slices.Contains([]string{"name", "__description", "min_ram"}, attribute)
			}
			if diff := cmp.Diff(test.want, changesTo(plan, base(), has).attributes); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"virtual_env_type": "FusionCompute"}`:                          "ims_system_disk_image",
		`{"virtual_env_type": "Ironic"}`:                                 "ims_system_disk_image",
		`{"virtual_env_type": "DataImage"}`:                              "ims_data_disk_image",
		`{"virtual_env_type": "IsoImage"}`:                               "ims_iso_image",
		`{"virtual_env_type": "FusionCompute", "__whole_image": "true"}`: "ims_full_ecs_image",
	} {
		if got, _ := kindOf(parse(t, body)); got != want {
			t.Errorf("%s is %s, want %s", body, got, want)
		}
	}
}
