package emulator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const membersPath = "/v1/cloudimages/members"

func share(images []string, projects ...string) object {
	return object{"images": images, "projects": projects}
}

func answering(status string, images ...string) object {
	return object{"images": images, "project_id": emulator.Receiver.ProjectID, "status": status}
}

// TestShare goes through the life of a share, seen from both sides.
func TestShare(t *testing.T) {
	b := newBench(t, emulator.Options{})
	receiver := b.as(emulator.Receiver)
	id := b.emu.AddImage(emulator.Image{Name: "given"})
	state := func() string {
		var seen []string
		for _, status := range []string{"pending", "accepted", "rejected"} {
			if len(receiver.list("visibility=shared&__imagetype=shared&member_status="+status)) > 0 {
				seen = append(seen, status)
			}
		}
		if len(receiver.list("id="+id)) > 0 {
			seen = append(seen, "listed")
		}
		return strings.Join(seen, " ")
	}
	job := b.job("POST", membersPath, share([]string{id}, emulator.Receiver.ProjectID, "nosuch"))
	if results := fmt.Sprint(entities(job)["results"]); results != fmt.Sprintf(
		"[map[image_id:%s project_id:%s status:success] map[image_id:%s project_id:nosuch status:failed]]", id,
		emulator.Receiver.ProjectID, id,
	) {
		t.Errorf("%s", results)
	}
	if got := state(); got != "pending" {
		t.Errorf("shared: %s", got)
	}
	if own := b.image(id); own["visibility"] != "shared" || own["__imagetype"] != "shared" ||
		own["owner"] != emulator.Owner.ProjectID {
		t.Errorf("%v", own)
	}
	receiver.job("PUT", membersPath, answering("accepted", id))
	if got := state(); got != "accepted listed" {
		t.Errorf("accepted: %s", got)
	}
	receiver.refused(400, "IMG.0047", "PATCH", "/v2/cloudimages/"+id, []any{op("replace", "name", "mine")})
	receiver.made("POST", "/v1/cloudimages/"+id+"/copy", object{"name": "replica"})
	receiver.job("PUT", membersPath, answering("rejected", id))
	if got := state(); got != "rejected" {
		t.Errorf("rejected: %s", got)
	}
	receiver.refused(400, "IMG.0196", "POST", "/v1/cloudimages/"+id+"/copy", object{"name": "replica"})
	job = b.job("DELETE", membersPath, share([]string{id}, emulator.Receiver.ProjectID))
	if results, _ := entities(job)["results"].([]any); results == nil || len(results) != 0 {
		t.Errorf("%v", job)
	}
	if got := state(); got != "" || b.image(id)["visibility"] != "private" {
		t.Errorf("no longer shared: %s", got)
	}
}

// TestShareRules are those of sharing and answering.
func TestShareRules(t *testing.T) {
	b := newBench(t, emulator.Options{})
	receiver := b.as(emulator.Receiver)
	project := emulator.Receiver.ProjectID
	plain := b.emu.AddImage(emulator.Image{})
	encrypted := b.emu.AddImage(emulator.Image{Attributes: object{"__system__cmkid": emulator.KeyID}})
	whole := b.emu.AddImage(
		emulator.Image{
			Attributes: object{"__whole_image": "true"}, Members: []emulator.Member{{ProjectID: project, Status: "pending"}},
		},
	)
	var many []string
	for i := range 257 {
		many = append(many, fmt.Sprintf("project-%d", i))
	}
	b.refused(400, "IMG.0076", "POST", membersPath, share([]string{plain}, b.tenant.ProjectID))
	b.refused(400, "IMG.0098", "POST", membersPath, share([]string{encrypted}, project))
	b.refused(400, "IMG.0027", "POST", membersPath, share([]string{"nosuch"}, project))
	b.refused(400, "IMG.0001", "POST", membersPath, share(nil, project))
	b.refused(400, "IMG.0088", "POST", membersPath, share([]string{plain}, many...))
	b.refused(400, "IMG.0088", "POST", membersPath, share([]string{whole}, many[:10]...))
	receiver.refused(400, "IMG.0047", "POST", membersPath, share([]string{whole}, emulator.Owner.ProjectID))
	b.refused(400, "IMG.0067", "PUT", membersPath, answering("accepted", plain))
	receiver.refused(400, "IMG.0001", "PUT", membersPath, answering("maybe", plain))
	receiver.refused(400, "IMG.0184", "PUT", membersPath, with(answering("accepted", whole), object{"vault_id": "nosuch"}))
	for _, part := range []struct {
		body object
		want string
	}{
		{answering("accepted", plain), "failed"},
		{answering("accepted", whole), "failed"},
		{with(answering("accepted", whole), object{"vault_id": emulator.VaultID}), "success"},
	} {
		if got := dig(receiver.job("PUT", membersPath, part.body), "entities", "results", 0, "status"); got != part.want {
			t.Errorf("%v: %v, want %s", part.body, got, part.want)
		}
	}
}

