package image_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// specimen is an image of some kind, made in one of the kind's ways. Tests have many of them in one configuration: what holds of
// the lifecycle holds of all.
type specimen struct {
	name    string // of the resource and of the image
	kind    string // resource type
	source  string // what it is made from
	other   string // what makes another image
	request string // path of the request that makes it, for faults
	job     string // type of the job; none: an upload
	parts   int    // images that are made besides
}

const (
	otherVolumeID = "20000000-0000-4000-8000-000000000002"
	otherBackupID = "60000000-0000-4000-8000-000000000002"
	otherServerID = "10000000-0000-4000-8000-000000000002"
	sharedImageID = "70000000-0000-4000-8000-000000000001" // of another project, accepted by the owner's
	otherSharedID = "70000000-0000-4000-8000-000000000002"
)

func (s *specimen) address() string { return s.kind + "." + s.name }

// method is that of the request that makes it.
func (s *specimen) method() string {
	if s.kind == "ims_registered_image" {
		return http.MethodPut
	}
	return http.MethodPost
}

// makesImage is true of the requests that the specimens are made with.
func makesImage(r emulator.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.Path, "images/action") && !strings.Contains(r.Path, "/tags/") ||
		r.Method == http.MethodPost && (strings.HasSuffix(r.Path, "quickimport/action") || strings.HasSuffix(r.Path, "/copy")) || r.Method == http.MethodPut && strings.HasSuffix(r.Path, "/upload")
}

// block is the resource, with more arguments if any are given.
func (s *specimen) block(source string, arguments ...string) string {
	return fmt.Sprintf("resource %q %q {\n  name = %q\n  %s\n  %s\n}\n", s.kind, s.name, s.name, source, strings.Join(arguments, "\n  "))
}

