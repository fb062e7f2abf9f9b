package image_test

import (
	"fmt"
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

// TestKindsUnknown: values that are known only after an apply pass every check.
func TestKindsUnknown(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	all := specimens(t)
	var later acctest.Later
	config := together(all, func(s *specimen) string {
		configured := s.arguments(arguments{"description": "d"})
		if s.kind == wholeType {
			configured["delete_backup"] = true
		}
		return acctest.Block(s.kind, s.name, later.Arguments(configured))
	})
	w := cloud.Attached(t)
	applied(t, cloud, w, later.Block()+config)
	expectOneOfEach(t, cloud, w, all)
	for address, r := range w.State() {
		if !strings.HasPrefix(address, "terraform_data.") &&
			(r.Attributes["description"] != "d" || r.Attributes["status"] != "active") {
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
		"min_ram": "local.later * 512", "max_ram": "local.later * 1024",
		"hw_firmware_type": `local.later > 1 ? "uefi" : "bios"`,
		"multi_queue":      "local.later > 1", "protected": "local.later == 2",
		"description": `local.later > 1 ? "later" : ""`,
		"tags":        "{ step = local.later }", "name": `"image-${local.later}"`,
		"enterprise_project_id": acctest.Expression(fmt.Sprintf("local.later > 1 ? %q : null", emulator.EnterpriseProjectID)),
	} {
		images.WriteString(acctest.Block(systemType, name, with(systemArguments, arguments{name: argument})))
	}
	ids := map[string]any{}
	for step := range 3 {
		applied(t, cloud, w, fmt.Sprintf(
			"resource \"terraform_data\" \"step\" {\n  input = %d\n}\nlocals {\n  later = terraform_data.step.output\n}\n%s",
			step+1, images.String(),
		))
		for address, r := range w.State() {
			if before, ok := ids[address]; ok && before != r.Attributes["id"] && strings.HasPrefix(address, systemType) {
				t.Errorf("step %d replaced %s", step+1, address)
			}
			ids[address] = r.Attributes["id"]
		}
	}
}

// TestProviderBlockKnownLater: what the provider block knows only after an apply takes effect then, and wipes nothing
// before.
func TestProviderBlockKnownLater(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Attached(t)
	step := func(number int) {
		t.Helper()
		w.ConfigureWhole(cloud.Provider(emulator.Owner, `ignore_tags = { keys = terraform_data.later.output.tags }`,
			`enterprise_project_id = terraform_data.later.output.project`, `max_retries = terraform_data.later.output.step`) +
			acctest.Block(systemType, "test", with(systemArguments, arguments{"min_ram": 512 * number})) +
			fmt.Sprintf(
				"resource \"terraform_data\" \"later\" {\n  input = { tags = [\"scanned\"], project = %q, step = %d }\n}\n",
				emulator.EnterpriseProjectID, number,
			))
		w.Apply("-parallelism=20")
		state := w.State()[systemType+".test"].Attributes
		if state["enterprise_project_id"] != emulator.EnterpriseProjectID || state["min_ram"] != float64(512*number) {
			t.Errorf("step %d: the state is %v", number, state)
		}
		w.ExpectEmptyPlan()
	}
	step(1)
	cloud.Change(cloud.Only(t).ID, func(i *emulator.Image) { i.Tags["scanned"] = "yes" })
	step(2)
	if cloud.Only(t).Tags["scanned"] != "yes" {
		t.Error("a tag that is ignored was removed")
	}
}
