package emulator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const actionPath = "/v2/cloudimages/action"

// with is a body with some fields changed; nil takes one away.
func with(body object, changes object) object {
	changed := maps.Clone(body)
	for name, value := range changes {
		if value == nil {
			delete(changed, name)
			continue
		}
		changed[name] = value
	}
	return changed
}

var (
	fileBody = object{
		"name": "made", "image_url": emulator.ImageFile, "min_disk": 40, "os_version": "Debian GNU/Linux 12.0.0 64bit",
	}
	serverBody = object{"name": "made", "instance_id": emulator.InstanceID}
	volumeBody = object{"name": "made", "volume_id": emulator.VolumeID, "os_version": "CentOS 7.0 64bit"}
	quickBody  = object{
		"name": "made", "image_url": emulator.QuickFile, "min_disk": 40, "os_version": "Debian GNU/Linux 12.0.0 64bit",
		"type": "ECS",
	}
	quickDataBody = object{"name": "made", "image_url": emulator.QuickDataFile, "min_disk": 40, "type": "DataImage"}
	dataBody      = object{"name": "made", "image_url": emulator.DataFile, "min_disk": 40}
	wholeBody     = object{"name": "made", "instance_id": emulator.InstanceID, "vault_id": emulator.VaultID}
	backupBody    = object{"name": "made", "backup_id": emulator.BackupID, "whole_image_type": "CBR"}
	volumesBody   = object{"data_images": []any{object{"name": "made", "volume_id": emulator.VolumeID}}}
)

func pairs(n int) []any {
	var tags []any
	for i := range n {
		tags = append(tags, object{"key": string(rune('a' + i)), "value": "v"})
	}
	return tags
}

func oneTag(key, value string) object {
	return object{"image_tags": []any{object{"key": key, "value": value}}}
}