// specimens are one of each way to make an image. They need what the cloud is given here.
func specimens(t *testing.T, cloud *acctest.Cloud) []specimen {
	t.Helper()
	cloud.AddVolume(otherVolumeID)
	cloud.AddBackup(otherBackupID)
	cloud.AddInstance(otherServerID)
	cloud.AddObject("golden-images:other.qcow2", 1<<30)
	cloud.AddObject("golden-images:other.zvhd2", 1<<30)
	cloud.AddObject("golden-images:other.iso", 1<<30)
	for _, id := range []string{sharedImageID, otherSharedID} {
		cloud.AddImage(emulator.Image{
			ID: id, Name: "shared", MinDisk: 10, Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}},
		})
	}
	local := filepath.Join(t.TempDir(), "golden.qcow2")
	for path, content := range map[string]string{local: "an image", local + "-2": "another image"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const version = `os_version = "Debian GNU/Linux 12.0.0 64bit"`
	file := func(object string, arguments ...string) string {
		return fmt.Sprintf("image_url = %q\n  %s", object, strings.Join(arguments, "\n  "))
	}
	id := func(argument, id string, arguments ...string) string {
		return fmt.Sprintf("%s = %q\n  %s", argument, id, strings.Join(arguments, "\n  "))
	}
	const action = "/v2/cloudimages/action"
	vault := `vault_id = "` + emulator.VaultID + `"`
	return []specimen{
		{
			name: "system-disk", kind: "ims_system_disk_image", request: action, job: "imsImportImageJob", parts: 1,
			source: file(emulator.ImageFile, "min_disk = 10", "data_disk {\n    image_url = \""+emulator.DataFile+"\"\n    min_disk = 20\n  }"),
			other:  file("golden-images:other.qcow2", "min_disk = 10", "data_disk {\n    image_url = \""+emulator.DataFile+"\"\n    min_disk = 20\n  }"),
		},
		{
			name: "server", kind: "ims_system_disk_image", request: action, job: "imsCreateImageByInstance",
			source: id("instance_id", emulator.InstanceID), other: id("instance_id", otherServerID),
		},
		{
			name: "volume", kind: "ims_system_disk_image", request: action, job: "imsVolumeCreateImageJob",
			source: id("volume_id", emulator.VolumeID, version), other: id("volume_id", otherVolumeID, version),
		},
		{
			name: "data-volume", kind: "ims_data_disk_image", request: action, job: "imsVolumesToSysDataImagesJob",
			source: id("volume_id", emulator.VolumeID), other: id("volume_id", otherVolumeID),
		},
		{
			name: "data-file", kind: "ims_data_disk_image", request: "/v1/cloudimages/dataimages/action", job: "imsImportDataImageJob",
			source: file(emulator.DataFile, "min_disk = 50", `os_type = "Windows"`, `cmk_id = "`+emulator.KeyID+`"`),
			other:  file(emulator.DataFile, "min_disk = 60", `os_type = "Windows"`, `cmk_id = "`+emulator.KeyID+`"`),
		},
		{
			name: "data-quick", kind: "ims_data_disk_image", request: "/v2/cloudimages/quickimport/action", job: "imsImportDataImageJob",
			source: file(emulator.QuickDataFile, "min_disk = 50", "quick_import = true"), other: file("golden-images:other.zvhd2", "min_disk = 50", "quick_import = true"),
		},
		{
			name: "iso", kind: "ims_iso_image", request: action, job: "imsImportImageJob",
			source: file(emulator.ISOFile, "min_disk = 20", version), other: file("golden-images:other.iso", "min_disk = 20", version),
		},
		{
			name: "whole-server", kind: "ims_full_ecs_image", request: "/v1/cloudimages/wholeimages/action", job: "imsCreateWholeImageByInstanceJob",
			source: id("instance_id", emulator.InstanceID, vault), other: id("instance_id", otherServerID, vault),
		},
		{
			name: "whole-backup", kind: "ims_full_ecs_image", request: "/v1/cloudimages/wholeimages/action", job: "imsCreateWholeImageByBackupJob",
			source: id("backup_id", emulator.BackupID, `whole_image_type = "CBR"`), other: id("backup_id", otherBackupID, `whole_image_type = "CBR"`),
		},
		{
			name: "replica", kind: "ims_image_replica", request: "/v1/cloudimages/*/copy", job: "imsCopyImageInRegionJob",
			source: id("source_image_id", sharedImageID), other: id("source_image_id", otherSharedID),
		},
		{
			name: "registered", kind: "ims_registered_image", request: "/v1/cloudimages/*/upload", job: "imsNativeImportImageJob",
			source: file(emulator.ImageFile, "min_disk = 10", `file_format = "qcow2"`, version), other: file("golden-images:other.qcow2", "min_disk = 10"),
		},
		{
			name: "uploaded", kind: "ims_registered_image", request: "/v2/images/*/file",
			source: fmt.Sprintf("local_file = %q", local), other: fmt.Sprintf("local_file = %q", local+"-2"),
		},
	}
}

// ofJobs are the specimens that a job makes.
func ofJobs(all []specimen) []specimen {
	var found []specimen
	for _, s := range all {
		if s.job != "" {
			found = append(found, s)
		}
	}
	return found
}

// together is one configuration of many specimens.
func together(all []specimen, block func(*specimen) string) string {
	var config strings.Builder
	for i := range all {
		config.WriteString(block(&all[i]))
	}
	return config.String()
}

// plannedForAll says what a step's plan does with each of the images.
func plannedForAll(all []specimen, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	var checks resource.ConfigPlanChecks
	for i := range all {
		checks.PreApply = append(checks.PreApply, plancheck.ExpectResourceAction(all[i].address(), action))
	}
	return checks
}

