package image_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const address = "ims_system_disk_image.test"

// fromFile is the smallest image from a file, with more arguments if any are given.
func fromFile(arguments ...string) string {
	return fmt.Sprintf(`
resource "ims_system_disk_image" "test" {
  name      = "golden"
  image_url = %q
  min_disk  = 10
  %s
}
`, emulator.ImageFile, strings.Join(arguments, "\n  "))
}

func fromServer(arguments ...string) string {
	return fmt.Sprintf(`
resource "ims_system_disk_image" "test" {
  name        = "golden"
  instance_id = %q
  %s
}
`, emulator.InstanceID, strings.Join(arguments, "\n  "))
}

// planned says what a step's plan does with the image.
func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

func value(name, want string) resource.TestCheckFunc {
	return resource.TestCheckResourceAttr(address, name, want)
}

func TestSystemDiskImageReplace(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.AddObject("golden-images:other.qcow2", 1<<30)
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: cloud.Config("%s", fromFile(`os_version = "Debian GNU/Linux 12.0.0 64bit"`))},
			{
				Config:           cloud.Config("%s", strings.Replace(fromFile(), emulator.ImageFile, "golden-images:other.qcow2", 1)),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
				Check:            value("data_origin", "file,golden-images:other.qcow2"),
			},
			{
				Config:           cloud.Config("%s", fromServer()),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
				Check:            resource.TestCheckNoResourceAttr(address, "image_url"),
			},
			{
				Config:           cloud.Config("%s", fromFile("cmk_id = \""+emulator.KeyID+"\"")),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
				Check:            value("cmk_id", emulator.KeyID),
			},
			{
				Config:           cloud.Config("%s", strings.Replace(fromFile("cmk_id = \""+emulator.KeyID+"\""), "min_disk  = 10", "min_disk = 20", 1)),
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
				Check:            value("min_disk", "20"),
			},
		},
	})
}

// TestNoNeedlessReplacement: an argument that is left out no longer matters, one that is put back is what was asked for, and to say
// what is the default is no change.
func TestNoNeedlessReplacement(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	with := func(more map[string]any) map[string]any {
		arguments := map[string]any{"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40}
		maps.Copy(arguments, more)
		return arguments
	}
	asked := with(map[string]any{"os_version": "Debian GNU/Linux 12.0.0 64bit", "os_type": "Linux", "type": "ECS", "is_config": true})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Silent(t, m.Apply(t.Context(), asked))
	acctest.Silent(t, m.Apply(t.Context(), with(nil)))
	acctest.Silent(t, m.Apply(t.Context(), asked))
	other := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Silent(t, other.Apply(t.Context(), with(nil)))
	acctest.Silent(t, other.Apply(t.Context(), with(map[string]any{"is_config": false, "quick_import": false, "type": "ECS"})))
	acctest.Silent(t, other.Apply(t.Context(), with(nil)))
	if posts := count(cloud.Calls(), "POST /v2/cloudimages/action"); posts != 2 {
		t.Errorf("%d images were made for two resources", posts)
	}
	for argument, value := range map[string]any{"is_config": true, "type": "BMS", "os_version": "CentOS 7.0 64bit"} {
		if _, replace := other.Plan(with(map[string]any{argument: value})); !slices.Equal(replace, []string{argument}) {
			t.Errorf("%s = %v replaces for %v", argument, value, replace)
		}
	}
}

// TestUnknownUpdate: values that are known only after an apply can change an image in place.
func TestUnknownUpdate(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := func(step string) string {
		var images strings.Builder
		for name, argument := range map[string]string{
			"min_ram": "local.later * 512", "max_ram": "local.later * 1024", "hw_firmware_type": `local.later > 1 ? "uefi" : "bios"`, "multi_queue": "local.later > 1",
			"protected": "local.later == 2", "description": `local.later > 1 ? "later" : ""`, "tags": "{ step = local.later }", "name": `"image-${local.later}"`,
			"enterprise_project_id": fmt.Sprintf("local.later > 1 ? %q : null", emulator.EnterpriseProjectID),
		} {
			arguments := map[string]string{"name": fmt.Sprintf("%q", name), "image_url": fmt.Sprintf("%q", emulator.ImageFile), "min_disk": "10"}
			arguments[name] = argument
			fmt.Fprintf(&images, "resource \"ims_system_disk_image\" %q {\n", name)
			for key, value := range arguments {
				fmt.Fprintf(&images, "  %s = %s\n", key, value)
			}
			images.WriteString("}\n")
		}
		return cloud.Config("resource \"terraform_data\" \"step\" {\n  input = %s\n}\nlocals {\n  later = terraform_data.step.output\n}\n%s", step, images.String())
	}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{Config: config("1")}, {Config: config("2")}, {Config: config("3")}}})
}

