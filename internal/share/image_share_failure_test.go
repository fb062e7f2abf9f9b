package share_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImageShareCreateFails: all or nothing, and what was there before stays.
func TestImageShareCreateFails(t *testing.T) {
	t.Parallel()
	const quota = "Quota of image: 1 of 100 used"
	for name, test := range map[string]struct {
		projects []string
		fault    emulator.Fault // of the request that shares
		before   []string       // that the image was shared with
		words    string
		left     []string
	}{
		"part failed": {
			projects: []string{project(1), unknown, project(2)},
			words: "did not share the image with project " + unknown + ". A share is made as a whole or not at all: " +
				"what was shared with projects " + project(1) + ", " + project(2) + " was taken back",
		},
		"part failed, some were there": {
			projects: []string{project(1), unknown, project(2)}, before: []string{project(2)},
			words: "what was shared with project " + project(1) + " was taken back", left: []string{project(2)},
		},
		"all parts failed": {projects: []string{unknown}, words: "Nothing was shared."},
		"others were there": {
			projects: projects(2), before: []string{project(2), project(9)}, left: []string{project(2), project(9)},
			words: "was shared already, with project " + project(9) + ", and ims_image_share is all projects",
		},
		"job failed": {projects: projects(2), fault: emulator.Fault{FailJob: "IMG.0112"}, words: "Failed to add the tenant."},
		"forbidden": {
			projects: projects(2), fault: emulator.Fault{Status: http.StatusForbidden, Code: "IMG.0161"},
			words: "You do not have permission.",
		},
		"limit reached": {
			projects: projects(2), fault: emulator.Fault{Status: http.StatusBadRequest, Code: "IMG.0088"}, words: quota,
		},
		"limit reached, job": {projects: projects(2), fault: emulator.Fault{FailJob: "IMG.0088"}, words: quota},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			cloud.Change(image, addMembers(test.before...))
			cloud.Clock.Advance(acctest.JobDuration) // before is not now
			test.fault.Method, test.fault.Path = http.MethodPost, membersPath
			cloud.Inject(test.fault)
			m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
			said := m.Apply(t.Context(), shareOf(image, test.projects))
			acctest.HasDiagnostic(t, said, "Unable to create image share", test.words)
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
	cloud.Inject(
		emulator.Fault{Method: http.MethodPost, Path: membersPath, Status: http.StatusBadRequest, Code: "IMG.0088"},
	)
	cloud.Inject(emulator.Fault{Path: "/v1/cloudimages/quota", Status: http.StatusForbidden})
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	acctest.HasDiagnostic(
		t, m.Apply(t.Context(), shareOf(image, projects(1))), "The number of shared images has reached the maximum allowed.",
	)
}

// TestImageShareCannotTakeBack: the error says what is left, and the next apply takes it over.
func TestImageShareCannotTakeBack(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: http.MethodDelete, Path: membersPath, Times: 1, Status: http.StatusForbidden})
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	acctest.HasDiagnostic(t, m.Apply(t.Context(), shareOf(image, []string{project(1), unknown})),
		"could not be taken back, and may still be shared with projects "+project(1))
	if !m.State.IsNull() {
		t.Error("the share is in the state: the next apply would take it from everybody")
	}
	acctest.NoDiagnostics(t, m.Apply(t.Context(), shareOf(image, projects(1))))
	expectMembers(t, cloud, image, projects(1)...)
}

// TestImageShareSurvives: what does not show to a user.
func TestImageShareSurvives(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"answer lost":       {Path: membersPath, Times: 1, DropAnswer: true},
		"request lost":      {Path: membersPath, Times: 1, Drop: true},
		"job's record gone": {Path: membersPath, ForgetJob: true},
		"gateway broken during a read": {
			Method: http.MethodGet, Path: "/v2/images/*/members", Times: 2, Status: http.StatusBadGateway,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
			for _, wanted := range [][]string{projects(2), {project(2), project(3)}} {
				cloud.Inject(fault)
				acctest.NoDiagnostics(t, m.Apply(t.Context(), shareOf(image, wanted)))
				expectMembers(t, cloud, image, wanted...)
			}
			cloud.Inject(fault)
			acctest.NoDiagnostics(t, m.Destroy(t.Context()))
			expectMembers(t, cloud, image)
		})
	}
}

// TestImageShareUpdateFails: the state has what is really shared, and the next apply goes on from there.
func TestImageShareUpdateFails(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	acctest.NoDiagnostics(t, m.Apply(t.Context(), shareOf(image, projects(2))))
	fails := func(wanted []string, words string, shared ...string) {
		t.Helper()
		acctest.HasDiagnostic(t, m.Apply(t.Context(), shareOf(image, wanted)), "Unable to update image share", words)
		want := map[string]string{"project_ids.#": fmt.Sprint(len(shared))}
		for i, id := range shared {
			want[fmt.Sprintf("members.%d.project_id", i)] = id
		}
		m.Expect(want)
		expectMembers(t, cloud, image, shared...)
	}
	fails([]string{project(2), project(3), unknown},
		"It is not shared with project "+unknown+". The state has what is really shared.", project(2), project(3))
	cloud.Inject(emulator.Fault{Method: http.MethodDelete, Path: membersPath, Times: 1, Status: http.StatusForbidden})
	fails([]string{project(4)},
		"It is still shared with projects "+project(2)+", "+project(3)+".", project(2), project(3))
	acctest.NoDiagnostics(t, m.Apply(t.Context(), shareOf(image, []string{project(4)})))
	expectMembers(t, cloud, image, project(4))
}

// TestImageShareUnknown: values known only after the apply pass the plan. What turns out to be wrong is refused before
// anything is sent, and leaves nothing tainted. An engine has them from one resource to another.
func TestImageShareUnknown(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	w := cloud.Attached(t)
	share := acctest.Block("terraform_data", "late", arguments{
		"input": arguments{"image": image, "project": project(2), "own": emulator.Owner.ProjectID},
	}) + acctest.Block(shareType, "test", arguments{
		"image_id":    acctest.Expression("terraform_data.late.output.image"),
		"project_ids": []any{project(1), acctest.Expression("terraform_data.late.output.project")},
	})
	w.Configure("%s", strings.Replace(share, "output.project]", "output.own]", 1))
	w.Run(nil, "apply", "-auto-approve", "-no-color").Expect(t, "cannot be shared with its own project")
	expectMembers(t, cloud, image)
	w.Configure("%s", share)
	w.Apply().Expect(t, "1 added, 0 changed, 0 destroyed")
	expectMembers(t, cloud, image, projects(2)...)
}
