package image_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// existing makes an image like the specimen without the provider, and returns its id.
func existing(cloud *acctest.Cloud, s *specimen, origin bool) string {
	attributes := map[string]any{"__description": "d", "__data_origin": nil}
	origins := map[string]string{
		"server": "instance," + emulator.InstanceID, "volume": "volume," + emulator.VolumeID, "whole-server": "server_backup," + emulator.VaultID, "data-volume": "volume," + emulator.VolumeID,
		"system-disk": "file," + emulator.ImageFile, "data-file": "file," + emulator.DataFile, "data-quick": "file," + emulator.QuickDataFile,
		"iso": "file," + emulator.ISOFile, "whole-backup": "server_backup," + emulator.BackupID, "registered": "file," + emulator.ImageFile,
		"replica": "image," + emulator.Region + "," + sharedImageID,
	}
	if told := origins[s.name]; told != "" && origin {
		attributes["__data_origin"] = told
	}
	maps.Copy(attributes, map[string]map[string]any{
		"ims_data_disk_image": {"virtual_env_type": "DataImage"},
		"ims_iso_image":       {"virtual_env_type": "IsoImage", "disk_format": "iso"},
		"ims_full_ecs_image":  {"__whole_image": "true", "__backup_id": emulator.BackupID},
	}[s.kind])
	image := emulator.Image{Name: s.name, MinDisk: 10, Tags: map[string]string{"a": "1"}, Attributes: attributes}
	switch s.name {
	case "data-file":
		image.MinDisk, image.Attributes["__os_type"], image.Attributes["__system__cmkid"] = 50, "Windows", emulator.KeyID
	case "data-quick":
		image.MinDisk = 50
	case "iso":
		image.MinDisk = 20
	}
	return cloud.AddImage(image)
}

// TestKindsImport imports all kinds into configurations that say the same, by id and by identity, from clouds that tell the
// source and those that do not. The plan is empty, or an update in place that records and sends nothing.
func TestKindsImport(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		by     string
		origin bool
		change int // images whose arguments are recorded
	}{
		// system-disk: data_disk; volume: os_version; data-quick: quick_import; iso: os_version; whole-server: vault_id; whole-backup: whole_image_type;
		// registered: file_format; uploaded: local_file.
		"by identity":     {by: "identity", origin: true, change: 8},
		"source not told": {by: "id", change: 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			if test.by == "identity" && !acctest.AtLeast(t, acctest.IsTofu(t), 1, 12) {
				test.by = "id" // this engine imports by id only
			}
			all := specimens(t, cloud)
			w := cloud.Workspace(t)
			w.Configure("%s", together(all, func(s *specimen) string {
				what := fmt.Sprintf("id = %q", existing(cloud, s, test.origin))
				if test.by == "identity" {
					what = strings.Replace(what, "id = ", "identity = { image_id = ", 1) + " }"
				}
				return fmt.Sprintf("import {\n  to = %s\n  %s\n}\n", s.address(), what) + s.block(s.source, `tags = { a = "1" }`, `description = "d"`)
			}))
			cloud.ResetJournal()
			result := w.Apply()
			if want := fmt.Sprintf("%d imported, 0 added, %d changed, 0 destroyed", len(all), test.change); !strings.Contains(result.Output, want) {
				t.Errorf("apply does not say %q:\n%s", want, result.Output)
			}
			for _, call := range cloud.Calls() {
				if !strings.HasPrefix(call, "GET ") {
					t.Errorf("the import sent %s", call)
				}
			}
			for _, whole := range []string{"whole-server", "whole-backup"} {
				if state := w.State()["ims_full_ecs_image."+whole]; state.Attributes["delete_backup"] != false {
					t.Errorf("delete_backup of %s is %v", whole, state.Attributes["delete_backup"])
				}
			}
			w.ExpectEmptyPlan()
		})
	}
}

// TestKindsGenerateConfig: the configuration that the engine writes for imported images plans without error.
func TestKindsGenerateConfig(t *testing.T) {
	t.Parallel()
	for name, origin := range map[string]bool{"source told": true, "source not told": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			all := specimens(t, cloud)
			w := cloud.Workspace(t)
			w.Configure("%s", together(all, func(s *specimen) string {
				return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", s.address(), existing(cloud, s, origin))
			}))
			result := w.Run(nil, "plan", "-no-color", "-generate-config-out=generated.tf")
			generated, _ := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
			if want := fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", len(all)); result.Code != 0 || !strings.Contains(result.Output, want) {
				t.Fatalf("plan ended with code %d:\n%s\n%s", result.Code, result.Output, generated)
			}
			w.Apply()
			w.ExpectEmptyPlan()
		})
	}
}

// TestKindsImportRefused: what is of another kind is refused with the right type's name. A registered image may be what it
// holds, and what was surely not registered is no registered image.
func TestKindsImportRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	all := specimens(t, cloud)
	ids := map[string]string{}
	for i := range all {
		ids[all[i].name] = existing(cloud, &all[i], true)
	}
	wrong := []struct{ as, name, right string }{
		{"ims_data_disk_image", "server", "ims_system_disk_image"},
		{"ims_data_disk_image", "iso", "ims_iso_image"},
		{"ims_iso_image", "data-file", "ims_data_disk_image"},
		{"ims_iso_image", "whole-server", "ims_full_ecs_image"},
		{"ims_full_ecs_image", "system-disk", "ims_system_disk_image"},
		{"ims_full_ecs_image", "data-volume", "ims_data_disk_image"},
		{"ims_registered_image", "server", "ims_system_disk_image"},
		{"ims_registered_image", "whole-backup", "ims_full_ecs_image"},
	}
	var config strings.Builder
	for i, test := range wrong {
		address := fmt.Sprintf("%s.wrong_%d", test.as, i)
		fmt.Fprintf(&config, "import {\n  to = %s\n  id = %q\n}\nresource %q \"wrong_%d\" {\n  name = \"other\"\n}\n", address, ids[test.name], test.as, i)
	}
	w := cloud.Workspace(t)
	w.Configure("%s", config.String())
	result := w.Run(nil, "plan", "-no-color")
	output := strings.Join(strings.Fields(result.Output), " ")
	for _, test := range wrong {
		if !regexp.MustCompile("Image " + ids[test.name] + `[^.]*is an? [^.]*\. The resource type for it is ` + test.right).MatchString(output) {
			t.Errorf("the import of %s as %s is not refused:\n%s", test.name, test.as, result.Output)
		}
	}
	w.Configure("import {\n  to = ims_system_disk_image.held\n  id = %q\n}\nresource \"ims_system_disk_image\" \"held\" {\n  name = \"uploaded\"\n  description = \"d\"\n  tags = { a = \"1\" }\n}\n", ids["uploaded"])
	if result := w.Run(nil, "plan", "-no-color"); !strings.Contains(result.Output, "1 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("an uploaded image is not imported as what it holds:\n%s", result.Output)
	}
}