// TestOwnSharedStaysPrivate shows the owner a private image, and the member a shared one.
func TestOwnSharedStaysPrivate(t *testing.T) {
	b := newBench(t, emulator.Options{Switches: emulator.Switches{OwnSharedStaysPrivate: true}})
	id := b.emu.AddImage(
		emulator.Image{Members: []emulator.Member{{ProjectID: emulator.Receiver.ProjectID, Status: "accepted"}}},
	)
	own, theirs := b.image(id), b.as(emulator.Receiver).image(id)
	if own["visibility"] != "private" || theirs["visibility"] != "shared" {
		t.Errorf("%v %v", own["visibility"], theirs["visibility"])
	}
}

// TestGlanceMembers shares by Glance's operations.
func TestGlanceMembers(t *testing.T) {
	b := newBench(t, emulator.Options{})
	receiver := b.as(emulator.Receiver)
	id := b.emu.AddImage(emulator.Image{})
	members := "/v2/images/" + id + "/members"
	own := members + "/" + emulator.Receiver.ProjectID
	receiver.expect(404, "GET", members, nil)
	b.refused(400, "IMG.0076", "POST", members, object{"member": b.tenant.ProjectID})
	b.refused(400, "IMG.0108", "POST", members, object{"member": "nosuch"})
	b.expect(200, "POST", members, object{"member": emulator.Receiver.ProjectID})
	b.expect(409, "POST", members, object{"member": emulator.Receiver.ProjectID})
	b.expect(403, "PUT", own, object{"status": "accepted"})
	receiver.expect(400, "PUT", own, object{"status": "maybe"})
	if answered := receiver.expect(200, "PUT", own, object{"status": "accepted"}); answered["status"] != "accepted" {
		t.Errorf("%v", answered)
	}
	for _, side := range []*bench{b, receiver} {
		if listed, _ := side.expect(200, "GET", members, nil)["members"].([]any); len(listed) != 1 {
			t.Errorf("%v", listed)
		}
	}
	receiver.expect(403, "DELETE", own, nil)
	b.expect(204, "DELETE", own, nil)
	b.expect(404, "GET", own, nil)
	b.expect(403, "GET", "/v2/images/"+emulator.PublicImageID(0)+"/members", nil)
}