// TestCreationRules tries each rule on the request that a creation is refused or accepted for; code "" is accepted.
func TestCreationRules(t *testing.T) {
	const quick, data = "/v2/cloudimages/quickimport/action", "/v1/cloudimages/dataimages/action"
	const whole = "/v1/cloudimages/wholeimages/action"
	disks := func(n int) object {
		var list []any
		for i := range n {
			list = append(list, object{"image_url": "bucket:disk" + string(rune('a'+i)) + ".qcow2", "min_disk": 10})
		}
		return object{"data_images": list}
	}
	for _, rule := range []struct {
		name, code, path string
		body             object
		change           object
	}{
		{"server", "", actionPath, serverBody, nil},
		{"volume", "", actionPath, volumeBody, nil},
		{"file", "", actionPath, fileBody, nil},
		{"ISO", "", actionPath, fileBody, object{"type": "IsoImage", "image_url": emulator.ISOFile}},
		{"quick", "", quick, quickBody, nil},
		{"quick data", "", quick, quickDataBody, nil},
		{"data", "", data, dataBody, nil},
		{"whole", "", whole, wholeBody, nil},
		{"backup", "", whole, backupBody, nil},
		{"volumes", "", actionPath, volumesBody, nil},

		{"no name", "IMG.0013", actionPath, fileBody, object{"name": nil}},
		{"longest name", "", actionPath, fileBody, object{"name": strings.Repeat("ä", 128)}},
		{"name too long", "IMG.0002", actionPath, fileBody, object{"name": strings.Repeat("n", 129)}},
		{"name with a slash", "IMG.0003", actionPath, fileBody, object{"name": "a/b"}},
		{"name with space inside", "", actionPath, fileBody, object{"name": "a-b_c. d"}},
		{"name with space before", "IMG.0003", actionPath, fileBody, object{"name": " a"}},
		{"name with space after", "IMG.0003", actionPath, fileBody, object{"name": "a "}},
		{"longest description", "", actionPath, fileBody, object{"description": strings.Repeat("d", 1024)}},
		{"description too long", "IMG.0004", actionPath, fileBody, object{"description": strings.Repeat("d", 1025)}},
		{"description with a newline", "IMG.0054", actionPath, fileBody, object{"description": "a\nb"}},
		{"description with brackets", "IMG.0054", actionPath, fileBody, object{"description": "<b>"}},

		{"ten tags", "", actionPath, fileBody, object{"image_tags": pairs(10)}},
		{"eleven tags", "IMG.0116", actionPath, fileBody, object{"image_tags": pairs(11)}},
		{"empty key", "IMG.0115", actionPath, fileBody, oneTag("", "v")},
		{"longest key and value", "", actionPath, fileBody, oneTag(strings.Repeat("k", 36), strings.Repeat("v", 43))},
		{"key too long", "IMG.0115", actionPath, fileBody, oneTag(strings.Repeat("k", 37), "")},
		{"value too long", "IMG.0115", actionPath, fileBody, oneTag("k", strings.Repeat("v", 44))},
		{"key with space before", "IMG.0115", actionPath, fileBody, oneTag(" k", "v")},
		{"value with space after", "IMG.0115", actionPath, fileBody, oneTag("k", "v ")},
		{"value with an equals sign", "IMG.0115", actionPath, fileBody, oneTag("k", "a=b")},
		{"key with a dot", "IMG.0115", actionPath, fileBody, oneTag("k.l", "v")},
		{"letters, digits, underscore, hyphen", "", actionPath, fileBody, oneTag("k_L-1", "v_L-1")},
		{
			"a key twice", "IMG.0115", actionPath, fileBody,
			object{"image_tags": []any{object{"key": "k", "value": "1"}, object{"key": "k", "value": "2"}}},
		},
		{"tag texts", "", actionPath, fileBody, object{"tags": []string{"k.v"}}},
		{"tag text without a dot", "IMG.0115", actionPath, fileBody, object{"tags": []string{"k"}}},
		{"both forms of tags", "IMG.0115", actionPath, fileBody, object{"tags": []string{"k.v"}, "image_tags": pairs(1)}},

		{"no source", "IMG.0021", actionPath, fileBody, object{"image_url": nil}},
		{"two sources", "IMG.0021", actionPath, fileBody, object{"instance_id": emulator.InstanceID}},
		{"unknown server", "IMG.0005", actionPath, serverBody, object{"instance_id": "nosuch"}},
		{"unknown volume", "IMG.0120", actionPath, volumeBody, object{"volume_id": "nosuch"}},
		{"volume without OS", "IMG.0056", actionPath, volumeBody, object{"os_version": nil}},
		{"volume to ISO", "IMG.0024", actionPath, volumeBody, object{"type": "IsoImage"}},

		{"no min_disk", "IMG.0055", actionPath, fileBody, object{"min_disk": nil}},
		{"min_disk 1", "", actionPath, fileBody, object{"min_disk": 1}},
		{"min_disk 1024", "", actionPath, fileBody, object{"min_disk": 1024}},
		{"min_disk 1025", "IMG.0055", actionPath, fileBody, object{"min_disk": 1025}},
		{"data disk of 9", "IMG.0055", data, dataBody, object{"min_disk": 9}},
		{"data disk of 10", "", data, dataBody, object{"min_disk": 10}},
		{"data disk of 19, Windows", "IMG.0055", data, dataBody, object{"min_disk": 19, "os_type": "Windows"}},
		{"data disk of 20, Windows", "", data, dataBody, object{"min_disk": 20, "os_type": "Windows"}},
		{"data disk of 1024", "", data, dataBody, object{"min_disk": 1024}},
		{"data disk of 1025", "IMG.0055", data, dataBody, object{"min_disk": 1025}},
		{"negative memory", "IMG.0055", actionPath, serverBody, object{"min_ram": -1}},
		{"memory upside down", "IMG.0055", actionPath, serverBody, object{"min_ram": 2048, "max_ram": 1024}},
		{"memory", "", actionPath, serverBody, object{"min_ram": 1024, "max_ram": 2048}},

		{"image_url without colon", "IMG.0017", actionPath, fileBody, object{"image_url": "bucket/object"}},
		{"image_url without object", "IMG.0017", actionPath, fileBody, object{"image_url": "bucket:"}},
		{"image_url that is one", "IMG.0017", actionPath, fileBody, object{"image_url": "https://bucket/object"}},
		{"image_url with space", "IMG.0175", actionPath, fileBody, object{"image_url": "bucket:an object"}},
		{"image_url with comma", "", actionPath, fileBody, object{"image_url": "bucket:a,b.qcow2"}},

		{"firmware", "", actionPath, fileBody, object{"hw_firmware_type": "uefi"}},
		{"unknown firmware", "IMG.0141", actionPath, fileBody, object{"hw_firmware_type": "efi"}},
		{"bios on arm", "IMG.0141", actionPath, fileBody, object{"hw_firmware_type": "bios", "architecture": "arm"}},
		{
			"bios on an arm file", "IMG.0141", actionPath, fileBody,
			object{"hw_firmware_type": "bios", "image_url": emulator.ArmFile},
		},
		{"uefi on arm", "", actionPath, fileBody, object{"hw_firmware_type": "uefi", "architecture": "arm"}},
		{"unknown architecture", "IMG.0212", actionPath, fileBody, object{"architecture": "arm64"}},
		{"unknown type", "IMG.0024", actionPath, fileBody, object{"type": "VM"}},
		{"unknown OS type", "IMG.0122", actionPath, fileBody, object{"os_type": "linux"}},
		{"data disk of Other", "IMG.0122", data, dataBody, object{"os_type": "Other"}},
		{"unknown OS version", "IMG.0056", actionPath, fileBody, object{"os_version": "BeOS 5"}},
		{"ISO without OS version", "IMG.0166", actionPath, fileBody, object{"type": "IsoImage", "os_version": nil}},
		{"quick without OS version", "IMG.0056", quick, quickBody, object{"os_version": nil}},
		{
			"quick flag without OS version", "IMG.0056", actionPath, fileBody,
			object{"is_quick_import": true, "os_version": nil},
		},
		{"quick without file", "IMG.0017", quick, quickBody, object{"image_url": nil}},

		{"key", "", actionPath, fileBody, object{"cmk_id": emulator.KeyID}},
		{"unknown key", "IMG.0095", actionPath, fileBody, object{"cmk_id": "nosuch"}},
		{"key on BMS", "IMG.0118", actionPath, fileBody, object{"cmk_id": emulator.KeyID, "type": "BMS"}},
		{"enterprise project", "", actionPath, serverBody, object{"enterprise_project_id": emulator.EnterpriseProjectID}},
		{"default enterprise project", "", actionPath, serverBody, object{"enterprise_project_id": "0"}},
		{"unknown enterprise project", "IMG.0155", actionPath, serverBody, object{"enterprise_project_id": "nosuch"}},

		{"three data disks", "", actionPath, fileBody, disks(3)},
		{"four data disks", "IMG.0001", actionPath, fileBody, disks(4)},
		{
			"a file twice", "IMG.0123", actionPath, fileBody,
			object{"data_images": []any{object{"image_url": emulator.ImageFile, "min_disk": 10}}},
		},
		{
			"unknown volume in data_images", "IMG.0120", actionPath, volumesBody,
			object{"data_images": []any{object{"name": "n", "volume_id": "x"}}},
		},

		{"no vault", "IMG.0184", whole, wholeBody, object{"vault_id": nil}},
		{"unknown backup", "IMG.0020", whole, backupBody, object{"backup_id": "nosuch"}},
		{"no backup", "IMG.0019", whole, backupBody, object{"backup_id": nil}},
		{"CSBS by default", "IMG.0198", whole, backupBody, object{"whole_image_type": nil}},

		{"number as text", "IMG.0001", actionPath, fileBody, object{"min_disk": "40"}},
	} {
		t.Run(rule.name, func(t *testing.T) {
			b := newBench(t, emulator.Options{})
			body := with(rule.body, rule.change)
			if rule.code == "" {
				b.expect(200, "POST", rule.path, body)
			} else {
				b.refused(400, rule.code, "POST", rule.path, body)
				if left := b.emu.Images(b.tenant.ProjectID); len(left) > 0 {
					t.Errorf("a refused request left %v", left)
				}
			}
			if unknown := b.emu.Unknown(); len(unknown) > 0 {
				t.Errorf("unknown: %v", unknown)
			}
		})
	}
}

