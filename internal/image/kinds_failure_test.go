package image_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestKindsFail: what is refused, and what fails, makes no image and says why; then the same configuration makes one of each.
func TestKindsFail(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	all := ofJobs(specimens(t, cloud))
	everywhere := func(fault emulator.Fault) (remove func()) {
		var removes []func()
		for i := range all {
			fault.Method, fault.Path = all[i].method(), all[i].request
			removes = append(removes, cloud.Inject(fault))
		}
		return func() {
			for _, remove := range removes {
				remove()
			}
		}
	}
	w := cloud.Workspace(t)
	w.Configure("%s", together(all, func(s *specimen) string { return s.block(s.source) }))

	remove := everywhere(emulator.Fault{Status: 403, Code: "IMG.0161"})
	result := w.Run(nil, apply...)
	if times := strings.Count(result.Output, "Error code: IMG.0161"); times != len(all) {
		t.Errorf("%d of %d refusals are told:\n%s", times, len(all), result.Output)
	}
	if left, state := cloud.OwnImages(), w.State(); len(left) != 0 || len(state) != 0 {
		t.Errorf("%d images are left, %d in the state", len(left), len(state))
	}
	remove()

	remove = everywhere(emulator.Fault{FailJob: "IMG.0057"})
	result = cloud.AdvanceToEnd(t, w.Start(nil, apply...), 1)
	if times := strings.Count(result.Output, "Error code: IMG.0057"); times != len(all) || strings.Count(result.Output, "Job ID: ") != len(all) {
		t.Errorf("%d of %d failures are told:\n%s", times, len(all), result.Output)
	}
	// A job that fails to register a file leaves an image that can be used for nothing: the next apply deletes it.
	if left := cloud.OwnImages(); len(left) != 1 || left[0].Name != "registered" || w.State()["ims_registered_image.registered"].Status != "tainted" {
		t.Errorf("%d images are left; the state is %v", len(left), w.State())
	}
	remove()

	cloud.AdvanceUntil(t, w.Start(nil, apply...))
	expectOneOfEach(t, cloud, w, all)
}

// TestKindsLostAnswer: the answers to the requests that make images are dropped; the images are adopted, one of each, with
// what was made besides, and all end with the resources.
func TestKindsLostAnswer(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]emulator.Switches{"listed while made": {}, "hidden while made": {HideUnfinished: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Shorter than the search for a lost image, which ends after two minutes.
			cloud := acctest.Start(t, emulator.Options{Switches: switches, JobDuration: JobDuration / 5})
			all := specimens(t, cloud)
			for i := range all {
				cloud.Inject(emulator.Fault{Method: all[i].method(), Path: all[i].request, Times: 1, DropAnswer: true})
			}
			cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/images", Times: 2, DropAnswer: true})
			cloud.Test(t, resource.TestCase{
				Steps: []resource.TestStep{{
					Config: cloud.Config("%s", together(all, func(s *specimen) string {
						return s.block(s.source, `tags = { a = "1" }`, `description = "d"`, `enterprise_project_id = "`+emulator.EnterpriseProjectID+`"`)
					})),
					Check: func(s *terraform.State) error {
						var held, known []string
						for _, image := range cloud.OwnImages() {
							held = append(held, image.ID)
						}
						for _, r := range s.RootModule().Resources {
							known = append(known, r.Primary.ID)
							if part := r.Primary.Attributes["data_disk_image_ids.0"]; part != "" {
								known = append(known, part)
							}
						}
						slices.Sort(held)
						slices.Sort(known)
						if !slices.Equal(held, known) || len(held) != len(all)+1 {
							return fmt.Errorf("the cloud holds %v, the state %v", held, known)
						}
						return nil
					},
				}},
			})
			if left := cloud.OwnImages(); len(left) != 0 {
				t.Errorf("%d images are left after the destroy", len(left))
			}
		})
	}
}

