package share_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestImageShareMemberLifecycle(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	outside(t, cloud, image, addMembers(project(9))) // somebody else's
	one, two := cloud.Config("%s", memberOf(image, project(1))), cloud.Config("%s", memberOf(image, project(2)))
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config: one, ConfigPlanChecks: planned(member, plancheck.ResourceActionCreate),
				Check: resource.ComposeAggregateTestCheckFunc(value(member, "status", "pending"), resource.TestCheckResourceAttrSet(member, "created_at"),
					resource.TestCheckResourceAttrSet(member, "updated_at")),
			},
			{
				ResourceName: member, ImportState: true, ImportStateId: image + "/" + project(1), ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "project_id",
			},
			{ResourceName: member, ImportState: true, ImportStateId: image, ExpectError: words("The id must be <image_id>/<project_id>")},
			{ResourceName: member, ImportState: true, ImportStateId: image + "/" + project(3), ExpectError: words("is not shared with project " + project(3))},
			{ResourceName: member, ImportState: true, ImportStateId: image + "/" + emulator.Owner.ProjectID, ExpectError: words("ims_image_share_acceptance")},
			{
				PreConfig: func() { expectMembers(t, cloud, image, project(1), project(9)) },
				Config:    strings.Replace(one, "project_id =", "timeouts = { create = \"1m\" }\n  project_id =", 1), ConfigPlanChecks: planned(member, plancheck.ResourceActionUpdate),
			},
			{Config: two, ConfigPlanChecks: planned(member, plancheck.ResourceActionDestroyBeforeCreate)},
			{
				PreConfig: func() { outside(t, cloud, image, dropMembers(project(2))) },
				Config:    two, ConfigPlanChecks: planned(member, plancheck.ResourceActionCreate),
			},
			{
				PreConfig: func() { outside(t, cloud, image, func(i *emulator.Image) { i.Members[1].Status = "rejected" }) },
				Config:    two, ConfigPlanChecks: planned(member, plancheck.ResourceActionNoop), Check: value(member, "status", "rejected"),
			},
		},
	})
	expectMembers(t, cloud, image, project(9))
}

// TestImageShareMemberCalls counts what the operations send besides sign-in and looks at jobs.
func TestImageShareMemberCalls(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	list := "GET /v2/images/" + image + "/members"
	calls := func(want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if diff := cmp.Diff(want, cloud.Calls()); diff != "" {
				return fmt.Errorf("calls (-want +got):\n%s", diff)
			}
			return nil
		}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				PreConfig: cloud.ResetJournal, Config: cloud.Config("%s", memberOf(image, project(1))),
				Check: calls("GET /v2/cloudimages", "GET /v2/cloudimages", list, "POST "+membersPath, list),
			},
			{PreConfig: cloud.ResetJournal, RefreshState: true, Check: calls(list)},
			{PreConfig: cloud.ResetJournal, Config: cloud.Config(""), Check: calls(list, "DELETE "+membersPath, list)},
		},
	})
}

func TestImageShareMemberFails(t *testing.T) {
	t.Parallel()
	const unknown = "f0000000000000000000000000000099"
	for name, test := range map[string]struct {
		project string
		fault   *emulator.Fault
		before  []string
		says    string
		left    []string
	}{
		"part failed":   {project: unknown, says: "The service did not share image"},
		"already there": {project: project(1), before: projects(1), says: "is shared with project " + project(1) + " already. To take that share over, import instead", left: projects(1)},
		"job failed":    {project: project(1), fault: &emulator.Fault{Method: http.MethodPost, Path: membersPath, FailJob: "IMG.0112"}, says: "Failed to add the tenant."},
		"forbidden":     {project: project(1), fault: &emulator.Fault{Method: http.MethodPost, Path: membersPath, Status: http.StatusForbidden}, says: "Check that the user may use IMS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			outside(t, cloud, image, addMembers(test.before...))
			if test.fault != nil {
				cloud.Inject(*test.fault)
			}
			m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share_member")
			acctest.Says(t, m.Apply(t.Context(), map[string]any{"image_id": image, "project_id": test.project}), "Unable to create image share member", test.says)
			if !m.State.IsNull() {
				t.Error("the member is in the state")
			}
			expectMembers(t, cloud, image, test.left...)
		})
	}
}

// TestImageShareMemberImportByIdentity imports with all that an identity names.
func TestImageShareMemberImportByIdentity(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	if !acctest.AtLeast(t, acctest.IsTofu(t), 1, 12) {
		t.Skip("this engine imports by id only")
	}
	outside(t, cloud, image, addMembers(project(1)))
	w := cloud.Workspace(t)
	config := func(region string) {
		w.Configure("import {\n  to = %s\n  identity = {\n    region = %q\n    image_id = %q\n    project_id = %q\n  }\n}\n%s", member, region, image, project(1), memberOf(image, project(1)))
	}
	config("eu-nl")
	if result := w.Run(nil, "plan", "-no-color"); result.Code == 0 || !words("names region eu-nl").MatchString(result.Output) {
		t.Error(result.Output)
	}
	config(emulator.Region)
	if result := w.Apply(); !strings.Contains(result.Output, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Error(result.Output)
	}
	w.ExpectEmptyPlan()
}
