package share_test

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

const membersPath = "/v1/cloudimages/members"

// words is a pattern for words that an engine may have broken over lines.
func words(text string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + strings.ReplaceAll(regexp.QuoteMeta(text), " ", `\s+`))
}

// nothingInState: an error in Create must leave nothing that the next apply would take from everybody.
func nothingInState(address string) resource.TestStep {
	return resource.TestStep{
		RefreshState: true, ExpectNonEmptyPlan: true,
		Check: func(s *terraform.State) error {
			if _, found := s.RootModule().Resources[address]; found {
				return fmt.Errorf("%s is in the state", address)
			}
			return nil
		},
	}
}

// shareArguments are those of a share with projects.
func shareArguments(image string, projects []string) map[string]any {
	return map[string]any{"image_id": image, "project_ids": projects}
}

// sharedWith are the projects that a share's state has.
func sharedWith(t *testing.T, m *acctest.Managed) []string {
	t.Helper()
	return slices.Sorted(slices.Values(m.Elements("project_ids")))
}

// TestImageShareCreateFails: all or nothing, and what was there before stays.
func TestImageShareCreateFails(t *testing.T) {
	t.Parallel()
	const unknown = "f0000000000000000000000000000099"
	for name, test := range map[string]struct {
		projects []string
		fault    *emulator.Fault
		before   []string // that the image was shared with
		says     string
		left     []string
	}{
		"part failed": {
			projects: []string{project(1), unknown, project(2)},
			says:     "did not share the image with project " + unknown + ". A share is made as a whole or not at all: what was shared with projects " + project(1) + ", " + project(2) + " was taken back",
		},
		"part failed, some were there": {
			projects: []string{project(1), unknown, project(2)}, before: []string{project(2)},
			says: "what was shared with project " + project(1) + " was taken back", left: []string{project(2)},
		},
		"all parts failed": {projects: []string{unknown}, says: "Nothing was shared."},
		"others were there": {
			projects: projects(2), before: []string{project(2), project(9)},
			says: "was shared already, with project " + project(9) + ", and ims_image_share is all projects", left: []string{project(2), project(9)},
		},
		"job failed": {
			projects: projects(2), fault: &emulator.Fault{Method: http.MethodPost, Path: membersPath, FailJob: "IMG.0112"},
			says: "Failed to add the tenant.",
		},
		"forbidden": {
			projects: projects(2), fault: &emulator.Fault{Method: http.MethodPost, Path: membersPath, Status: http.StatusForbidden, Code: "IMG.0161"},
			says: "You do not have permission.",
		},
		"limit reached": {
			projects: projects(2), fault: &emulator.Fault{Method: http.MethodPost, Path: membersPath, Status: http.StatusBadRequest, Code: "IMG.0088"},
			says: "Quota of image: 1 of 100 used",
		},
		"limit reached, job": {
			projects: projects(2), fault: &emulator.Fault{Method: http.MethodPost, Path: membersPath, FailJob: "IMG.0088"},
			says: "Quota of image: 1 of 100 used",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			outside(t, cloud, image, addMembers(test.before...))
			cloud.Clock.Advance(acctest.JobDuration) // before is not now
			if test.fault != nil {
				cloud.Inject(*test.fault)
			}
			m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
			acctest.Says(t, m.Apply(t.Context(), shareArguments(image, test.projects)), "Unable to create image share", test.says)
			if !m.State.IsNull() {
				t.Error("the share is in the state: the next apply would take it from everybody")
			}
			expectMembers(t, cloud, image, test.left...)
		})
	}
}

// TestImageShareFiguresFail: what goes wrong with the figures never hides the error that they belong to.
func TestImageShareFiguresFail(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: http.MethodPost, Path: membersPath, Status: http.StatusBadRequest, Code: "IMG.0088"})
	cloud.Inject(emulator.Fault{Path: "/v1/cloudimages/quota", Status: http.StatusForbidden})
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	acctest.Says(t, m.Apply(t.Context(), shareArguments(image, projects(1))), "The number of shared images has reached the maximum allowed.")
}