// TestUnknown sends what the API reference does not have: it is refused, and the journal says so.
func TestUnknown(t *testing.T) {
	for _, unknown := range []struct {
		name, code   string
		status       int
		method, path string
		body         any
	}{
		{"route", "APIGW.0101", 404, "GET", "/v2/nosuch", nil},
		{"method", "APIGW.0101", 404, "PUT", "/v2/cloudimages/action", object{}},
		{"double slash", "APIGW.0101", 404, "GET", "//v2/cloudimages", nil},
		{"field", "IMG.0001", 400, "POST", actionPath, with(fileBody, object{"nosuch": 1})},
		{"field in the wrong case", "IMG.0001", 400, "POST", actionPath, with(fileBody, object{"Name": "x"})},
		{"field inside", "IMG.0001", 400, "POST", actionPath, with(fileBody, object{"image_tags": []any{object{"k": "v"}}})},
		{"another source's field", "IMG.0001", 400, "POST", actionPath, with(serverBody, object{"min_disk": 40})},
		{
			"memory in a quick import", "IMG.0001", 400, "POST", "/v2/cloudimages/quickimport/action",
			with(quickBody, object{"min_ram": 1}),
		},
		{
			"server and data_images", "IMG.0001", 400, "POST", actionPath,
			with(volumesBody, object{"instance_id": emulator.InstanceID}),
		},
		{
			"field in a PATCH", "IMG.0001", 400, "PATCH", "/v2/cloudimages/x",
			[]any{object{"op": "add", "path": "/name", "from": "x"}},
		},
		{"filter", "IMG.0001", 400, "GET", "/v2/cloudimages?nosuch=1", nil},
		{"query", "IMG.0001", 400, "GET", "/v1/cloudimages/quota?nosuch=1", nil},
	} {
		t.Run(unknown.name, func(t *testing.T) {
			b := newBench(t, emulator.Options{})
			b.refused(unknown.status, unknown.code, unknown.method, unknown.path, unknown.body)
			if found := b.emu.Unknown(); len(found) != 1 {
				t.Errorf("the journal has %d unknown requests: %v", len(found), b.emu.Journal())
			}
		})
	}
}

