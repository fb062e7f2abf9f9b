package share_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImageShareLifecycle also proves the empty second plan: the harness plans after each step.
func TestImageShareLifecycle(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	other := cloud.AddImage(emulator.Image{Name: "other"})
	check := func(image string, projects ...string) func() {
		return func() {
			t.Helper()
			expectMembers(t, cloud, image, projects...)
		}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config:           cloud.Config("%s", shareOf(image, projects(2))),
				ConfigPlanChecks: planned(share, plancheck.ResourceActionCreate),
				Check: resource.ComposeAggregateTestCheckFunc(value(share, "project_ids.#", "2"), value(share, "members.#", "2"),
					value(share, "members.0.project_id", project(1)), value(share, "members.0.status", "pending"),
					resource.TestCheckResourceAttrSet(share, "members.0.created_at"), resource.TestCheckResourceAttrSet(share, "members.0.updated_at")),
			},
			{
				PreConfig:        check(image, projects(2)...),
				Config:           cloud.Config("%s", shareOf(image, []string{project(2), project(3)})),
				ConfigPlanChecks: planned(share, plancheck.ResourceActionUpdate),
				Check:            resource.ComposeAggregateTestCheckFunc(value(share, "members.#", "2"), value(share, "members.1.project_id", project(3))),
			},
			{
				PreConfig:        check(image, project(2), project(3)),
				Config:           cloud.Config("%s", shareOf(image, []string{project(2), project(3)}, `timeouts = { create = "1m" }`)),
				ConfigPlanChecks: planned(share, plancheck.ResourceActionUpdate),
			},
			{
				Config:           cloud.Config("%s", shareOf(image, nil)),
				ConfigPlanChecks: planned(share, plancheck.ResourceActionUpdate),
				Check:            resource.ComposeAggregateTestCheckFunc(value(share, "project_ids.#", "0"), value(share, "members.#", "0")),
			},
			{
				PreConfig:        check(image),
				Config:           cloud.Config("%s", shareOf(image, projects(1))),
				ConfigPlanChecks: planned(share, plancheck.ResourceActionUpdate),
			},
			{
				Config:           cloud.Config("%s", shareOf(other, projects(1))),
				ConfigPlanChecks: planned(share, plancheck.ResourceActionDestroyBeforeCreate),
			},
			{PreConfig: func() { check(image)(); check(other, project(1))() }, Config: cloud.Config("%s", shareOf(other, projects(1)))},
		},
	})
	expectMembers(t, cloud, other)
}

// TestImageShareCalls counts what the operations send besides sign-in and looks at jobs.
func TestImageShareCalls(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	const find, post, stop = "GET /v2/cloudimages", "POST /v1/cloudimages/members", "DELETE /v1/cloudimages/members"
	list := "GET /v2/images/" + image + "/members"
	calls := func(want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if diff := cmp.Diff(want, cloud.Calls()); diff != "" {
				return fmt.Errorf("calls (-want +got):\n%s", diff)
			}
			if polls := cloud.Polls(); polls > 40 {
				return fmt.Errorf("%d looks at jobs", polls)
			}
			return nil
		}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				// The plan looks at the image, and engines plan twice; the creation is one request and one read.
				PreConfig: cloud.ResetJournal, Config: cloud.Config("%s", shareOf(image, projects(10))), Check: calls(find, find, post, list),
			},
			{
				PreConfig: cloud.ResetJournal, Config: cloud.Config("%s", shareOf(image, projects(12)[3:])), Check: calls(list, stop, post, list),
			},
			{PreConfig: cloud.ResetJournal, RefreshState: true, Check: calls(list)},
			{PreConfig: cloud.ResetJournal, Config: cloud.Config(""), Check: calls(list, stop, list)},
		},
	})
}

// TestImageShareOfNewImage: nothing is looked up of an image that was made in the same apply.
func TestImageShareOfNewImage(t *testing.T) {
	t.Parallel()
	cloud, _ := start(t, emulator.Options{})
	config := cloud.Config(`
resource "ims_system_disk_image" "test" {
  name        = "new"
  instance_id = %q
}

resource "ims_image_share" "test" {
  image_id    = ims_system_disk_image.test.id
  project_ids = [%s]
}
`, emulator.InstanceID, quoted(projects(10)))
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		PreConfig: cloud.ResetJournal,
		Config:    config,
		Check: func(s *terraform.State) error {
			id := s.RootModule().Resources["ims_system_disk_image.test"].Primary.ID
			want := []string{"POST /v2/cloudimages/action", "GET /v2/cloudimages", "POST /v1/cloudimages/members", "GET /v2/images/" + id + "/members"}
			if diff := cmp.Diff(want, cloud.Calls()); diff != "" {
				return fmt.Errorf("calls (-want +got):\n%s", diff)
			}
			return nil
		},
	}}})
}

