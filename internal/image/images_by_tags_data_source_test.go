package image_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestImagesByTagsDataSource(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	for i, tags := range []map[string]string{
		{"stage": "released", "team": "platform"}, {"stage": "test", "team": "platform"}, {"stage": "released", "outdated": ""}, {},
	} {
		cloud.AddImage(emulator.Image{Name: fmt.Sprintf("image-%d", i), Tags: tags, CreatedAt: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)})
	}
	cloud.AddImage(emulator.Image{Name: "stranger's", Owner: emulator.Receiver.ProjectID, Tags: map[string]string{"stage": "released"}})
	for name, test := range map[string]struct {
		arguments string
		want      []string // newest first
		message   string
	}{
		"all":              {arguments: "", want: []string{"image-3", "image-2", "image-1", "image-0"}},
		"tags":             {arguments: `tags = { stage = ["released"] }`, want: []string{"image-2", "image-0"}},
		"tags, two":        {arguments: `tags = { stage = ["released"], team = [] }`, want: []string{"image-0"}},
		"tags, two values": {arguments: `tags = { stage = ["released", "test"] }`, want: []string{"image-2", "image-1", "image-0"}},
		"any value":        {arguments: `tags = { outdated = [] }`, want: []string{"image-2"}},
		"tags_any":         {arguments: `tags_any = { outdated = [], team = ["platform"] }`, want: []string{"image-2", "image-1", "image-0"}},
		"not_tags":         {arguments: `not_tags = { stage = ["released"], team = ["platform"] }`, want: []string{"image-3", "image-2", "image-1"}},
		"not_tags_any":     {arguments: `not_tags_any = { outdated = [], team = ["platform"] }`, want: []string{"image-3"}},
		"without_any_tag":  {arguments: `without_any_tag = true`, want: []string{"image-3"}},
		"matches":          {arguments: `matches = { resource_name = "image-1" }`, want: []string{"image-1"}},
		"together":         {arguments: "tags = { stage = [\"released\"] }\nnot_tags_any = { outdated = [] }", want: []string{"image-0"}},
		"none":             {arguments: `tags = { stage = ["none"] }`, want: []string{}},
		"contradiction":    {arguments: "tags = { stage = [\"released\"] }\nwithout_any_tag = true", message: `(?s)fits\s+no\s+condition`},
		"no such match":    {arguments: `matches = { name = "a" }`, message: `resource_name`},
		"empty condition":  {arguments: `tags = {}`, message: `at least 1`},
		"long key":         {arguments: `tags = { "0123456789012345678901234567890123456" = [] }`, message: `between 1 and 36`},
		"unknown":          {arguments: `tags = { stage = [terraform_data.late.output] }` + "\n}\nresource \"terraform_data\" \"late\" {\n  input = \"released\"", want: []string{"image-2", "image-0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := resource.TestStep{Config: cloud.Config("data \"ims_images_by_tags\" \"test\" {\n%s\n}\n", test.arguments)}
			if test.message != "" {
				step.ExpectError = regexp.MustCompile(test.message)
			} else {
				var images []knownvalue.Check
				for _, want := range test.want {
					images = append(images, knownvalue.ObjectPartial(map[string]knownvalue.Check{"name": knownvalue.StringExact(want), "status": knownvalue.StringExact("active")}))
				}
				step.ConfigStateChecks = []statecheck.StateCheck{
					statecheck.ExpectKnownValue("data.ims_images_by_tags.test", tfjsonpath.New("images"), knownvalue.ListExact(slices.Clip(images))),
				}
				step.Check = resource.TestCheckResourceAttr("data.ims_images_by_tags.test", "ids.#", fmt.Sprint(len(test.want)))
			}
			cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{step}})
		})
	}
}

// TestImagesByTagsDataSourcePages reads to the end.
func TestImagesByTagsDataSourcePages(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	const many = 1203
	for range many {
		cloud.AddImage(emulator.Image{Tags: map[string]string{"bulk": ""}})
	}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: cloud.Config("data \"ims_images_by_tags\" \"test\" {\n  tags = { bulk = [] }\n}\n"),
		Check:  resource.TestCheckResourceAttr("data.ims_images_by_tags.test", "ids.#", fmt.Sprint(many)),
	}}})
}
