package image_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestSystemDiskImageImportBlock imports into configurations with and without arguments that the service never returns: the
// plan has nothing to do, or an update in place that only records them. Nothing is sent.
func TestSystemDiskImageImportBlock(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	told := map[string]any{"__data_origin": "file," + emulator.ImageFile}
	var config strings.Builder
	recorded := 0
	for name, test := range map[string]struct {
		origin    map[string]any
		arguments []string
		records   bool
	}{
		"matching":   {origin: told},
		"returned":   {origin: told, arguments: []string{`os_type = "Linux"`, `architecture = "x86"`, `hw_firmware_type = "bios"`}},
		"unreturned": {origin: told, records: true, arguments: []string{"is_config = true", `type = "ECS"`, `os_version = "CentOS 7.0 64bit"`}},
		"untold":     {records: true},
		"policy":     {origin: told, records: true, arguments: []string{`deletion_policy = "retain"`, `timeouts = { create = "1h" }`}},
	} {
		id := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 10, Attributes: test.origin})
		what := fmt.Sprintf("id = %q", id)
		if name == "matching" && acctest.AtLeast(t, acctest.IsTofu(t), 1, 12) {
			what = fmt.Sprintf("identity = { image_id = %q }", id)
		}
		fmt.Fprintf(&config, "import {\n  to = ims_system_disk_image.%s\n  %s\n}\n", name, what)
		config.WriteString(strings.Replace(fromFile(test.arguments...), `"test"`, `"`+name+`"`, 1))
		if test.records {
			recorded++
		}
	}
	w := cloud.Workspace(t)
	w.Configure("%s", config.String())
	result := w.Apply()
	if want := fmt.Sprintf("5 imported, 0 added, %d changed, 0 destroyed", recorded); !strings.Contains(result.Output, want) {
		t.Errorf("apply does not say %q:\n%s", want, result.Output)
	}
	for _, call := range cloud.Calls() {
		if !strings.HasPrefix(call, "GET ") {
			t.Errorf("the import sent %s", call)
		}
	}
	w.ExpectEmptyPlan()
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
	cloud := acctest.Start(t, emulator.Options{})
	var config strings.Builder
	messages := map[string]string{}
	image := func(attributes map[string]any) emulator.Image {
		return emulator.Image{Name: "other", Status: "active", Owner: emulator.Owner.ProjectID, Attributes: attributes}
	}
	for name, test := range map[string]struct {
		image   emulator.Image
		message string
	}{
		"data_disk": {image(map[string]any{"virtual_env_type": "DataImage"}), `ims_data_disk_image`},
		"iso":       {image(map[string]any{"virtual_env_type": "IsoImage"}), `ims_iso_image`},
		"full_ecs":  {image(map[string]any{"__whole_image": "true"}), `ims_full_ecs_image`},
		"public":    {image(map[string]any{"__imagetype": "gold", "visibility": "public"}), `public image`},
		"stranger":  {emulator.Image{Name: "other", Status: "active", Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}}, `belongs\s+to\s+project`},
		"absent":    {emulator.Image{}, `in region`},
	} {
		id := "11111111-2222-3333-4444-555555555555"
		if test.image.Name != "" {
			id = cloud.AddImage(test.image)
		}
		fmt.Fprintf(&config, "import {\n  to = ims_system_disk_image.%s\n  id = %q\n}\n", name, id)
		config.WriteString(strings.Replace(fromFile(), `"test"`, `"`+name+`"`, 1))
		messages[id] = test.message
	}
	w := cloud.Workspace(t)
	w.Configure("%s", config.String())
	result := w.Run(nil, "plan", "-no-color")
	output := strings.Join(strings.Fields(result.Output), " ")
	for id, message := range messages {
		if !regexp.MustCompile("Unable to import system disk image [^\"]*" + id + `.{0,200}` + message).MatchString(output) {
			t.Errorf("no error about %s matches %s:\n%s", id, message, result.Output)
		}
	}
}

// TestSystemDiskImageGenerateConfig: the configuration that the engine writes for an imported image plans without error.
func TestSystemDiskImageGenerateConfig(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	var imports strings.Builder
	for name, origin := range map[string]any{
		"file": "file," + emulator.ImageFile, "server": "instance," + emulator.InstanceID, "volume": "volume," + emulator.VolumeID, "untold": nil,
	} {
		id := cloud.AddImage(emulator.Image{
			Name: "golden", MinDisk: 10, MinRAM: 512, Tags: map[string]string{"a": "1"}, Attributes: map[string]any{"__data_origin": origin, "__description": "d"},
		})
		fmt.Fprintf(&imports, "import {\n  to = ims_system_disk_image.%s\n  id = %q\n}\n", name, id)
	}
	w.Configure("%s", imports.String())
	result := w.Run(nil, "plan", "-no-color", "-generate-config-out=generated.tf")
	generated, err := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
	if err != nil {
		t.Error(err)
	}
	if result.Code != 0 || !strings.Contains(result.Output, "4 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Fatalf("plan ended with code %d:\n%s\n%s", result.Code, result.Output, generated)
	}
	w.Apply()
	w.ExpectEmptyPlan()
}