// TestGlanceImage makes an image by Glance's operations: metadata, file, changes.
func TestGlanceImage(t *testing.T) {
	b := newBench(t, emulator.Options{})
	image := b.expect(201, "POST", "/v2/images", object{
		"name": "uploaded", "__os_version": "Ubuntu 22.04 server 64bit", "disk_format": "raw", "min_disk": 3,
		"tags": []string{"a=b"}, "own": "x",
	})
	path := fmt.Sprint("/v2/images/", image["id"])
	if image["status"] != "queued" || image["own"] != "x" || image["__platform"] != "Ubuntu" || image["checksum"] != nil {
		t.Errorf("%v", image)
	}
	const stream = "application/octet-stream"
	b.expect(415, "PUT", path+"/file", "content")
	b.expect(401, "PUT", path+"/file", "content", "Content-Type", stream, "X-Auth-Token", "x")
	b.expect(404, "PUT", "/v2/images/nosuch/file", "content", "Content-Type", stream)
	b.expect(204, "PUT", path+"/file", "content", "Content-Type", stream)
	b.expect(409, "PUT", path+"/file", "content", "Content-Type", stream)
	b.expect(204, "GET", path+"/file", nil)
	image = b.expect(200, "GET", path, nil)
	if image["status"] != "active" || image["__image_size"] != "7" ||
		image["checksum"] != "9a0364b9e99bb480dd25e1f0284c8555" {
		t.Errorf("%v", image)
	}
	for _, change := range []struct {
		status    int
		operation object
		want      any
	}{
		{200, op("replace", "protected", true), true},
		{200, op("replace", "name", "renamed"), "renamed"},
		{200, op("add", "own2", "y"), "y"},
		{200, op("replace", "tags", []string{"c"}), []any{"c"}},
		{200, op("replace", "visibility", "private"), "private"},
		{200, op("remove", "own", nil), nil},
		{200, op("add", "hw_firmware_type", "uefi"), "uefi"},
		{400, op("replace", "hw_firmware_type", "efi"), nil},
		{400, op("replace", "protected", "true"), nil},
		{400, op("replace", "name", "a/b"), nil},
		{400, op("replace", "tags", make([]string, 11)), nil},
		{400, op("replace", "min_ram", "1"), nil},
		{400, op("replace", "visibility", "public"), nil},
		{400, op("copy", "name", "x"), nil},
		{403, op("replace", "status", "killed"), nil},
		{403, op("remove", "name", nil), nil},
		{409, op("replace", "nosuch", "x"), nil},
		{409, op("remove", "nosuch", nil), nil},
	} {
		name := strings.TrimPrefix(fmt.Sprint(change.operation["path"]), "/")
		if change.operation["path"] == "/tags" && change.status == 400 {
			texts := []string{}
			for i := range 11 {
				texts = append(texts, fmt.Sprint(i))
			}
			change.operation["value"] = texts
		}
		got := b.expect(
			change.status, "PATCH", path, []any{change.operation}, "Content-Type",
			"application/openstack-images-v2.1-json-patch",
		)
		if change.status == 200 && fmt.Sprint(got[name]) != fmt.Sprint(change.want) {
			t.Errorf("%s is %v, want %v", name, got[name], change.want)
		}
	}
	b.expect(415, "PATCH", path, []any{op("replace", "name", "x")}, "Content-Type", "text/plain")
	b.refused(400, "IMG.0028", "DELETE", path, nil)
	b.expect(403, "POST", "/v2/images", object{"name": "n", "visibility": "public"})
	b.expect(403, "POST", "/v2/images", object{"name": "n", "status": "active"})
	b.refused(400, "IMG.0072", "POST", "/v2/images", object{"name": "n", "disk_format": "floppy"})
	b.refused(400, "IMG.0056", "POST", "/v2/images", object{"name": "n", "__os_version": "BeOS 5"})
	b.expect(404, "GET", "/v2/images/nosuch", nil)
	versions := b.send("GET", "/", nil, "X-Auth-Token", "")
	if versions.status != 300 || !strings.Contains(string(versions.body), b.server.URL+"/v2/") {
		t.Errorf("%d %s", versions.status, versions.body)
	}
}

// TestRegister puts a file in OBS under Glance's metadata; a bad file kills the image.
func TestRegister(t *testing.T) {
	b := newBench(t, emulator.Options{})
	for file, want := range map[string]string{emulator.ImageFile: "active", "golden-images:nosuch.raw": "killed"} {
		id := fmt.Sprint(b.expect(201, "POST", "/v2/images", object{"name": "registered"})["id"])
		b.job("PUT", "/v1/cloudimages/"+id+"/upload", object{"image_url": file})
		if image := b.image(id); image["status"] != want {
			t.Errorf("%s: %v", file, image)
		}
		b.refused(400, "IMG.0046", "PUT", "/v1/cloudimages/"+id+"/upload", object{"image_url": file})
		b.expect(204, "DELETE", "/v2/images/"+id, nil)
	}
}

// TestVolumesJob tells the images of data_images in its sub jobs alone.
func TestVolumesJob(t *testing.T) {
	b := newBench(t, emulator.Options{})
	b.emu.AddVolume("second")
	job := b.job("POST", actionPath, object{"data_images": []any{
		object{"name": "one", "volume_id": emulator.VolumeID}, object{"name": "two", "volume_id": "second"},
	}})
	if job["job_type"] != "imsVolumesToSysDataImagesJob" || entities(job)["image_id"] != nil {
		t.Errorf("%v", job)
	}
	var made []string
	subs, _ := entities(job)["sub_jobs_result"].([]any)
	for i, sub := range subs {
		inner, _ := sub.(object)
		image := b.image(fmt.Sprint(entities(inner)["image_id"]))
		made = append(made, fmt.Sprint(image["name"]))
		ids, _ := entities(job)["sub_jobs_list"].([]any)
		if image["virtual_env_type"] != "DataImage" || inner["job_type"] != "imsCopyVolumeToImageJob" ||
			ids[i] != inner["job_id"] {
			t.Errorf("%v %v", image, inner)
		}
	}
	if !slices.Equal(made, []string{"one", "two"}) {
		t.Errorf("%v", made)
	}
}