// TestNotOffered: an operation of the API reference that this cloud has not is refused alike, and is nothing unknown.
func TestNotOffered(t *testing.T) {
	b := newBench(t, emulator.Options{})
	b.refused(404, "APIGW.0101", "POST", "/v1/cloudimages/x/cross_region_copy", object{})
	if found := b.emu.Unknown(); len(found) != 0 {
		t.Errorf("unknown: %v", found)
	}
}

// TestBrokenBodies sends what is no JSON, or none.
func TestBrokenBodies(t *testing.T) {
	b := newBench(t, emulator.Options{})
	b.refused(400, "IMG.0007", "POST", actionPath, nil)
	b.refused(400, "IMG.0001", "POST", actionPath, "{")
	b.refused(400, "IMG.0001", "POST", actionPath, `["name"]`)
	b.refused(413, "APIGW.0201", "POST", actionPath, `"`+strings.Repeat("x", 2<<20)+`"`)
}

// TestJobsThatFail makes images of files that are no good.
func TestJobsThatFail(t *testing.T) {
	for _, bad := range []struct {
		name, code string
		body       object
	}{
		{"no such file", "IMG.0057", object{"image_url": "golden-images:nosuch.qcow2"}},
		{"empty file", "IMG.0057", object{"image_url": emulator.EmptyFile}},
		{"no image file", "IMG.0057", object{"image_url": "golden-images:notes.txt"}},
		{"ISO as a disk", "IMG.0057", object{"image_url": emulator.ISOFile}},
		{"a disk as ISO", "IMG.0057", object{"type": "IsoImage"}},
		{"quick import of qcow2", "IMG.0057", object{"is_quick_import": true}},
		{"large file", "IMG.0059", object{"image_url": emulator.LargeFile}},
		{
			"bad data disk", "IMG.0057",
			object{"data_images": []any{object{"image_url": "golden-images:nosuch.qcow2", "min_disk": 1}}},
		},
	} {
		t.Run(bad.name, func(t *testing.T) {
			b := newBench(t, emulator.Options{})
			b.emu.AddObject("golden-images:notes.txt", 1)
			job := b.job("POST", actionPath, with(fileBody, bad.body))
			if job["status"] != "FAIL" || job["error_code"] != bad.code || job["fail_reason"] == "" ||
				entities(job)["image_id"] != nil {
				t.Errorf("%v", job)
			}
			if left := b.emu.Images(b.tenant.ProjectID); len(left) > 0 {
				t.Errorf("a failed job left %v", left)
			}
		})
	}
}