// TestKindsUnknown: values that are known only after an apply pass every check.
func TestKindsUnknown(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	all := specimens(t, cloud)
	assignment := regexp.MustCompile(`(?m)^(\s*)(\w+) = ("[^"]*"|\d+|true)$`)
	var known, config strings.Builder
	for i := range all {
		s := all[i]
		config.WriteString(assignment.ReplaceAllStringFunc(s.block(s.source, `description = "d"`, `delete_backup = true`), func(line string) string {
			parts := assignment.FindStringSubmatch(line)
			if parts[2] == "delete_backup" && s.kind != "ims_full_ecs_image" {
				return ""
			}
			key := fmt.Sprintf("%s_%s_%d", strings.ReplaceAll(s.name, "-", "_"), parts[2], strings.Count(known.String(), "\n"))
			fmt.Fprintf(&known, "    %s = %s\n", key, parts[3])
			return fmt.Sprintf("%s%s = terraform_data.later.output.%s", parts[1], parts[2], key)
		}))
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{{
			Config: cloud.Config("resource \"terraform_data\" \"later\" {\n  input = {\n%s  }\n}\n%s", known.String(), config.String()),
			Check: ofEach(all, func(s *specimen) map[string]string {
				return map[string]string{"name": s.name, "status": "active", "description": "d"}
			}),
		}},
	})
}

// TestKindsBadInput: every mistake is told at plan, before anything is sent. What a schema refuses, the engine tells first.
func TestKindsBadInput(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	file, iso := "image_url = \"b:o\"\n", "image_url = \"b:o\"\nmin_disk = 1\n"
	const validated, planned = true, false
	mistakes := map[string]struct {
		kind, arguments, message string
		first                    bool
	}{
		"data: no source":                {"data_disk", "", `exactly one of volume_id and image_url. Neither is set`, planned},
		"data: two sources":              {"data_disk", "volume_id = \"v\"\n" + iso, `cannot be configured together`, validated},
		"data: min_disk missing":         {"data_disk", file, `min_disk is required`, planned},
		"data: min_disk too large":       {"data_disk", file + "min_disk = 2049", `between 1 and 2048`, validated},
		"data: min_disk of a volume":     {"data_disk", "volume_id = \"v\"\nmin_disk = 10", `together with image_url`, planned},
		"data: key of a volume":          {"data_disk", "volume_id = \"v\"\ncmk_id = \"k\"", `together with image_url`, planned},
		"data: key and quick import":     {"data_disk", iso + "quick_import = true\ncmk_id = \"k\"", `without quick_import`, planned},
		"data: os_type":                  {"data_disk", iso + "os_type = \"Other\"", `os_type`, validated},
		"data: image_url":                {"data_disk", "image_url = \"o\"\nmin_disk = 1", `bucket:object`, validated},
		"data: boot mode":                {"data_disk", iso + "hw_firmware_type = \"uefi\"", `hw_firmware_type`, validated},
		"iso: no source":                 {"iso", "min_disk = 1\nos_version = \"v\"", `image_url is required`, planned},
		"iso: no min_disk":               {"iso", file + "os_version = \"v\"", `min_disk is required`, planned},
		"iso: no os_version":             {"iso", iso, `os_version is required`, planned},
		"iso: min_disk too large":        {"iso", file + "min_disk = 1025\nos_version = \"v\"", `between 1 and 1024`, validated},
		"iso: bios on arm":               {"iso", iso + "os_version = \"v\"\narchitecture = \"arm\"\nhw_firmware_type = \"bios\"", `boot from uefi`, planned},
		"whole: no source":               {"full_ecs", "", `exactly one of instance_id and backup_id. Neither is set`, planned},
		"whole: two sources":             {"full_ecs", "instance_id = \"i\"\nbackup_id = \"b\"", `Both are set`, planned},
		"whole: vault of a backup":       {"full_ecs", "backup_id = \"b\"\nvault_id = \"v\"", `together with instance_id`, planned},
		"whole: backup type of a server": {"full_ecs", "instance_id = \"i\"\nwhole_image_type = \"CBR\"", `together with backup_id`, planned},
		"whole: backup type":             {"full_ecs", "backup_id = \"b\"\nwhole_image_type = \"VBS\"", `whole_image_type`, validated},
		"registered: no file":            {"registered", "", `exactly one of image_url and local_file. Neither is set`, planned},
		"registered: two files":          {"registered", file + "local_file = \"f\"", `cannot be configured together`, validated},
		"registered: digest of OBS file": {"registered", file + "file_sha256 = \"" + strings.Repeat("a", 64) + "\"", `together with local_file`, planned},
		"registered: digest":             {"registered", "local_file = \"f\"\nfile_sha256 = \"ABC\"", `64 hexadecimal`, validated},
		"registered: format":             {"registered", file + "file_format = \"ova\"", `file_format`, validated},
	}
	w := cloud.Workspace(t)
	for _, first := range []bool{validated, planned} {
		var config strings.Builder
		labels := map[string]string{}
		for name, test := range mistakes {
			if labels[name] = strings.NewReplacer(": ", "-", " ", "-").Replace(name); test.first == first {
				fmt.Fprintf(&config, "resource \"ims_%s_image\" %q {\n  name = \"a\"\n%s\n}\n", test.kind, labels[name], test.arguments)
			}
		}
		w.Configure("%s", config.String())
		cloud.ResetJournal()
		result := w.Run(nil, "plan", "-no-color")
		output := strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(result.Output)), " ")
		for name, test := range mistakes {
			said := func(message string) bool {
				return strings.Contains(message, "with ims_"+test.kind+"_image."+labels[name]+",") && strings.Contains(message, test.message)
			}
			if test.first == first && !slices.ContainsFunc(strings.Split(output, "Error: "), said) {
				t.Errorf("%s: nothing says %q:\n%s", name, test.message, result.Output)
			}
		}
		if calls := cloud.Calls(); len(calls) > 0 {
			t.Errorf("the plan sent %v", calls)
		}
	}
}