func TestImageShareDrift(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	config := cloud.Config("%s", shareOf(image, projects(2)))
	mended := func(change func(*emulator.Image)) resource.TestStep {
		return resource.TestStep{
			PreConfig:        func() { outside(t, cloud, image, change) },
			Config:           config,
			ConfigPlanChecks: planned(share, plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				expectMembers(t, cloud, image, projects(2)...)
				return nil
			},
		}
	}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config}, mended(dropMembers(project(1))), mended(addMembers(project(7))), mended(dropMembers(projects(2)...)),
	}})
}

// TestImageShareDisappears: a share goes with its image, and is planned anew with it.
func TestImageShareDisappears(t *testing.T) {
	t.Parallel()
	cloud, _ := start(t, emulator.Options{})
	config := cloud.Config(`
resource "ims_system_disk_image" "test" {
  name        = "new"
  instance_id = %q
}

resource "ims_image_share" "test" {
  image_id    = ims_system_disk_image.test.id
  project_ids = [%s]
}
`, emulator.InstanceID, quoted(projects(2)))
	gone := func() {
		if err := cloud.DeleteImage(imageNamed(t, cloud, "new")); err != nil {
			t.Fatal(err)
		}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: gone, Config: config,
				ConfigPlanChecks: planned(share, plancheck.ResourceActionCreate),
			},
			{PreConfig: gone, Config: cloud.Config("")},
		},
	})
}

// TestImageShareDestroyWithoutImage: what the state has need not be there any more.
func TestImageShareDestroyWithoutImage(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]func(*testing.T, *acctest.Cloud, string){
		"image gone": func(t *testing.T, cloud *acctest.Cloud, image string) {
			t.Helper()
			if err := cloud.DeleteImage(image); err != nil {
				t.Fatal(err)
			}
		},
		"members gone": func(t *testing.T, cloud *acctest.Cloud, image string) {
			t.Helper()
			outside(t, cloud, image, dropMembers(projects(2)...))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{JobDuration: time.Millisecond})
			w := cloud.Workspace(t)
			w.Configure("%s", shareOf(image, projects(2)))
			cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
			left(t, cloud, image)
			cloud.AdvanceUntil(t, w.Start(nil, "destroy", "-auto-approve", "-no-color", "-refresh=false"))
			if state := w.State(); len(state) != 0 {
				t.Errorf("the state has %v", state)
			}
		})
	}
}

// TestImageShareReceiverAnswers: an answer is shown, and is no reason to change anything.
func TestImageShareReceiverAnswers(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	config := cloud.Config("%s", shareOf(image, []string{emulator.Receiver.ProjectID}))
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig:        func() { outside(t, cloud, image, func(i *emulator.Image) { i.Members[0].Status = "rejected" }) },
				Config:           config,
				ConfigPlanChecks: planned(share, plancheck.ResourceActionNoop),
				Check:            value(share, "members.0.status", "rejected"),
			},
		},
	})
}

func TestImageShareImport(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	public := publicImage(cloud)
	foreign := cloud.AddImage(emulator.Image{Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}})
	config := cloud.Config("%s", shareOf(image, projects(2)))
	byID := func(id, message string) resource.TestStep {
		return resource.TestStep{Config: config, ResourceName: share, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(message)}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: config},
			{
				ResourceName: share, ImportState: true, ImportStateId: image, ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: "image_id",
			},
			byID("nothing", `There is no\s+image nothing`),
			byID(public, `public\s+image`),
			byID(foreign, `(?s)belongs\s+to\s+project.*ims_image_share_acceptance`),
		},
	})
}

// TestImageShareImportBlock: what the plan says of an import that matches, and of one that does not.
func TestImageShareImportBlock(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]string{"id": `id = "{image}"`, "identity": `identity = { image_id = "{image}" }`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "identity" && !acctest.AtLeast(t, acctest.IsTofu(t), 1, 12) {
				t.Skip("this engine imports by id only")
			}
			cloud, image := start(t, emulator.Options{})
			outside(t, cloud, image, addMembers(projects(2)...))
			w := cloud.Workspace(t)
			w.Configure("import {\n  to = %s\n  %s\n}\n%s", share, strings.ReplaceAll(by, "{image}", image), shareOf(image, projects(2)))
			if result := w.Apply(); !strings.Contains(result.Output, "1 imported, 0 added, 0 changed, 0 destroyed") {
				t.Error(result.Output)
			}
			w.ExpectEmptyPlan()
			for _, request := range cloud.Journal() {
				if request.Method != http.MethodGet && !strings.HasPrefix(request.Path, "/v3") {
					t.Errorf("%s %s was sent", request.Method, request.Path)
				}
			}
		})
	}
}

// publicImage is some public image's id.
func publicImage(cloud *acctest.Cloud) string {
	return cloud.AddImage(emulator.Image{Owner: "c0000000000000000000000000000000", Attributes: map[string]any{"__imagetype": "gold", "visibility": "public"}})
}