// ofEach checks attributes of all specimens; "" is one that must not be there, "*" one that must.
func ofEach(all []specimen, want func(*specimen) map[string]string) resource.TestCheckFunc {
	var checks []resource.TestCheckFunc
	for i := range all {
		for name, value := range want(&all[i]) {
			switch value {
			case "":
				checks = append(checks, resource.TestCheckNoResourceAttr(all[i].address(), name))
			case "*":
				checks = append(checks, resource.TestCheckResourceAttrSet(all[i].address(), name))
			default:
				checks = append(checks, resource.TestCheckResourceAttr(all[i].address(), name, value))
			}
		}
	}
	return resource.ComposeAggregateTestCheckFunc(checks...)
}

// own are the attributes that only some kinds have, after the creation.
var own = map[string]map[string]string{
	"system-disk":  {"data_disk_image_ids.#": "1", "min_disk": "10", "hw_firmware_type": "bios", "architecture": "x86", "image_type": "private"},
	"server":       {"data_origin": "instance," + emulator.InstanceID, "image_url": "", "volume_id": ""},
	"volume":       {"data_origin": "volume," + emulator.VolumeID, "os_version": "Debian GNU/Linux 12.0.0 64bit", "detected_os_version": "*"},
	"data-volume":  {"image_url": "", "os_type": "Linux", "data_origin": "volume," + emulator.VolumeID, "cmk_id": ""},
	"data-file":    {"volume_id": "", "min_disk": "50", "os_type": "Windows", "cmk_id": emulator.KeyID, "data_origin": "file," + emulator.DataFile},
	"data-quick":   {"min_disk": "50", "os_type": "Linux", "quick_import": "true"},
	"iso":          {"min_disk": "20", "architecture": "x86", "disk_format": "iso", "detected_os_version": "Debian GNU/Linux 12.0.0 64bit"},
	"whole-server": {"backup_id": "*", "delete_backup": "true", "vault_id": emulator.VaultID},
	"whole-backup": {"backup_id": emulator.BackupID, "delete_backup": "false", "instance_id": ""},
	"replica":      {"data_origin": "image," + emulator.Region + "," + sharedImageID, "min_disk": "10"},
	"registered":   {"local_file": "", "uploaded_sha256": "", "min_disk": "10", "os_version": "Debian GNU/Linux 12.0.0 64bit"},
	"uploaded": {
		"image_url": "", "uploaded_size": "8", "image_size": "8", "job_id": "",
		"uploaded_sha256": "a5df3fde7b200c3fa2791144c7e05c5c2bced4c6ad863d3a4cf76c972c1712f9",
	},
}

