package export_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const systemType = "ims_system_disk_image"

// TestReferencesKnownLater: an image of the same apply is exported once it is there, and a data source looks with
// conditions that are known only then.
func TestReferencesKnownLater(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	for i, tags := range []map[string]string{
		{"stage": "released"}, {"stage": "test"}, {"stage": "released", "outdated": ""},
	} {
		cloud.AddImage(emulator.Image{
			Name: fmt.Sprintf("image-%d", i), Tags: tags, CreatedAt: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC),
		})
	}
	w := cloud.Attached(t)
	before := cloud.OwnImages()
	made := arguments{"name": "new", "instance_id": emulator.InstanceID}
	export := exportOf("", "exports:golden", vhd, arguments{"image_id": acctest.Expression(systemType + ".test.id")})
	w.Configure("%s", acctest.Block(systemType, "test", made)+acctest.Block(exportType, "test", export)+`
resource "terraform_data" "late" {
  input = "released"
}
data "ims_images_by_tags" "test" {
  tags = { stage = [terraform_data.late.output] }
}
output "found" {
  value = data.ims_images_by_tags.test.images[*].name
}
`)
	w.Apply()
	w.ExpectEmptyPlan()
	state := w.State()
	if state[exportType+".test"].Attributes["image_id"] != state[systemType+".test"].Attributes["id"] ||
		exports(cloud) != 1 {
		t.Errorf("the state is %v", state)
	}
	if found := w.Output("found"); !slices.Equal(found, []any{"image-2", "image-0"}) {
		t.Errorf("found %v", found)
	}

	// The file outlives the image: only another image's export is planned.
	for _, image := range cloud.OwnImages() {
		if !slices.ContainsFunc(before, func(b emulator.Image) bool { return b.ID == image.ID }) {
			cloud.Remove(image.ID)
		}
	}
	w.Configure("%s", acctest.Block(exportType, "test", exportOf("gone", "exports:golden", vhd)))
	w.Run(nil, "plan", "-no-color").Expect(t, "There is no image gone")
}