// TestSystemDiskImageCalls counts what the operations send.
func TestSystemDiskImageCalls(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	var id string
	calls := func(want ...string) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			id = s.RootModule().Resources[address].Primary.ID
			for i := range want {
				want[i] = strings.ReplaceAll(want[i], "{id}", id)
				want[i] = strings.ReplaceAll(want[i], "{project}", emulator.Owner.ProjectID)
			}
			if diff := cmp.Diff(want, cloud.Calls()); diff != "" {
				return fmt.Errorf("calls (-want +got):\n%s", diff)
			}
			return nil
		}
	}
	read := "GET /v2/cloudimages"
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				PreConfig: cloud.ResetJournal,
				Config:    cloud.Config("%s", fromFile(`tags = { a = "1", b = "2" }`)),
				Check:     calls("POST /v2/cloudimages/action", read),
			},
			{
				PreConfig: cloud.ResetJournal,
				// A refresh is one call, and all attributes change in one PATCH.
				Config: cloud.Config("%s", strings.Replace(fromFile(`tags = { a = "1", b = "2" }`, `description = "d"`, "min_ram = 512", "max_ram = 1024",
					`hw_firmware_type = "uefi"`, "multi_queue = true"), "golden\"", "golden-2\"", 1)),
				Check: calls(read, "PATCH /v2/cloudimages/{id}"),
			},
			{
				PreConfig: cloud.ResetJournal,
				Config: cloud.Config("%s", fromFile(`tags = { a = "1", b = "3", c = "4" }`, "min_ram = 512", "max_ram = 1024", `hw_firmware_type = "uefi"`,
					"multi_queue = true", "protected = true")),
				Check: calls(read, "POST /v2/{project}/images/{id}/tags/action", "PATCH /v2/cloudimages/{id}", "PATCH /v2/images/{id}"),
			},
			{
				PreConfig: cloud.ResetJournal,
				Config: cloud.Config("%s", fromFile("min_ram = 512", "max_ram = 1024", `hw_firmware_type = "uefi"`, "multi_queue = true",
					`deletion_policy = "delete"`, `timeouts = { create = "2h" }`)),
				Check: calls(read, "POST /v2/{project}/images/{id}/tags/action", "PATCH /v2/images/{id}", read),
			},
		},
	})
}

// TestConnectionsReused: the plan and the apply each run the provider once, and each of them needs one connection.
func TestConnectionsReused(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	w.Configure("%s", fromFile(`tags = { a = "1" }`))
	cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
	connections := map[string]bool{}
	for _, request := range cloud.Journal() {
		connections[request.Connection] = true
	}
	if len(connections) > 2 || len(cloud.Journal()) < 4 {
		t.Errorf("%d requests opened %d connections", len(cloud.Journal()), len(connections))
	}
}

func count(list []string, item string) int {
	number := 0
	for _, each := range list {
		if each == item {
			number++
		}
	}
	return number
}