// TestKindsLifecycle: all kinds, in all ways. The harness plans after each step and fails if there is anything to do.
func TestKindsLifecycle(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	all := specimens(t, cloud)
	ids := map[string]string{}
	remember := func(s *terraform.State) error {
		for i := range all {
			ids[all[i].name] = s.RootModule().Resources[all[i].address()].Primary.ID
		}
		return nil
	}
	same := func(s *terraform.State) error {
		for i := range all {
			if now := s.RootModule().Resources[all[i].address()].Primary.ID; now != ids[all[i].name] {
				return fmt.Errorf("%s was replaced: %s is now %s", all[i].name, ids[all[i].name], now)
			}
		}
		return nil
	}
	changed := cloud.Config("%s", together(all, func(s *specimen) string {
		return strings.Replace(s.block(s.source, `tags = { team = "images" }`, `description = "all of it"`, "min_ram = 1024", "max_ram = 4096", "protected = true"),
			"name = \""+s.name, "name = \"new-"+s.name, 1)
	}))
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config: cloud.Config("%s", together(all, func(s *specimen) string {
					return s.block(s.source, `tags = { team = "platform" }`, `description = "some of it"`, `enterprise_project_id = "`+emulator.EnterpriseProjectID+`"`)
				})),
				ConfigPlanChecks: plannedForAll(all, plancheck.ResourceActionCreate),
				Check: resource.ComposeAggregateTestCheckFunc(remember, ofEach(all, func(*specimen) map[string]string {
					return map[string]string{
						"status": "active", "tags_all.team": "platform", "description": "some of it", "enterprise_project_id": emulator.EnterpriseProjectID,
						"deletion_policy": "delete", "protected": "false", "owner": emulator.Owner.ProjectID, "image_size": "*",
					}
				}), ofEach(all, func(s *specimen) map[string]string { return own[s.name] })),
			},
			{
				Config: changed, ConfigPlanChecks: plannedForAll(all, plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(same, ofEach(all, func(s *specimen) map[string]string {
					return map[string]string{
						"name": "new-" + s.name, "tags_all.team": "images", "description": "all of it", "min_ram": "1024", "max_ram": "4096", "protected": "true",
					}
				})),
			},
			{
				PreConfig: func() {
					for _, id := range ids {
						if err := cloud.UpdateImage(id, func(i *emulator.Image) { i.Name = "drifted"; i.Protected = false }); err != nil {
							t.Fatal(err)
						}
					}
				},
				Config: changed, ConfigPlanChecks: plannedForAll(all, plancheck.ResourceActionUpdate),
				Check: same,
			},
			{
				Config:           cloud.Config("%s", together(all, func(s *specimen) string { return s.block(s.source) })),
				ConfigPlanChecks: plannedForAll(all, plancheck.ResourceActionUpdate),
			},
			{
				Config:           cloud.Config("%s", together(all, func(s *specimen) string { return s.block(s.other) })),
				ConfigPlanChecks: plannedForAll(all, plancheck.ResourceActionDestroyBeforeCreate),
				Check:            remember,
			},
			{
				PreConfig: func() {
					for _, id := range ids {
						if err := cloud.DeleteImage(id); err != nil {
							t.Fatal(err)
						}
					}
				},
				Config:           cloud.Config("%s", together(all, func(s *specimen) string { return s.block(s.other) })),
				ConfigPlanChecks: plannedForAll(all, plancheck.ResourceActionCreate),
			},
		},
	})
	if left := cloud.OwnImages(); len(left) != 1 { // the data disk image of the one that somebody else deleted
		t.Errorf("%d images are left after the destroy", len(left))
	}
}

// TestKindsCalls counts what creating and reading send: a request and a look at the image made, and one look at each later.
func TestKindsCalls(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	all := specimens(t, cloud)
	id := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	calls := func(want map[string]int) resource.TestCheckFunc {
		return func(*terraform.State) error {
			sent := map[string]int{}
			for _, call := range cloud.Calls() {
				sent[id.ReplaceAllString(call, "{id}")]++
			}
			if diff := cmp.Diff(want, sent); diff != "" {
				return fmt.Errorf("calls (-want +got):\n%s", diff)
			}
			return nil
		}
	}
	config := cloud.Config("%s", together(all, func(s *specimen) string { return s.block(s.source, `tags = { a = "1", b = "2" }`) }))
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				PreConfig: cloud.ResetJournal,
				Config:    config,
				Check: calls(map[string]int{
					"POST /v2/cloudimages/action": 5, "POST /v1/cloudimages/dataimages/action": 1, "POST /v2/cloudimages/quickimport/action": 1,
					"POST /v1/cloudimages/wholeimages/action": 2, "POST /v1/cloudimages/{id}/copy": 1,
					// Of an image in two steps: the metadata, a look before the file is sent, the file.
					"POST /v2/images": 2, "PUT /v1/cloudimages/{id}/upload": 1, "GET /v2/images/{id}": 1, "PUT /v2/images/{id}/file": 1,
					// Each image and the data disk image made besides; of the replica its source, when it is planned and when it is made, and
					// itself once more, since its tags come later.
					"GET /v2/cloudimages": len(all) + 1 + 3, "POST /v2/" + emulator.Owner.ProjectID + "/images/{id}/tags/action": 1,
				}),
			},
			{PreConfig: cloud.ResetJournal, Config: config, Check: calls(map[string]int{"GET /v2/cloudimages": len(all)})},
		},
	})
}
