package share_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const (
	shareType      = "ims_image_share"
	memberType     = "ims_image_share_member"
	acceptanceType = "ims_image_share_acceptance"

	membersPath = "/v1/cloudimages/members"
	unknown     = "f0000000000000000000000000000099" // a project that there is not
)

type arguments = map[string]any

// Projects that no tenant owns, for shares that nobody answers.
func project(n int) string { return fmt.Sprintf("e%031d", n) }

func projects(n int) []string {
	var all []string
	for i := range n {
		all = append(all, project(i+1))
	}
	return all
}

// start starts a cloud with an image of the owner's and some projects to share it with.
func start(t *testing.T, options emulator.Options) (cloud *acctest.Cloud, image string) {
	t.Helper()
	cloud = acctest.Start(t, options)
	for _, id := range projects(12) {
		cloud.AddProject(id)
	}
	image = cloud.AddImage(emulator.Image{Name: "golden"})
	return cloud, image
}

// startShared starts a cloud in which the owner shares an image with the receiver.
func startShared(t *testing.T, attributes map[string]any) (cloud *acctest.Cloud, image string) {
	t.Helper()
	cloud = acctest.Start(t, emulator.Options{})
	image = cloud.AddImage(emulator.Image{Name: "golden", Attributes: attributes})
	cloud.Change(image, addMembers(emulator.Receiver.ProjectID))
	return cloud, image
}

// foreign is an image that another project shares with the owner's.
func foreign(name string) emulator.Image {
	return emulator.Image{
		Name: name, Owner: emulator.Receiver.ProjectID,
		Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}},
	}
}

// publicImage is some public image's id.
func publicImage(cloud *acctest.Cloud) string {
	return cloud.AddImage(emulator.Image{
		Owner: "c0000000000000000000000000000000", Attributes: map[string]any{"__imagetype": "gold", "visibility": "public"},
	})
}

// shareOf is a share with projects, memberOf one with a single project, acceptanceOf an answer.
func shareOf(image string, projects []string, more ...arguments) arguments {
	return acctest.With(arguments{"image_id": image, "project_ids": projects}, more...)
}

func memberOf(image, project string, more ...arguments) arguments {
	return acctest.With(arguments{"image_id": image, "project_id": project}, more...)
}

func acceptanceOf(image string, more ...arguments) arguments {
	return acctest.With(arguments{"image_id": image}, more...)
}

// answers are the projects that the cloud shares an image with, by their answer.
func answers(cloud *acctest.Cloud, image string) map[string]string {
	found := map[string]string{}
	for _, each := range append(cloud.OwnImages(), cloud.Images(emulator.Receiver.ProjectID)...) {
		if each.ID != image {
			continue
		}
		for _, m := range each.Members {
			found[m.ProjectID] = m.Status
		}
	}
	return found
}

// expectMembers fails the test unless the image is shared with exactly the projects.
func expectMembers(t *testing.T, cloud *acctest.Cloud, image string, want ...string) {
	t.Helper()
	got := slices.Sorted(maps.Keys(answers(cloud, image)))
	if want = slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
		t.Errorf("the image is shared with %v, want %v", got, want)
	}
}

// expectAnswer fails the test unless the receiver has answered so.
func expectAnswer(t *testing.T, cloud *acctest.Cloud, image, want string) {
	t.Helper()
	if got := answers(cloud, image)[emulator.Receiver.ProjectID]; got != want {
		t.Errorf("the receiver's answer is %q, want %q", got, want)
	}
}

// expectCalls fails the test unless these calls were sent since the journal began, and begins it anew.
func expectCalls(t *testing.T, cloud *acctest.Cloud, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, cloud.Calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	cloud.ResetJournal()
}

func addMembers(projects ...string) func(*emulator.Image) {
	return func(i *emulator.Image) {
		for _, id := range projects {
			i.Members = append(
				i.Members, emulator.Member{ProjectID: id, Status: "pending", CreatedAt: i.CreatedAt, UpdatedAt: i.CreatedAt},
			)
		}
	}
}

func dropMembers(projects ...string) func(*emulator.Image) {
	return func(i *emulator.Image) {
		i.Members = slices.DeleteFunc(
			i.Members, func(m emulator.Member) bool { return slices.Contains(projects, m.ProjectID) },
		)
	}
}

func answer(status string) func(*emulator.Image) {
	return func(i *emulator.Image) { i.Members[0].Status = status }
}
