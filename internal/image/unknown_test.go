package image_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// Values that are known only after an apply of something else: an engine has them from one resource to another.

// applied applies a configuration and expects it to leave nothing to do.
func applied(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, config string) acctest.Result {
	t.Helper()
	w.Configure("%s", config)
	result := w.Apply("-parallelism=20")
	w.ExpectEmptyPlan()
	return result
}

// later moves values into a resource whose output is known only after the apply, and refers to them instead.
type later struct{ values []string }

// arguments are the same ones, known later. Strings within lists are those of nested blocks.
func (l *later) arguments(known arguments) arguments {
	unknown := maps.Clone(known)
	for name, value := range known {
		switch value := value.(type) {
		case []arguments:
			var blocks []arguments
			for _, block := range value {
				blocks = append(blocks, l.arguments(block))
			}
			unknown[name] = blocks
		default:
			l.values = append(l.values, acctest.HCL(value))
			unknown[name] = acctest.Expression(fmt.Sprintf("terraform_data.later.output[%d]", len(l.values)-1))
		}
	}
	return unknown
}

func (l *later) block() string {
	return "resource \"terraform_data\" \"later\" {\n  input = [" + strings.Join(l.values, ", ") + "]\n}\n"
}

// TestKindsUnknown: values that are known only after an apply pass every check.
func TestKindsUnknown(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	all := specimens(t)
	var known later
	config := together(all, func(s *specimen) string {
		configured := s.arguments(arguments{"description": "d"})
		if s.kind == wholeType {
			configured["delete_backup"] = true
		}
		return acctest.Block(s.kind, s.name, known.arguments(configured))
	})
	w := cloud.Attached(t)
	applied(t, cloud, w, known.block()+config)
	expectOneOfEach(t, cloud, w, all)
	for address, r := range w.State() {
		if !strings.HasPrefix(address, "terraform_data.") && (r.Attributes["description"] != "d" || r.Attributes["status"] != "active") {
			t.Errorf("%s is %v", address, r.Attributes)
		}
	}
}

// TestUnknownUpdate: values that are known only after an apply can change an image in place.
func TestUnknownUpdate(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Attached(t)
	var images strings.Builder
	for name, argument := range map[string]acctest.Expression{
		"min_ram": "local.later * 512", "max_ram": "local.later * 1024", "hw_firmware_type": `local.later > 1 ? "uefi" : "bios"`,
		"multi_queue": "local.later > 1", "protected": "local.later == 2", "description": `local.later > 1 ? "later" : ""`,
		"tags": "{ step = local.later }", "name": `"image-${local.later}"`,
		"enterprise_project_id": acctest.Expression(fmt.Sprintf("local.later > 1 ? %q : null", emulator.EnterpriseProjectID)),
	} {
		images.WriteString(acctest.Block(systemType, name, with(systemArguments, arguments{name: argument})))
	}
	ids := map[string]any{}
	for step := range 3 {
		applied(t, cloud, w, fmt.Sprintf(
			"resource \"terraform_data\" \"step\" {\n  input = %d\n}\nlocals {\n  later = terraform_data.step.output\n}\n%s", step+1, images.String()))
		for address, r := range w.State() {
			if before, ok := ids[address]; ok && before != r.Attributes["id"] && strings.HasPrefix(address, systemType) {
				t.Errorf("step %d replaced %s", step+1, address)
			}
			ids[address] = r.Attributes["id"]
		}
	}
}

// TestProviderBlockKnownLater: what the provider block knows only after an apply takes effect then, and wipes nothing before.
func TestProviderBlockKnownLater(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Attached(t)
	step := func(number int) {
		t.Helper()
		w.ConfigureWhole(cloud.Provider(emulator.Owner, `ignore_tags = { keys = terraform_data.later.output.tags }`,
			`enterprise_project_id = terraform_data.later.output.project`, `max_retries = terraform_data.later.output.step`) +
			acctest.Block(systemType, "test", with(systemArguments, arguments{"min_ram": 512 * number})) +
			fmt.Sprintf("resource \"terraform_data\" \"later\" {\n  input = { tags = [\"scanned\"], project = %q, step = %d }\n}\n",
				emulator.EnterpriseProjectID, number))
		w.Apply("-parallelism=20")
		state := w.State()[systemType+".test"].Attributes
		if state["enterprise_project_id"] != emulator.EnterpriseProjectID || state["min_ram"] != float64(512*number) {
			t.Errorf("step %d: the state is %v", number, state)
		}
		w.ExpectEmptyPlan()
	}
	step(1)
	change(t, cloud, cloud.Only(t).ID, func(i *emulator.Image) { i.Tags["scanned"] = "yes" })
	step(2)
	if cloud.Only(t).Tags["scanned"] != "yes" {
		t.Error("a tag that is ignored was removed")
	}
}

// TestReferencesKnownLater: an image of the same apply is exported once it is there, and a data source looks with conditions that
// are known only then.
func TestReferencesKnownLater(t *testing.T) {
	t.Parallel()
	cloud := taggedCloud(t)
	w := cloud.Attached(t)
	before := cloud.OwnImages()
	applied(t, cloud, w, acctest.Block(systemType, "test", arguments{"name": "new", "instance_id": emulator.InstanceID})+
		acctest.Block(exportType, "test", exportOf("", "exports:golden", vhd, arguments{"image_id": acctest.Expression(systemType + ".test.id")}))+`
resource "terraform_data" "late" {
  input = "released"
}
data "ims_images_by_tags" "test" {
  tags = { stage = [terraform_data.late.output] }
}
output "found" {
  value = data.ims_images_by_tags.test.images[*].name
}
`)
	state := w.State()
	if state[exportType+".test"].Attributes["image_id"] != state[systemType+".test"].Attributes["id"] || exports(cloud) != 1 {
		t.Errorf("the state is %v", state)
	}
	if found := w.Output("found"); !slices.Equal(found, []any{"image-2", "image-0"}) {
		t.Errorf("found %v", found)
	}

	// The file outlives the image: only another image's export is planned.
	for _, image := range cloud.OwnImages() {
		if !slices.ContainsFunc(before, func(b emulator.Image) bool { return b.ID == image.ID }) {
			remove(t, cloud, image.ID)
		}
	}
	w.Configure("%s", acctest.Block(exportType, "test", exportOf("gone", "exports:golden", vhd)))
	says(t, w.Run(nil, "plan", "-no-color"), "There is no image gone")
}
