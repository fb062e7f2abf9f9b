package image_test

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const exportAddress = "ims_image_export.test"

func export(image, object string, arguments ...string) string {
	return fmt.Sprintf(`
resource "ims_image_export" "test" {
  image_id   = %q
  bucket_url = %q
  %s
}
`, image, object, strings.Join(arguments, "\n  "))
}

func plannedExport(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(exportAddress, action)}}
}

// exports counts the requests to export.
func exports(cloud *acctest.Cloud) int {
	count := 0
	for _, call := range cloud.Calls() {
		if strings.HasPrefix(call, "POST ") && strings.HasSuffix(call, "/file") {
			count++
		}
	}
	return count
}

// TestImageExportLifecycle: written once, again for another target, and what is done is asked of nobody.
func TestImageExportLifecycle(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	id := cloud.AddImage(emulator.Image{Name: "golden"})
	qcow2 := export(id, "exports:golden.qcow2", `file_format = "qcow2"`)
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: cloud.Config("%s", qcow2), ConfigPlanChecks: plannedExport(plancheck.ResourceActionCreate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrSet(exportAddress, "job_id"), resource.TestCheckResourceAttrSet(exportAddress, "exported_at")),
		},
		{
			ResourceName: exportAddress, ImportState: true, ImportStateVerify: true, ImportStateId: id + ",exports:golden.qcow2", ImportStateVerifyIdentifierAttribute: "image_id",
			// Nobody tells of these any more.
			ImportStateVerifyIgnore: []string{"job_id", "exported_at", "file_format"},
		},
		{
			PreConfig:        func() { cloud.ResetJournal() },
			Config:           cloud.Config("%s", export(id, "exports:golden.qcow2", `file_format = "qcow2"`, `timeouts = { create = "1h" }`)),
			ConfigPlanChecks: plannedExport(plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				if calls := cloud.Calls(); len(calls) > 0 {
					return fmt.Errorf("what needs no request sent %v", calls)
				}
				return nil
			},
		},
		{
			Config: cloud.Config("%s", export(id, "exports:golden.zvhd2", "quick_export = true")), ConfigPlanChecks: plannedExport(plancheck.ResourceActionDestroyBeforeCreate),
			Check: resource.TestCheckNoResourceAttr(exportAddress, "file_format"),
		},
		{
			// The same object: refused, since nobody deletes it.
			Config: cloud.Config("%s", export(id, "exports:golden.zvhd2", `file_format = "vhd"`)), ExpectError: regexp.MustCompile(`(?s)does not write over.*IMG\.0070`),
		},
	}})
	if got := exports(cloud); got != 2 {
		t.Errorf("the image was exported %d times since the journal began", got)
	}
}

// TestImageExportPlan: what the service would refuse is refused by the plan.
func TestImageExportPlan(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	vhd, quick := map[string]any{"file_format": "vhd"}, map[string]any{"quick_export": true}
	for name, test := range map[string]struct {
		attributes map[string]any // of the image
		arguments  map[string]any
		message    string // nothing: the plan is fine
	}{
		"fine":           {nil, vhd, ""},
		"no format":      {nil, nil, `Either a format or a quick export`},
		"both":           {nil, with(vhd, quick), `Either a format or a quick export`},
		"ISO":            {map[string]any{"virtual_env_type": "IsoImage"}, vhd, `is an ISO image`},
		"full ECS":       {map[string]any{"__whole_image": "true"}, vhd, `is a full-ECS image`},
		"public":         {map[string]any{"__imagetype": "gold", "visibility": "public"}, vhd, `is a public image`},
		"large":          {map[string]any{"__image_size": fmt.Sprint(int64(200) << 30)}, vhd, `need quick_export = true`},
		"large, quick":   {map[string]any{"__image_size": fmt.Sprint(int64(200) << 30)}, quick, ""},
		"too large":      {map[string]any{"__image_size": fmt.Sprint(int64(1) << 40)}, quick, `Only images of less than 1024 GB can be exported`},
		"absent":         {nil, with(vhd, map[string]any{"image_id": "11111111-2222-3333-4444-555555555555"}), `There is no image`},
		"no such format": {nil, map[string]any{"file_format": "iso"}, `value must be one of`},
	} {
		arguments := with(map[string]any{"image_id": cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.attributes}), "bucket_url": "exports:golden"}, test.arguments)
		plan, _ := p.Manage("ims_image_export").Plan(arguments)
		if told := acctest.Told(plan.Diagnostics); test.message != "" {
			acctest.Says(t, told, test.message)
		} else if len(told) > 0 {
			t.Errorf("%s: told %v", name, told)
		}
	}
}

// TestImageExportUnknown: an image of the same apply is looked at once it is there.
func TestImageExportUnknown(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := strings.Replace(export("ID", "exports:golden", `file_format = "vhd"`), `"ID"`, address+".id", 1)
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: cloud.Config("%s", fromServer()+config), Check: resource.TestCheckResourceAttrPair(exportAddress, "image_id", address, "id")},
		{
			PreConfig: func() {
				if err := cloud.DeleteImage(cloud.Only(t).ID); err != nil {
					t.Error(err)
				}
			},
			// The file outlives the image: only the new image's export is planned.
			Config: cloud.Config("%s", export("gone", "exports:golden", `file_format = "vhd"`)), PlanOnly: true, ExpectError: regexp.MustCompile("There is no image gone"),
		},
	}})
}

