package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// taggedCloud has some images, each a day older than the next.
func taggedCloud(t *testing.T) *acctest.Cloud {
	t.Helper()
	cloud := acctest.Start(t, emulator.Options{})
	for i, tags := range []map[string]string{
		{"stage": "released", "team": "platform"}, {"stage": "test", "team": "platform"}, {"stage": "released", "outdated": ""}, {},
	} {
		cloud.AddImage(emulator.Image{Name: fmt.Sprintf("image-%d", i), Tags: tags, CreatedAt: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)})
	}
	cloud.AddImage(emulator.Image{Name: "stranger's", Owner: emulator.Receiver.ProjectID, Tags: map[string]string{"stage": "released"}})
	return cloud
}

func TestImagesByTagsDataSource(t *testing.T) {
	t.Parallel()
	p := taggedCloud(t).Protocol(t, emulator.Owner)
	type values = map[string][]string
	released := values{"stage": {"released"}}
	for name, test := range map[string]struct {
		arguments map[string]any
		want      []string // newest first
		message   string
	}{
		"all":              {nil, []string{"image-3", "image-2", "image-1", "image-0"}, ""},
		"tags":             {map[string]any{"tags": released}, []string{"image-2", "image-0"}, ""},
		"tags, two":        {map[string]any{"tags": values{"stage": {"released"}, "team": {}}}, []string{"image-0"}, ""},
		"tags, two values": {map[string]any{"tags": values{"stage": {"released", "test"}}}, []string{"image-2", "image-1", "image-0"}, ""},
		"any value":        {map[string]any{"tags": values{"outdated": {}}}, []string{"image-2"}, ""},
		"tags_any":         {map[string]any{"tags_any": values{"outdated": {}, "team": {"platform"}}}, []string{"image-2", "image-1", "image-0"}, ""},
		"not_tags":         {map[string]any{"not_tags": values{"stage": {"released"}, "team": {"platform"}}}, []string{"image-3", "image-2", "image-1"}, ""},
		"not_tags_any":     {map[string]any{"not_tags_any": values{"outdated": {}, "team": {"platform"}}}, []string{"image-3"}, ""},
		"without_any_tag":  {map[string]any{"without_any_tag": true}, []string{"image-3"}, ""},
		"matches":          {map[string]any{"matches": map[string]string{"resource_name": "image-1"}}, []string{"image-1"}, ""},
		"together":         {map[string]any{"tags": released, "not_tags_any": values{"outdated": {}}}, []string{"image-0"}, ""},
		"none":             {map[string]any{"tags": values{"stage": {"none"}}}, nil, ""},
		"contradiction":    {map[string]any{"tags": released, "without_any_tag": true}, nil, "fits no condition"},
		"no such match":    {map[string]any{"matches": map[string]string{"name": "a"}}, nil, "resource_name"},
		"empty condition":  {map[string]any{"tags": values{}}, nil, "at least 1"},
		"long key":         {map[string]any{"tags": values{strings.Repeat("k", 129): {}}}, nil, "between 1 and 128"},
	} {
		found, told := p.Look("ims_images_by_tags", test.arguments)
		if test.message != "" {
			acctest.Says(t, told, test.message)
			continue
		}
		acctest.Silent(t, told)
		if diff := cmp.Diff(test.want, namesOf(t, found["images"])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// namesOf are the names of images that a data source found.
func namesOf(t *testing.T, list tftypes.Value) []string {
	t.Helper()
	var images []tftypes.Value
	if err := list.As(&images); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, image := range images {
		var attributes map[string]tftypes.Value
		var name string
		if image.As(&attributes) != nil || attributes["name"].As(&name) != nil {
			t.Fatal("an image without a name")
		}
		names = append(names, name)
	}
	return names
}

// TestImagesByTagsKnownLater: conditions that are known only after an apply, with an engine.
func TestImagesByTagsKnownLater(t *testing.T) {
	t.Parallel()
	cloud := taggedCloud(t)
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: cloud.Config(`
resource "terraform_data" "late" {
  input = "released"
}
data "ims_images_by_tags" "test" {
  tags = { stage = [terraform_data.late.output] }
}
`),
		Check: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr("data.ims_images_by_tags.test", "ids.#", "2"),
			resource.TestCheckResourceAttr("data.ims_images_by_tags.test", "images.0.name", "image-2")),
	}}})
}

// TestImagesByTagsDataSourcePages reads to the end.
func TestImagesByTagsDataSourcePages(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	var want []string
	for i := range 1203 {
		want = append(want, fmt.Sprintf("bulk-%04d", i))
		cloud.AddImage(emulator.Image{Name: want[i], Tags: map[string]string{"bulk": ""}})
	}
	found, told := cloud.Protocol(t, emulator.Owner).Look("ims_images_by_tags", map[string]any{"tags": map[string][]string{"bulk": {}}})
	acctest.Silent(t, told)
	if got := namesOf(t, found["images"]); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%d images were found, not %d", len(got), len(want))
	}
}
