package search_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImagesByTagsShowImages: the service's answer has next to nothing of an image, and the data source shows it as it
// is, whether it was found alone or among many.
func TestImagesByTagsShowImages(t *testing.T) {
	t.Parallel()
	for _, others := range []int{0, 5} {
		cloud := acctest.Start(t, emulator.Options{})
		cloud.AddImage(emulator.Image{
			Name: "arm", MinDisk: 77, Tags: map[string]string{"stage": "released"},
			CreatedAt:  cloud.Clock.Now().Add(time.Hour),
			Attributes: map[string]any{"__support_arm": "true", "hw_firmware_type": "uefi", "__image_size": "4711"},
		})
		for range others {
			cloud.AddImage(emulator.Image{Tags: map[string]string{"stage": "released"}})
		}
		p := cloud.Protocol(t, emulator.Owner)
		cloud.ResetJournal()
		found, said := p.Look("ims_images_by_tags", arguments{"tags": map[string][]string{"stage": {"released"}}})
		acctest.NoDiagnostics(t, said)
		calls := []string{"POST /v2/" + emulator.Owner.ProjectID + "/images/resource_instances/action", "GET /v2/cloudimages"}
		if diff := cmp.Diff(calls, cloud.Calls()); diff != "" {
			t.Errorf("%d others (-want +got):\n%s", others, diff)
		}
		acctest.Expect(t, found, map[string]string{
			"images.#": fmt.Sprint(1 + others), "images.0.name": "arm", "images.0.architecture": "arm",
			"images.0.min_disk": "77", "images.0.image_size": "4711", "images.0.hw_firmware_type": "uefi",
			"images.0.status": "active", "images.0.owner": emulator.Owner.ProjectID, "images.0.platform": "Debian",
		})
	}
}

// TestImagesByTagsMatches: what a name is compared with is the service's affair.
func TestImagesByTagsMatches(t *testing.T) {
	t.Parallel()
	for whole, want := range map[bool][]string{false: {"golden-2", "golden"}, true: {"golden"}} {
		cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{NamesMatchWhole: whole}})
		id := cloud.AddImage(emulator.Image{Name: "golden", CreatedAt: day(1)})
		cloud.AddImage(emulator.Image{Name: "golden-2", CreatedAt: day(2)})
		cloud.AddImage(emulator.Image{Name: "other"})
		p := cloud.Protocol(t, emulator.Owner)
		for key, test := range map[string]struct {
			value string
			want  []string
		}{"resource_name": {"golden", want}, "resource_id": {id, []string{"golden"}}} {
			found, said := p.Look("ims_images_by_tags", arguments{"matches": map[string]string{key: test.value}})
			acctest.NoDiagnostics(t, said)
			if diff := cmp.Diff(test.want, namesOf(found)); diff != "" {
				t.Errorf("%s, whole %t (-want +got):\n%s", key, whole, diff)
			}
		}
	}
}

// TestImagesByTagsGone: an image that is deleted, and that the service still finds by its tags, is left out.
func TestImagesByTagsGone(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.AddImage(emulator.Image{Name: "there"})
	cloud.AddImage(emulator.Image{Name: "gone", Status: "deleted"})
	found, said := cloud.Protocol(t, emulator.Owner).Look("ims_images_by_tags", nil)
	acctest.NoDiagnostics(t, said)
	if diff := cmp.Diff([]string{"there"}, namesOf(found)); diff != "" {
		t.Error(diff)
	}
}