// TestImageExportFaults: failures of every kind, and none exports twice.
func TestImageExportFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   emulator.Fault
		words   []string // nothing: it succeeds
		again   []string // what the next apply says; nothing: it succeeds
		exports int
	}{
		"job fails":       {emulator.Fault{FailJob: "IMG.0079", Times: 1}, []string{"began to export", "IMG.0079"}, nil, 2},
		"refused":         {emulator.Fault{Status: 400, Code: "IMG.0079", Times: 1}, []string{"nothing is exported", "IMG.0079"}, nil, 2},
		"waits for other": {emulator.Fault{Status: 400, Code: "IMG.0148", Times: 2}, nil, nil, 3},
		// It was accepted: the service refuses the second request once the first has written the file.
		"answer lost": {emulator.Fault{DropAnswer: true, Times: 1}, []string{"answer was lost", "cannot be found out", "import"}, []string{"IMG.0070", "import"}, 2},
		// The resource is in the state: what tainted does is the engine's business.
		"record is gone": {emulator.Fault{ForgetJob: true, Times: 1}, []string{"could not be waited for", "untaint"}, []string{"no longer knows the job"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			test.fault.Method, test.fault.Path = "POST", "/v1/cloudimages/*/file"
			cloud.Inject(test.fault)
			m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_export")
			arguments := map[string]any{"image_id": cloud.AddImage(emulator.Image{Name: "golden"}), "bucket_url": "exports:golden", "file_format": "vhd"}
			expect := func(words []string) {
				t.Helper()
				if told := m.Apply(t.Context(), arguments); len(words) > 0 {
					acctest.Says(t, told, words...)
				} else if acctest.Silent(t, told); m.Attribute("exported_at") == "" {
					t.Error("the export is not in the state")
				}
			}
			expect(test.words)
			if test.words != nil {
				cloud.Clock.Advance(2 * acctest.JobDuration)
				expect(test.again)
			}
			if got := exports(cloud); got != test.exports {
				t.Errorf("%d requests to export, want %d", got, test.exports)
			}
		})
	}
}

// TestImageExportInterrupt: the next apply waits for the same export, with the real engine.
func TestImageExportInterrupt(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	w.Configure("%s", export(cloud.AddImage(emulator.Image{Name: "golden"}), "exports:golden", `file_format = "vhd"`))
	run := w.Start(nil, apply...)
	cloud.AwaitRequest(t, jobPolled)
	run.SignalGroup(syscall.SIGINT)
	result := run.Wait()
	if state, ok := w.State()[exportAddress]; !ok || state.Status != "" || state.Attributes["job_id"] == nil || state.Attributes["exported_at"] != nil {
		t.Fatalf("the export is not in the state, tainted or done:\n%s", result.Output)
	}
	if plan := w.Run(nil, "plan", "-no-color"); plan.Code != 0 || !strings.Contains(plan.Output, "0 to add, 1 to change, 0 to destroy") {
		t.Errorf("plan (code %d):\n%s", plan.Code, plan.Output)
	}
	cloud.AdvanceUntil(t, w.Start(nil, apply...))
	w.ExpectEmptyPlan()
	destroyed := w.Run(nil, "destroy", "-auto-approve", "-no-color")
	if got := exports(cloud); got != 1 || destroyed.Code != 0 || !strings.Contains(destroyed.Output, "left in OBS") {
		t.Errorf("%d requests to export; destroy (code %d):\n%s", got, destroyed.Code, destroyed.Output)
	}
}

// TestImageExportAfterInterrupt: a job that ended meanwhile leaves nothing to do; one that failed is told and done again; one whose
// record is gone is neither taken for done nor done again.
func TestImageExportAfterInterrupt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   emulator.Fault
		refresh []string // what a refresh says
		apply   []string // what the next apply says; nothing: it succeeds
		exports int
	}{
		"ended":          {emulator.Fault{}, nil, nil, 1},
		"job fails":      {emulator.Fault{FailJob: "IMG.0079", Times: 1}, []string{"The image was not exported", "IMG.0079"}, nil, 2},
		"record is gone": {emulator.Fault{ForgetJob: true, Times: 1}, []string{"not known", "no longer knows the job"}, []string{"no longer knows the job"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{JobDuration: slow.JobDuration, TokenLifetime: slow.TokenLifetime})
			test.fault.Method, test.fault.Path = "POST", "/v1/cloudimages/*/file"
			cloud.Inject(test.fault)
			m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_export")
			arguments := map[string]any{"image_id": cloud.AddImage(emulator.Image{Name: "golden"}), "bucket_url": "exports:golden", "file_format": "vhd"}
			interruptedAt(t, cloud, m, arguments, jobPolled)
			begun := 1 // before the journal began
			cloud.Clock.Advance(slow.JobDuration)
			cloud.ResetJournal()
			told := m.Refresh()
			if test.refresh == nil {
				acctest.Silent(t, told)
				if plan, _ := m.Plan(arguments); !m.IsEmpty(plan) {
					t.Error("the plan is not empty")
				}
			} else {
				acctest.Says(t, told, test.refresh...)
			}
			told = m.Apply(t.Context(), arguments)
			if test.apply == nil {
				acctest.Silent(t, told)
			} else {
				acctest.Says(t, told, test.apply...)
			}
			if got := begun + exports(cloud); got != test.exports {
				t.Errorf("%d requests to export, want %d", got, test.exports)
			}
		})
	}
}
