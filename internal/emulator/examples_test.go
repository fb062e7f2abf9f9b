package emulator_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// example is one operation of testdata/examples.json.
type example struct {
	Operation, Call string
	Requests        []json.RawMessage
	Responses       []any
}

func readExamples(t *testing.T) []example {
	t.Helper()
	content, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Operations []example `json:"operations"`
	}
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	return file.Operations
}

// furnish makes what the reference's examples are about, and returns the images that the paths stand for.
func furnish(b *bench) map[string]string {
	for _, object := range []string{
		"ims-image:centos70.qcow2", "ims-image:centos70.iso", "ims-image:centos70.zvhd2", "image-test:fedora_data1.qcow2",
		"bucketname:Centos6.5-disk1.vmdk",
	} {
		b.emu.AddObject(object, 1<<30)
	}
	b.emu.AddInstance("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
	b.emu.AddVolume("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
	b.emu.AddVolume("c5dfbd0c-bf0a-4798-a453-61dc6b54aa30")
	b.emu.AddVault("de9fcf45-11b2-432c-8562-5c5428574600")
	b.emu.AddBackup("9b27efab-4a17-4c06-bfa2-3e0cf021d3c3")
	b.emu.AddKey("bd66288c-9081-460a-8227-4cbd0c814cb4")
	for _, id := range []string{
		"62a15f6c-9197-44d2-89c7-708981c1bec1", "d164b5df-1bc3-4c3f-893e-3e471fd16e64",
		"0b680482-acaa-4045-b14c-9a8c7dfe9c70",
		"33ad552d-1149-471c-8190-ff6776174a00",
	} {
		b.emu.AddImage(emulator.Image{ID: id, Attributes: object{"__image_size": "449261568", "__description": "ims test"}})
	}
	queued := b.emu.AddImage(emulator.Image{Status: "queued"})
	shared := b.emu.AddImage(emulator.Image{Members: []emulator.Member{{
		ProjectID: b.tenant.ProjectID, Status: "pending", CreatedAt: b.clock.Now(), UpdatedAt: b.clock.Now(),
	}}})
	return map[string]string{"": "33ad552d-1149-471c-8190-ff6776174a00", "queued": queued, "shared": shared}
}

// TestExamples sends every request of the reference and compares every answer's shape.
func TestExamples(t *testing.T) {
	for _, one := range readExamples(t) {
		for n := range max(1, len(one.Requests)) {
			t.Run(fmt.Sprintf("%s %d", one.Operation, n), func(t *testing.T) { tryExample(t, one, n) })
		}
	}
}

func tryExample(t *testing.T, one example, n int) {
	t.Helper()
	b := newBench(t, emulator.Options{})
	images := furnish(b)
	method, path, _ := strings.Cut(one.Call, " ")
	id := images[""]
	var body any
	if n < len(one.Requests) {
		body = string(one.Requests[n])
	}
	switch {
	case strings.Contains(one.Operation, "Job"):
		return // TestJobShapes
	case strings.HasSuffix(path, "/upload"):
		id = images["queued"]
	case strings.Contains(path, "/members/"):
		id = images["shared"]
	case one.Call == "POST /v2/images/{image_id}/members", one.Call == "PUT /v1/cloudimages/members":
		text, _ := body.(string)
		project := emulator.Receiver.ProjectID
		if method == "PUT" {
			project = b.tenant.ProjectID
		}
		body = strings.ReplaceAll(text, "edc89b490d7d4392898e19b2deb34797", project)
	case path == "/v2/images", path == "/v2/cloudimages":
		path += "?__imagetype=gold&limit=2"
		if method == "POST" {
			path = "/v2/images"
		}
	}
	path = strings.NewReplacer("{project_id}", b.tenant.ProjectID, "{image_id}", id, "{member_id}", b.tenant.ProjectID,
		"{version}", "v2").Replace(path)
	got := b.send(method, path, body)
	if got.status < 200 || got.status > 300 {
		t.Fatalf("%s %s %v: %d %s", method, path, body, got.status, got.body)
	}
	if unknown := b.emu.Unknown(); len(unknown) > 0 {
		t.Errorf("unknown: %v", unknown)
	}
	if len(one.Responses) == 0 {
		if got.status != 204 || len(got.body) > 0 {
			t.Errorf("an answer without an example: %d %s", got.status, got.body)
		}
		return
	}
	var answered any
	if err := json.Unmarshal(got.body, &answered); err != nil {
		t.Fatal(err)
	}
	for _, difference := range compareShape(one.Responses[0], answered, "") {
		t.Error(difference)
	}
}

// mayLack are fields of the examples that an answer need not have (API reference, Image Attributes: absent means the
// default).
var mayLack = []string{
	"hw_firmware_type", "hw_vif_multiqueue_enabled", "__originalimagename", "__support_fc_inject", "checksum",
}

// compareShape says where an answer lacks a field of the documented one, or has it in another type.
func compareShape(documented, answered any, path string) []string {
	var differences []string
	switch want := documented.(type) {
	case map[string]any:
		have, isObject := answered.(map[string]any)
		if !isObject {
			return []string{fmt.Sprintf("%s is a %T, documented as an object", path, answered)}
		}
		for name, inner := range want {
			value, present := have[name]
			if !present && !slices.Contains(mayLack, name) {
				differences = append(differences, path+"."+name+" is missing")
			}
			if present {
				differences = append(differences, compareShape(inner, value, path+"."+name)...)
			}
		}
	case []any:
		have, isList := answered.([]any)
		if !isList {
			return []string{fmt.Sprintf("%s is a %T, documented as a list", path, answered)}
		}
		if len(want) > 0 && len(have) > 0 {
			return compareShape(want[0], have[0], path+"[0]")
		}
	default:
		if documented != nil && answered != nil && fmt.Sprintf("%T", documented) != fmt.Sprintf("%T", answered) {
			differences = append(differences, fmt.Sprintf("%s is a %T, documented as a %T", path, answered, documented))
		}
	}
	return differences
}

// TestJobShapes compares a finished job of each type with the reference's example of that type.
func TestJobShapes(t *testing.T) {
	documented := map[string]any{}
	for _, one := range readExamples(t) {
		for _, response := range one.Responses {
			if job, _ := response.(map[string]any); job["job_type"] != nil {
				documented[fmt.Sprint(job["job_type"])] = job
			}
		}
	}
	delete(documented, "imsImportOvaImageJob") // OVA files are imported on a page of the console only
	private := object{"name": "made", "min_disk": 40, "image_url": emulator.DataFile}
	jobs := map[string]struct {
		method, path string
		body         any
	}{
		"imsCreateImageByInstance": {
			"POST", "/v2/cloudimages/action", object{"name": "made", "instance_id": emulator.InstanceID},
		},
		"imsImportDataImageJob": {"POST", "/v1/cloudimages/dataimages/action", private},
		"imsCreateWholeImageByBackupJob": {
			"POST", "/v1/cloudimages/wholeimages/action",
			object{"name": "made", "backup_id": emulator.BackupID, "whole_image_type": "CBR"},
		},
		"imsNativeExportImageJob": {
			"POST", "/v1/cloudimages/ID/file", object{"bucket_url": "bucket:new.qcow2", "file_format": "qcow2"},
		},
		"imsDelImageMembersJob": {
			"DELETE", "/v1/cloudimages/members",
			object{"images": []string{"ID"}, "projects": []string{emulator.Receiver.ProjectID}},
		},
		"imsCopyImageInRegionJob": {"POST", "/v1/cloudimages/ID/copy", object{"name": "made"}},
	}
	for jobType, want := range documented {
		t.Run(jobType, func(t *testing.T) {
			b := newBench(t, emulator.Options{})
			id := b.emu.AddImage(emulator.Image{})
			request, known := jobs[jobType]
			if !known {
				t.Fatal("no request starts such a job")
			}
			body, _ := json.Marshal(request.body)
			job := b.job(
				request.method, strings.ReplaceAll(request.path, "ID", id), strings.ReplaceAll(string(body), `"ID"`, `"`+id+`"`),
			)
			if job["job_type"] != jobType || job["status"] != "SUCCESS" {
				t.Errorf("%v", job)
			}
			for _, difference := range compareShape(want, job, "") {
				t.Error(difference)
			}
		})
	}
}

// TestSchemas reads Glance's schemas.
func TestSchemas(t *testing.T) {
	b := newBench(t, emulator.Options{})
	for _, name := range []string{"image", "images", "member", "members"} {
		if schema := b.expect(200, "GET", "/v2/schemas/"+name, nil); schema["name"] != name {
			t.Errorf("schema %s: %v", name, schema["name"])
		}
	}
}