// TestFullECSImageBackup: what becomes of the backup is chosen when the image is made, and acts from the state.
func TestFullECSImageBackup(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.AddBackup(otherBackupID)
	block := func(name, source string) string {
		return fmt.Sprintf("resource \"ims_full_ecs_image\" %[1]q {\n  name = %[1]q\n  %[2]s\n}\n", name, source)
	}
	server := "instance_id = \"" + emulator.InstanceID + "\"\n  vault_id = \"" + emulator.VaultID + "\"\n"
	backup := "backup_id = \"" + emulator.BackupID + "\"\n  whole_image_type = \"CBR\"\n"
	other := strings.Replace(backup, emulator.BackupID, otherBackupID, 1)
	backups := map[string]string{}
	known := func(s *terraform.State) error {
		for address, r := range s.RootModule().Resources {
			backups[address] = r.Primary.Attributes["backup_id"]
		}
		return nil
	}
	refused := regexp.MustCompile(`(?s)Unable to replace full-ECS image.*delete_backup.*by\s+itself\s+first`)
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: cloud.Config("%s", block("own", server)+block("own_kept", server+"delete_backup = false")+block("given", backup)+block("given_too", other+"delete_backup = true")), Check: known},
			{Config: cloud.Config("%s", block("own", server)+block("own_kept", server+"delete_backup = false")+block("given", other+"delete_backup = true")), ExpectError: refused},
			{
				Config: cloud.Config("%s", block("own", server)+block("own_kept", server)+block("given", backup)+block("given_too", other)),
				// An argument that is left out keeps what was chosen.
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr("ims_full_ecs_image.own", "delete_backup", "true"),
					resource.TestCheckResourceAttr("ims_full_ecs_image.own_kept", "delete_backup", "false"),
					resource.TestCheckResourceAttr("ims_full_ecs_image.given", "delete_backup", "false"),
					resource.TestCheckResourceAttr("ims_full_ecs_image.given_too", "delete_backup", "true")),
			},
			{PreConfig: cloud.ResetJournal, Config: cloud.Config("")},
		},
	})
	deleted := map[string]string{}
	for _, request := range cloud.Journal() {
		if request.Method == http.MethodDelete {
			deleted[string(request.Body)] += request.Path + " "
		}
	}
	if yes, no := strings.Count(deleted[`{"delete_backup":true}`], "/"), strings.Count(deleted[`{"delete_backup":false}`], "/"); yes != 6 || no != 6 {
		t.Errorf("deleted %v", deleted)
	}
	// A backup that is left can become an image again; one that was deleted cannot.
	for address, exists := range map[string]bool{"own": false, "own_kept": true, "given": true, "given_too": false} {
		if has := cloud.HasBackup(backups["ims_full_ecs_image."+address]); has != exists {
			t.Errorf("the backup of %s exists: %t", address, has)
		}
	}
}