// TestSystemDiskImageDrift: what changes behind Terraform's back is seen by the next plan and mended.
func TestSystemDiskImageDrift(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	drifts := map[string]func(*emulator.Image){
		"name":        func(i *emulator.Image) { i.Name = "renamed" },
		"tag_added":   func(i *emulator.Image) { i.Tags["stranger"] = "1" },
		"tag_changed": func(i *emulator.Image) { i.Tags["a"] = "2" },
		"tag_removed": func(i *emulator.Image) { delete(i.Tags, "a") },
		"description": func(i *emulator.Image) { i.Attributes["__description"] = "other" },
		"min_ram":     func(i *emulator.Image) { i.MinRAM = 4096 },
		"protected":   func(i *emulator.Image) { i.Protected = true },
	}
	var config strings.Builder
	var updates []plancheck.PlanCheck
	var checks []resource.TestCheckFunc
	for name := range drifts {
		image := strings.Replace(fromFile(`tags = { a = "1" }`, `description = "mine"`, "min_ram = 1024"), `"golden"`, `"`+name+`"`, 1)
		config.WriteString(strings.Replace(image, `"test"`, `"`+name+`"`, 1))
		address := "ims_system_disk_image." + name
		updates = append(updates, plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate))
		for attribute, want := range map[string]string{"name": name, "tags_all.%": "1", "tags_all.a": "1", "description": "mine", "min_ram": "1024", "protected": "false"} {
			checks = append(checks, resource.TestCheckResourceAttr(address, attribute, want))
		}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: cloud.Config("%s", config.String())},
			{
				PreConfig: func() {
					for _, image := range cloud.OwnImages() {
						if err := cloud.UpdateImage(image.ID, drifts[image.Name]); err != nil {
							t.Fatal(err)
						}
					}
				},
				Config:           cloud.Config("%s", config.String()),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: updates},
				Check:            resource.ComposeAggregateTestCheckFunc(checks...),
			},
		},
	})
}

// TestSystemDiskImageKilled: an image that the service killed is replaced, and can be destroyed.
func TestSystemDiskImageKilled(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := cloud.Config("%s", fromFile())
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					if err := cloud.UpdateImage(cloud.Only(t).ID, func(i *emulator.Image) { i.Status = "killed" }); err != nil {
						t.Fatal(err)
					}
				},
				Config:           config,
				ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
				Check:            value("status", "active"),
			},
		},
	})
}

// JobDuration is the emulator's in these tests.
const JobDuration = acctest.JobDuration