// TestQuota counts images being made, and gives places back.
func TestQuota(t *testing.T) {
	b := newBench(t, emulator.Options{ImageQuota: 2})
	b.expect(200, "POST", actionPath, serverBody)
	id := b.made("POST", actionPath, serverBody)
	b.refused(400, "IMG.0015", "POST", actionPath, serverBody)
	b.refused(400, "IMG.0015", "POST", "/v2/images", object{"name": "n"})
	resources, _ := b.expect(200, "GET", "/v1/cloudimages/quota", nil)["quotas"].(object)["resources"].([]any)
	if quota, _ := resources[0].(object); quota["used"] != 2.0 || quota["quota"] != 2.0 || quota["type"] != "image" {
		t.Errorf("%v", resources)
	}
	b.expect(204, "DELETE", "/v2/images/"+id, nil)
	b.expect(200, "POST", actionPath, serverBody)
}

// TestManyAtOnce is refused as flow control, which clients try again after.
func TestManyAtOnce(t *testing.T) {
	b := newBench(t, emulator.Options{})
	id := b.emu.AddImage(emulator.Image{})
	for range 5 {
		b.expect(200, "POST", "/v1/cloudimages/"+id+"/copy", object{"name": "replica"})
	}
	b.refused(400, "IMG.0060", "POST", "/v1/cloudimages/"+id+"/copy", object{"name": "replica"})
	b.clock.Advance(longerThanJobs)
	for range 40 {
		b.expect(200, "POST", actionPath, serverBody)
	}
	b.refused(400, "IMG.0060", "POST", actionPath, serverBody)
}

// TestOSVersions has an array at its top and numbers for bits.
func TestOSVersions(t *testing.T) {
	b := newBench(t, emulator.Options{})
	var all []struct {
		Platform    string
		VersionList []struct {
			OSBit   int    `json:"os_bit"`
			OSType  string `json:"os_type"`
			Version string `json:"os_version"`
		} `json:"version_list"`
	}
	decode(t, b.send("GET", "/v1/cloudimages/os_version", nil), &all)
	var platforms []string
	for _, p := range all {
		platforms = append(platforms, p.Platform)
		if v := p.VersionList[0]; v.OSBit == 0 || v.OSType == "" || v.Version == "" {
			t.Errorf("%v", p)
		}
	}
	slices.Sort(platforms)
	want := []string{
		"CentOS", "CoreOS", "Debian", "EulerOS", "Fedora", "OpenSUSE", "Oracle Linux", "Other", "RedHat", "SUSE", "Ubuntu",
		"Windows",
	}
	if !slices.Equal(platforms, want) {
		t.Errorf("platforms %v, want %v", platforms, want)
	}
	decode(t, b.send("GET", "/v1/cloudimages/os_version?tag=arm", nil), &all)
	if len(all) != 3 {
		t.Errorf("arm: %v", all)
	}
}
