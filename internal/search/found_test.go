package search

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

func TestValuesOf(t *testing.T) {
	t.Parallel()
	var image ims.Image
	if err := json.Unmarshal([]byte(`{
	"id": "i-1", "name": "golden", "__description": "d", "status": "active", "owner": "p-1", "visibility": "private",
	"protected": true, "tags": ["a=1", "b"], "enterprise_project_id": "e-1", "disk_format": "zvhd2",
	"container_format": "bare", "min_disk": 40, "min_ram": 1024, "max_ram": "4096", "created_at": "2026-01-02T03:04:05Z",
	"updated_at": "2026-01-02T03:04:06Z", "active_at": "2026-01-02T03:05:00Z", "virtual_env_type": "FusionCompute",
	"hw_firmware_type": "uefi", "hw_vif_multiqueue_enabled": "true", "__imagetype": "gold", "__platform": "Debian",
	"__os_type": "Linux", "__os_bit": "64", "__os_version": "Debian 12", "__image_size": "449261568",
	"__data_origin": "instance,s-1", "__backup_id": "b-1", "__system__cmkid": "k-1", "__whole_image": "true",
	"__support_arm": "true", "__image_login_user": "debian", "size": 0, "self": "/v2/images/i-1", "__root_origin": null
}`), &image); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		image *ims.Image
		want  map[string]string
	}{
		"whole": {&image, map[string]string{
			"id": `"i-1"`, "name": `"golden"`, "description": `"d"`, "image_type": `"public"`, "status": `"active"`,
			"visibility": `"private"`, "owner": `"p-1"`, "platform": `"Debian"`, "os_type": `"Linux"`, "os_bit": "64",
			"os_version": `"Debian 12"`, "architecture": `"arm"`, "virtual_env_type": `"FusionCompute"`, "min_disk": "40",
			"min_ram": "1024", "max_ram": "4096", "disk_format": `"zvhd2"`, "container_format": `"bare"`,
			"image_size": "449261568", "hw_firmware_type": `"uefi"`, "multi_queue": "true", "protected": "true",
			"whole_image": "true", "cmk_id": `"k-1"`, "enterprise_project_id": `"e-1"`, "data_origin": `"instance,s-1"`,
			"backup_id": `"b-1"`, "tags_all": `{"a":"1","b":""}`, "support_flags": `{"arm":"true"}`,
			"properties": `{"__image_login_user":"debian"}`,
			"created_at": `"2026-01-02T03:04:05Z"`, "updated_at": `"2026-01-02T03:04:06Z"`,
			"active_at": `"2026-01-02T03:05:00Z"`,
		}},
		"empty": {&ims.Image{}, map[string]string{
			"id": `""`, "name": `""`, "description": "<null>", "image_type": "<null>", "status": "<null>",
			"visibility": "<null>", "owner": "<null>", "platform": "<null>", "os_type": "<null>", "os_bit": "<null>",
			"os_version": "<null>", "architecture": `"x86"`, "virtual_env_type": "<null>", "min_disk": "0", "min_ram": "0",
			"max_ram": "0", "disk_format": "<null>", "container_format": "<null>", "image_size": "0",
			"hw_firmware_type": `"bios"`, "multi_queue": "false", "protected": "false", "whole_image": "false",
			"cmk_id": "<null>", "enterprise_project_id": "<null>", "data_origin": "<null>", "backup_id": "<null>",
			"tags_all": "{}", "support_flags": "{}", "properties": "{}",
			"created_at": "<null>", "updated_at": "<null>", "active_at": "<null>",
		}},
	} {
		got := map[string]string{}
		for attribute, value := range valuesOf(test.image) {
			got[attribute] = value.String()
			if kind := found[attribute].schema.GetType(); !kind.Equal(value.Type(t.Context())) {
				t.Errorf("%s is %s, and its schema says %s", attribute, value.Type(t.Context()), kind)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestCriteriaOf: a configuration may lack criteria, and may have other attributes.
func TestCriteriaOf(t *testing.T) {
	t.Parallel()
	config := types.ObjectValueMust(
		map[string]attr.Type{"name": types.StringType, "os_bit": types.Int64Type, "other": types.BoolType},
		map[string]attr.Value{
			"name": types.StringValue("golden"), "os_bit": types.Int64Unknown(), "other": types.BoolValue(true),
		})
	criteria, problems := CriteriaOf(t.Context(), config)
	if problems.HasError() {
		t.Fatal(problems)
	}
	if criteria.Name.ValueString() != "golden" || !criteria.OSBit.IsUnknown() || !criteria.Tags.IsNull() ||
		!criteria.MostRecent.IsNull() {
		t.Errorf("the criteria are %+v", criteria)
	}
}
