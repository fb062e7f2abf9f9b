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
		"part of a name":   {map[string]any{"matches": map[string]string{"resource_name": "age-2"}}, []string{"image-2"}, ""},
		"empty name":       {map[string]any{"matches": map[string]string{"resource_name": ""}}, nil, "between 1 and 255"},
		"null match":       {map[string]any{"matches": map[string]any{"resource_id": nil}}, nil, `attribute "resource_id" is null`},
		"null tag":         {map[string]any{"tags": map[string]any{"stage": nil}}, nil, `tag "stage" is null`},
		"null value":       {map[string]any{"not_tags_any": map[string]any{"x": []any{"a", nil}}}, nil, `A value of tag "x" is null`},
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
	var names []string
	for _, image := range objects(t, list) {
		var name string
		if err := image["name"].As(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// objects are the objects of a list, by the names of their attributes.
func objects(t *testing.T, list tftypes.Value) []map[string]tftypes.Value {
	t.Helper()
	var elements []tftypes.Value
	if err := list.As(&elements); err != nil {
		t.Fatal(err)
	}
	all := make([]map[string]tftypes.Value, len(elements))
	for i, element := range elements {
		if err := element.As(&all[i]); err != nil {
			t.Fatal(err)
		}
	}
	return all
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

// TestImagesByTagsShowImages: the service's answer has next to nothing of an image, and the data source shows it as it
// is, whether it was found alone or among many.
func TestImagesByTagsShowImages(t *testing.T) {
	t.Parallel()
	for _, others := range []int{0, 5} {
		cloud := acctest.Start(t, emulator.Options{})
		cloud.AddImage(emulator.Image{
			Name: "arm", MinDisk: 77, Tags: map[string]string{"stage": "released"},
			CreatedAt:  time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
			Attributes: map[string]any{"__support_arm": "true", "hw_firmware_type": "uefi", "__image_size": "4711"},
		})
		for range others {
			cloud.AddImage(emulator.Image{Tags: map[string]string{"stage": "released"}})
		}
		p := cloud.Protocol(t, emulator.Owner)
		cloud.ResetJournal()
		found, told := p.Look("ims_images_by_tags", map[string]any{"tags": map[string][]string{"stage": {"released"}}})
		acctest.Silent(t, told)
		calls := []string{"POST /v2/" + emulator.Owner.ProjectID + "/images/resource_instances/action", "GET /v2/cloudimages"}
		if diff := cmp.Diff(calls, cloud.Calls()); diff != "" {
			t.Errorf("%d others (-want +got):\n%s", others, diff)
		}
		images := objects(t, found["images"])
		if len(images) != 1+others {
			t.Fatalf("found %d images", len(images))
		}
		for attribute, want := range map[string]string{
			"name": `"arm"`, "architecture": `"arm"`, "min_disk": `"77"`, "image_size": `"4711"`, "hw_firmware_type": `"uefi"`,
			"status": `"active"`, "owner": `"` + emulator.Owner.ProjectID + `"`, "platform": `"Debian"`,
		} {
			if got := images[0][attribute].String(); !strings.Contains(got, "<"+want+">") {
				t.Errorf("%d others: %s is %s, want %s", others, attribute, got, want)
			}
		}
	}
}

// TestImagesByTagsMatches: what a name is compared with is the service's affair.
func TestImagesByTagsMatches(t *testing.T) {
	t.Parallel()
	for whole, want := range map[bool][]string{false: {"golden-2", "golden"}, true: {"golden"}} {
		cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{NamesMatchWhole: whole}})
		id := cloud.AddImage(emulator.Image{Name: "golden", CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		cloud.AddImage(emulator.Image{Name: "golden-2", CreatedAt: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)})
		cloud.AddImage(emulator.Image{Name: "other"})
		p := cloud.Protocol(t, emulator.Owner)
		for key, test := range map[string]struct {
			value string
			want  []string
		}{"resource_name": {"golden", want}, "resource_id": {id, []string{"golden"}}} {
			found, told := p.Look("ims_images_by_tags", map[string]any{"matches": map[string]string{key: test.value}})
			acctest.Silent(t, told)
			if diff := cmp.Diff(test.want, namesOf(t, found["images"])); diff != "" {
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
	found, told := cloud.Protocol(t, emulator.Owner).Look("ims_images_by_tags", nil)
	acctest.Silent(t, told)
	if diff := cmp.Diff([]string{"there"}, namesOf(t, found["images"])); diff != "" {
		t.Error(diff)
	}
}
