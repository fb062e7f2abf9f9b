package image_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestSystemDiskImageImport: what is imported is what was made, and the plan that follows is empty.
func TestSystemDiskImageImport(t *testing.T) {
	t.Parallel()
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			cloud.Test(t, resource.TestCase{
				Steps: []resource.TestStep{
					{Config: cloud.Config("%s", source(`tags = { a = "1" }`, `description = "d"`))},
					{
						ResourceName: address, ImportState: true, ImportStateVerify: true,
						// The job is over, and os_version is what was asked for: neither is told of an image.
						ImportStateVerifyIgnore: []string{"job_id", "os_version"},
					},
				},
			})
		})
	}
}

// TestSystemDiskImageImportBlock imports into a configuration with arguments that the service never returns: the plan is one
// update in place that only records them, and sends nothing.
func TestSystemDiskImageImportBlock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		switches  emulator.Switches
		arguments []string
		by        string
		plan      []string // in the summary
	}{
		"matching":               {by: "id", plan: []string{"1 imported, 0 added, 0 changed, 0 destroyed"}},
		"matching, by identity":  {by: "identity", plan: []string{"1 imported, 0 added, 0 changed, 0 destroyed"}},
		"unreturned arguments":   {by: "id", arguments: []string{"is_config = true", `type = "ECS"`, `os_version = "CentOS 7.0 64bit"`, `timeouts = { create = "1h" }`}, plan: []string{"1 imported, 0 added, 1 changed, 0 destroyed"}},
		"source not told":        {by: "id", switches: emulator.Switches{OriginNull: true}, plan: []string{"1 imported, 0 added, 1 changed, 0 destroyed"}},
		"deletion policy":        {by: "id", arguments: []string{`deletion_policy = "retain"`}, plan: []string{"1 imported, 0 added, 1 changed, 0 destroyed"}},
		"returned arguments too": {by: "id", arguments: []string{`os_type = "Linux"`, `architecture = "x86"`, `hw_firmware_type = "bios"`}, plan: []string{"1 imported, 0 added, 0 changed, 0 destroyed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: test.switches})
			if test.by == "identity" && !acctest.AtLeast(t, acctest.IsTofu(t), 1, 12) {
				t.Skip("this engine imports by id only")
			}
			id := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 10, Attributes: map[string]any{"__data_origin": "file," + emulator.ImageFile}})
			what := fmt.Sprintf("id = %q", id)
			if test.by == "identity" {
				what = fmt.Sprintf("identity = { image_id = %q }", id)
			}

			w := cloud.Workspace(t)
			w.Configure("import {\n  to = %s\n  %s\n}\n%s", address, what, fromFile(test.arguments...))
			cloud.ResetJournal()
			result := w.Apply()
			for _, want := range test.plan {
				if !strings.Contains(result.Output, want) {
					t.Errorf("apply does not say %q:\n%s", want, result.Output)
				}
			}
			for _, call := range cloud.Calls() {
				if !strings.HasPrefix(call, "GET ") {
					t.Errorf("the import sent %s", call)
				}
			}
			w.ExpectEmptyPlan()
		})
	}
}

// TestSystemDiskImageImportReturnedArgument: an argument that the service does return is no reason to pretend.
func TestSystemDiskImageImportReturnedArgument(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	id := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 10, Attributes: map[string]any{"__data_origin": "file," + emulator.ImageFile}})
	w := cloud.Workspace(t)
	w.Configure("import {\n  to = %s\n  id = %q\n}\n%s", address, id, fromFile("cmk_id = \""+emulator.KeyID+"\""))
	if plan := w.Run(nil, "plan", "-no-color"); !strings.Contains(plan.Output, "1 to import, 1 to add, 0 to change, 1 to destroy") {
		t.Errorf("plan (code %d):\n%s", plan.Code, plan.Output)
	}
}

// TestSystemDiskImageImportRefused: the wrong kind is refused with the right type's name.
func TestSystemDiskImageImportRefused(t *testing.T) {
	t.Parallel()
	image := func(attributes map[string]any) emulator.Image {
		return emulator.Image{Name: "other", Status: "active", Owner: emulator.Owner.ProjectID, Attributes: attributes}
	}
	for name, test := range map[string]struct {
		image   emulator.Image
		message string
	}{
		"data disk":  {image(map[string]any{"virtual_env_type": "DataImage"}), `ims_data_disk_image`},
		"ISO":        {image(map[string]any{"virtual_env_type": "IsoImage"}), `ims_iso_image`},
		"full ECS":   {image(map[string]any{"__whole_image": "true"}), `ims_full_ecs_image`},
		"public":     {image(map[string]any{"__imagetype": "gold", "visibility": "public"}), `public image`},
		"stranger's": {emulator.Image{Name: "other", Status: "active", Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}}, `belongs\s+to\s+project`},
		"absent":     {emulator.Image{}, `There is no image`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			id := "11111111-2222-3333-4444-555555555555"
			if test.image.Name != "" {
				id = cloud.AddImage(test.image)
			}
			cloud.Test(t, resource.TestCase{
				Steps: []resource.TestStep{{
					Config: cloud.Config("%s", fromFile()), ResourceName: address, ImportState: true,
					ImportStateIdFunc: func(*terraform.State) (string, error) { return id, nil },
					ExpectError:       regexp.MustCompile(`(?s)Unable to import system disk image.*` + test.message),
				}},
			})
		})
	}
}

// TestSystemDiskImageGenerateConfig: the configuration that the engine writes for an imported image plans without error.
func TestSystemDiskImageGenerateConfig(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"file," + emulator.ImageFile, "instance," + emulator.InstanceID, "volume," + emulator.VolumeID, ""} {
		t.Run(origin, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{OriginNull: origin == ""}})
			id := cloud.AddImage(emulator.Image{
				Name: "golden", MinDisk: 10, MinRAM: 512, Tags: map[string]string{"a": "1"}, Attributes: map[string]any{"__data_origin": origin, "__description": "d"},
			})
			w := cloud.Workspace(t)
			w.Configure("import {\n  to = ims_system_disk_image.test\n  id = %q\n}\n", id)
			result := w.Run(nil, "plan", "-no-color", "-generate-config-out=generated.tf")
			generated, _ := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
			if result.Code != 0 || !strings.Contains(result.Output, "1 to import, 0 to add, 0 to change, 0 to destroy") {
				t.Fatalf("plan ended with code %d:\n%s\n%s", result.Code, result.Output, generated)
			}
			w.Apply()
			w.ExpectEmptyPlan()
		})
	}
}