// TestImageShareCannotTakeBack: the error says what is left, and the next apply takes it over.
func TestImageShareCannotTakeBack(t *testing.T) {
	t.Parallel()
	const unknown = "f0000000000000000000000000000099"
	cloud, image := start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: http.MethodDelete, Path: membersPath, Times: 1, Status: http.StatusForbidden})
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	acctest.Says(t, m.Apply(t.Context(), shareArguments(image, []string{project(1), unknown})), "could not be taken back, and may still be shared with projects "+project(1))
	if !m.State.IsNull() {
		t.Error("the share is in the state: the next apply would take it from everybody")
	}
	acctest.Silent(t, m.Apply(t.Context(), shareArguments(image, projects(1))))
	expectMembers(t, cloud, image, projects(1)...)
}

// TestImageShareSurvives: what does not show to a user.
func TestImageShareSurvives(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"answer lost":                  {Path: membersPath, Times: 1, DropAnswer: true},
		"request lost":                 {Path: membersPath, Times: 1, Drop: true},
		"job's record gone":            {Path: membersPath, ForgetJob: true},
		"gateway broken during a read": {Method: http.MethodGet, Path: "/v2/images/*/members", Times: 2, Status: http.StatusBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
			for _, wanted := range [][]string{projects(2), {project(2), project(3)}} {
				cloud.Inject(fault)
				acctest.Silent(t, m.Apply(t.Context(), shareArguments(image, wanted)))
				expectMembers(t, cloud, image, wanted...)
			}
			cloud.Inject(fault)
			acctest.Silent(t, m.Destroy(t.Context()))
			expectMembers(t, cloud, image)
		})
	}
}

// TestImageShareUpdateFails: the state has what is really shared, and the next apply goes on from there.
func TestImageShareUpdateFails(t *testing.T) {
	t.Parallel()
	const unknown = "f0000000000000000000000000000099"
	cloud, image := start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	acctest.Silent(t, m.Apply(t.Context(), shareArguments(image, projects(2))))
	fails := func(wanted []string, says string, shared ...string) {
		t.Helper()
		acctest.Says(t, m.Apply(t.Context(), shareArguments(image, wanted)), "Unable to update image share", says)
		if got := sharedWith(t, m); !slices.Equal(got, shared) {
			t.Errorf("the state has the projects %v, not %v", got, shared)
		}
		expectMembers(t, cloud, image, shared...)
	}
	fails([]string{project(2), project(3), unknown}, "It is not shared with project "+unknown+". The state has what is really shared.", project(2), project(3))
	cloud.Inject(emulator.Fault{Method: http.MethodDelete, Path: membersPath, Times: 1, Status: http.StatusForbidden})
	fails([]string{project(4)}, "It is still shared with projects "+project(2)+", "+project(3)+".", project(2), project(3))
	acctest.Silent(t, m.Apply(t.Context(), shareArguments(image, []string{project(4)})))
	expectMembers(t, cloud, image, project(4))
}

// TestImageShareUnknown: values known only after the apply pass the plan.
func TestImageShareUnknown(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	config := cloud.Config(`
resource "terraform_data" "late" {
  input = { image = %q, project = %q, own = %q }
}

resource "ims_image_share" "test" {
  image_id    = terraform_data.late.output.image
  project_ids = [%q, terraform_data.late.output.project]
}
`, image, project(2), emulator.Owner.ProjectID, project(1))
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		// What turns out to be wrong is refused before anything is sent, and leaves nothing tainted.
		{Config: strings.Replace(config, "output.project]", "output.own]", 1), ExpectError: words("cannot be shared with its own project")},
		{Config: config, ConfigPlanChecks: planned(share, plancheck.ResourceActionCreate), Check: value(share, "members.#", "2")},
	}})
}