// TestSystemDiskImageBadInput: every mistake is told at plan, before anything is sent. An engine looks at the configuration
// alone first, and shows what is wrong with the plan only if nothing is wrong with that.
func TestSystemDiskImageBadInput(t *testing.T) {
	t.Parallel()
	file := "image_url = \"b:o\"\nmin_disk = 10\n"
	for name, cases := range map[string]map[string]struct{ arguments, message string }{
		"configuration": {
			"two_sources":        {"name = \"a\"\ninstance_id = \"i\"\n" + file, `(?s)instance_id.*cannot\s+be\s+specified|Invalid Attribute Combination`},
			"min_disk_too_small": {"name = \"a\"\nimage_url = \"b:o\"\nmin_disk = 0", `between 1 and 1024`},
			"min_disk_too_large": {"name = \"a\"\nimage_url = \"b:o\"\nmin_disk = 1025", `between 1 and 1024`},
			"name_empty":         {"name = \"\"\n" + file, `name must be 1 to 128`},
			"name_with_a_slash":  {"name = \"a/b\"\n" + file, `name must be 1 to 128`},
			"name_ends_in_space": {"name = \"a \"\n" + file, `name must be 1 to 128`},
			"name_too_long":      {"name = \"" + strings.Repeat("a", 129) + "\"\n" + file, `name must be 1 to 128`},
			"description":        {"name = \"a\"\ndescription = \"<b>\"\n" + file, `description must be at most 1024`},
			"description_lines":  {"name = \"a\"\ndescription = \"a\\nb\"\n" + file, `description must be at most 1024`},
			"tag_key":            {"name = \"a\"\ntags = { \"" + strings.Repeat("k", 37) + "\" = \"v\" }\n" + file, `must be 1 to 36`},
			"tag_value":          {"name = \"a\"\ntags = { k = \"" + strings.Repeat("v", 44) + "\" }\n" + file, `at most 43`},
			"tag_space":          {"name = \"a\"\ntags = { k = \" v\" }\n" + file, `at most 43`},
			"tag_null":           {"name = \"a\"\ntags = { k = null }\n" + file, `is null`},
			"too_many_tags":      {"name = \"a\"\ntags = { for i in range(11) : \"k${i}\" => \"v\" }\n" + file, `at most 10 tags`},
			"image_url":          {"name = \"a\"\nmin_disk = 10\nimage_url = \"object\"", `bucket:object`},
			"image_url_spaces":   {"name = \"a\"\nmin_disk = 10\nimage_url = \"b:o o\"", `bucket:object`},
			"unknown_os_type":    {"name = \"a\"\nos_type = \"BeOS\"\n" + file, `os_type`},
			"deletion_policy":    {"name = \"a\"\ndeletion_policy = \"keep\"\n" + file, `deletion_policy`},
			"four_data_disks":    {"name = \"a\"\n" + file + strings.Repeat("data_disk {\nimage_url = \"b:d\"\nmin_disk = 10\n}\n", 4), `at most 3`},
			"timeouts":           {"name = \"a\"\ntimeouts = { create = \"soon\" }\n" + file, `"soon" must be`},
		},
		"plan": {
			"no_source":           {`name = "a"`, `None of them is set`},
			"min_disk_missing":    {"name = \"a\"\nimage_url = \"b:o\"", `min_disk is required`},
			"min_disk_elsewhere":  {"name = \"a\"\ninstance_id = \"i\"\nmin_disk = 10", `together with\s+image_url`},
			"bios_on_arm":         {"name = \"a\"\narchitecture = \"arm\"\nhw_firmware_type = \"bios\"\n" + file, `boot from uefi`},
			"volume_no_version":   {"name = \"a\"\nvolume_id = \"v\"", `os_version is required`},
			"quick_no_version":    {"name = \"a\"\nquick_import = true\n" + file, `os_version is required`},
			"quick_with_a_key":    {"name = \"a\"\nquick_import = true\nos_version = \"v\"\ncmk_id = \"k\"\n" + file, `without\s+quick_import`},
			"data_disk_of_server": {"name = \"a\"\ninstance_id = \"i\"\ndata_disk {\nimage_url = \"b:d\"\nmin_disk = 10\n}\n", `data_disk can be given`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			var config strings.Builder
			for label, test := range cases {
				fmt.Fprintf(&config, "resource \"ims_system_disk_image\" %q {\n%s\n}\n", label, test.arguments)
			}
			w := cloud.Workspace(t)
			w.Configure("%s", config.String())
			result := w.Run(nil, "plan", "-no-color")
			if result.Code != 1 {
				t.Errorf("plan ended with code %d", result.Code)
			}
			for label, test := range cases {
				told := errorAbout(result.Output, "ims_system_disk_image."+label)
				if !regexp.MustCompile(test.message).MatchString(told) {
					t.Errorf("%s: no error matches %s: %s", label, test.message, told)
				}
			}
			if calls := cloud.Calls(); len(calls) != 0 {
				t.Errorf("the plan sent %v", calls)
			}
		})
	}
}

// errorAbout is the text of the errors that an engine shows about a resource, with its line breaks taken out.
func errorAbout(output, address string) string {
	var about []string
	for _, part := range strings.Split(output, "\nError: ") {
		if strings.Contains(part, "with "+address+",") {
			about = append(about, strings.Join(strings.Fields(part), " "))
		}
	}
	return strings.Join(about, "\n")
}