// TestSources looks at what the ways of making images leave in them.
func TestSources(t *testing.T) {
	b := newBench(t, emulator.Options{})
	for _, source := range []struct {
		name, path string
		body       object
		want       object
	}{
		{"server", actionPath, with(serverBody, object{"max_ram": 4096}), object{
			"__data_origin": "instance," + emulator.InstanceID, "__platform": "Debian", "max_ram": "4096",
			"hw_firmware_type": nil, "__description": nil,
		}},
		{
			"volume with an OS", actionPath, volumeBody,
			object{"__data_origin": "volume," + emulator.VolumeID, "__os_version": "Ubuntu 22.04 server 64bit"},
		},
		{"file without OS version", actionPath, with(fileBody, object{"os_version": nil, "is_config": true}), object{
			"__os_version": "Debian GNU/Linux 12.0.0 64bit", "__is_config_init": "true", "__root_origin": "file",
		}},
		{
			"file with another OS version", actionPath, with(fileBody, object{"os_version": "CentOS 7.0 64bit"}),
			object{"__os_version": "CentOS 7.0 64bit"},
		},
		{
			"arm", actionPath, with(fileBody, object{"architecture": "arm"}),
			object{"__support_arm": "true", "hw_firmware_type": "uefi"},
		},
		{"BMS", actionPath, with(fileBody, object{"type": "BMS"}), object{"virtual_env_type": "Ironic"}},
		{
			"ISO", actionPath, with(fileBody, object{"type": "IsoImage", "image_url": emulator.ISOFile}),
			object{"virtual_env_type": "IsoImage"},
		},
		{"key", actionPath, with(fileBody, object{"cmk_id": emulator.KeyID}), object{"__system__cmkid": emulator.KeyID}},
		{
			"data", "/v1/cloudimages/dataimages/action", dataBody,
			object{"virtual_env_type": "DataImage", "__os_type": "Linux", "__os_version": nil},
		},
		{"quick data", "/v2/cloudimages/quickimport/action", quickDataBody, object{"virtual_env_type": "DataImage"}},
		{"whole", "/v1/cloudimages/wholeimages/action", wholeBody, object{"__whole_image": "true"}},
	} {
		t.Run(source.name, func(t *testing.T) {
			image := b.image(b.made("POST", source.path, source.body))
			for name, want := range source.want {
				if image[name] != want {
					t.Errorf("%s is %v, want %v", name, image[name], want)
				}
			}
			if image["__image_size"] == "0" || image["active_at"] == nil {
				t.Errorf("%v", image)
			}
		})
	}
}

// TestExportAndCopyRules are what cannot be exported or replicated.
func TestExportAndCopyRules(t *testing.T) {
	b := newBench(t, emulator.Options{})
	add := func(attributes object) string { return b.emu.AddImage(emulator.Image{Attributes: attributes}) }
	plain := add(object{"__image_size": "5"})
	large := add(object{"__image_size": "200000000000"})
	whole, iso := add(object{"__whole_image": "true"}), add(object{"virtual_env_type": "IsoImage"})
	good := object{"bucket_url": "bucket:new.vhd", "file_format": "vhd"}
	quick := object{"bucket_url": "bucket:new.zvhd2", "is_quick_export": true}
	for _, rule := range []struct {
		code, id, operation string
		body                object
	}{
		{"IMG.0077", emulator.PublicImageID(0), "file", good},
		{"IMG.0128", whole, "file", good},
		{"IMG.0167", iso, "file", good},
		{"IMG.0160", large, "file", good},
		{"IMG.0027", "nosuch", "file", good},
		{"IMG.0072", plain, "file", with(good, object{"file_format": "raw"})},
		{"IMG.0072", plain, "file", with(good, object{"file_format": nil})},
		{"IMG.0072", plain, "file", with(quick, object{"file_format": "vhd"})},
		{"IMG.0017", plain, "file", with(good, object{"bucket_url": "x"})},
		{"IMG.0070", plain, "file", with(good, object{"bucket_url": emulator.ImageFile})},
		{"IMG.0083", emulator.PublicImageID(0), "copy", object{"name": "n"}},
		{"IMG.0130", whole, "copy", object{"name": "n"}},
		{"IMG.0167", iso, "copy", object{"name": "n"}},
		{"IMG.0013", plain, "copy", object{"description": "d"}},
		{"IMG.0095", plain, "copy", object{"name": "n", "cmk_id": "x"}},
	} {
		b.refused(400, rule.code, "POST", "/v1/cloudimages/"+rule.id+"/"+rule.operation, rule.body)
	}
	b.job("POST", "/v1/cloudimages/"+large+"/file", quick)
	b.refused(400, "IMG.0070", "POST", "/v1/cloudimages/"+plain+"/file", quick)
	replica := b.image(b.made("POST", "/v1/cloudimages/"+plain+"/copy", object{"name": "replica"}))
	if replica["__data_origin"] != "image,"+emulator.Region+","+plain || replica["__image_size"] != "5" {
		t.Errorf("%v", replica)
	}
}
