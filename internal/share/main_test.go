package share_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const (
	share      = "ims_image_share.test"
	member     = "ims_image_share_member.test"
	acceptance = "ims_image_share_acceptance.test"
)

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

func shareOf(image string, projects []string, arguments ...string) string {
	return fmt.Sprintf(`
resource "ims_image_share" "test" {
  image_id    = %q
  project_ids = [%s]
  %s
}
`, image, quoted(projects), strings.Join(arguments, "\n  "))
}

func quoted(values []string) string {
	var list []string
	for _, value := range values {
		list = append(list, fmt.Sprintf("%q", value))
	}
	return strings.Join(list, ", ")
}

// members are the projects that the cloud shares an image with, by their answer.
func members(cloud *acctest.Cloud, image string) map[string]string {
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

// expectMembers fails unless the image is shared with exactly the projects.
func expectMembers(t *testing.T, cloud *acctest.Cloud, image string, want ...string) {
	t.Helper()
	var got []string
	for id := range members(cloud, image) {
		got = append(got, id)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the image is shared with %v, want %v", got, want)
	}
}

// outside shares an image, or stops doing so, behind the engine's back.
func outside(t *testing.T, cloud *acctest.Cloud, image string, change func(*emulator.Image)) {
	t.Helper()
	if err := cloud.UpdateImage(image, change); err != nil {
		t.Fatal(err)
	}
}

func addMembers(projects ...string) func(*emulator.Image) {
	return func(i *emulator.Image) {
		for _, id := range projects {
			i.Members = append(i.Members, emulator.Member{ProjectID: id, Status: "pending", CreatedAt: i.CreatedAt, UpdatedAt: i.CreatedAt})
		}
	}
}

func dropMembers(projects ...string) func(*emulator.Image) {
	return func(i *emulator.Image) {
		i.Members = slices.DeleteFunc(i.Members, func(m emulator.Member) bool { return slices.Contains(projects, m.ProjectID) })
	}
}

func planned(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

func value(address, name, want string) resource.TestCheckFunc {
	return resource.TestCheckResourceAttr(address, name, want)
}

// imageNamed is the id of the owner's image of a name.
func imageNamed(t *testing.T, cloud *acctest.Cloud, name string) string {
	t.Helper()
	for _, image := range cloud.OwnImages() {
		if image.Name == name {
			return image.ID
		}
	}
	t.Fatalf("there is no image %q", name)
	return ""
}

func memberOf(image, project string) string {
	return fmt.Sprintf(`
resource "ims_image_share_member" "test" {
  image_id   = %q
  project_id = %q
}
`, image, project)
}
