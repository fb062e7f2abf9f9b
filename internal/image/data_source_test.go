package image_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const (
	one = "data.ims_image.test"
	all = "data.ims_images.test"
)

func at(t *testing.T, moment string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestImageDataSource(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	own := func(name, created string, tags map[string]string) string {
		return cloud.AddImage(emulator.Image{
			Name: name, Owner: emulator.Owner.ProjectID, Tags: tags, CreatedAt: at(t, created),
		})
	}
	own("app-1", "2026-01-01T00:00:00Z", map[string]string{"a": "1"})
	latest := own("app-2", "2026-01-03T00:00:00Z", map[string]string{"a": "1", "b": "2"})
	twin1 := own("twin", "2026-01-02T00:00:00Z", nil)
	twin2 := own("twin", "2026-01-02T00:00:00Z", nil)
	shared := cloud.AddImage(emulator.Image{
		Name: "app-9", Owner: emulator.Receiver.ProjectID, CreatedAt: at(t, "2026-02-01T00:00:00Z"),
		Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}},
	})
	for name, test := range map[string]struct {
		arguments string
		id        string
		message   string
	}{
		"private by name":             {arguments: `name = "app-1"` + "\n" + `image_type = "private"`},
		"regex":                       {arguments: `name_regex = "^app-2$"`, id: latest},
		"tags":                        {arguments: `tags = { a = "1", b = "2" }`, id: latest},
		"most recent":                 {arguments: `name_regex = "^app-"` + "\n" + `most_recent = true`, id: latest},
		"most recent, same time":      {arguments: `name = "twin"` + "\n" + `most_recent = true`, id: max(twin1, twin2)},
		"created":                     {arguments: `image_type = "private"` + "\n" + `created = "gt:2026-01-02T12:00:00Z"`, id: latest},
		"support":                     {arguments: `image_type = "private"` + "\n" + `name = "app-2"` + "\n" + `support = { kvm = "true" }`, id: latest},
		"several":                     {arguments: `name = "twin"`, message: `(?s)Several images found.*` + twin2 + `|` + twin1},
		"none":                        {arguments: `name = "nothing"`, message: `No image found`},
		"shared is not found unasked": {arguments: `name = "app-9"`, message: `No image found`},
		"shared wants the owner":      {arguments: `image_type = "shared"` + "\n" + `name = "app-9"`, message: `owner must say`},
		"shared":                      {arguments: `image_type = "shared"` + "\n" + `name = "app-9"` + "\n" + fmt.Sprintf("owner = %q", emulator.Receiver.ProjectID), id: shared},
		"bad regex":                   {arguments: `name_regex = "("`, message: `regular expression`},
		"bad comparison":              {arguments: `created = "after:2026"`, message: `colon and a time`},
		"bad type":                    {arguments: `image_type = "gold"`, message: `image_type`},
		"member status":               {arguments: `member_status = "pending"`, message: `member_status goes with`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := resource.TestStep{Config: cloud.Config("data \"ims_image\" \"test\" {\n%s\n}\n", test.arguments)}
			if test.message != "" {
				step.ExpectError = regexp.MustCompile(test.message)
			} else {
				checks := []resource.TestCheckFunc{resource.TestCheckResourceAttr(one, "status", "active"), resource.TestCheckResourceAttrSet(one, "created_at")}
				if test.id != "" {
					checks = append(checks, resource.TestCheckResourceAttr(one, "id", test.id))
				}
				step.Check = resource.ComposeAggregateTestCheckFunc(checks...)
			}
			cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{step}})
		})
	}
}

func TestImageDataSourcePublic(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: cloud.Config(`
data "ims_image" "test" {
  image_type  = "public"
  platform    = "Debian"
  os_bit      = 64
  os_type     = "Linux"
  architecture = "x86"
  virtual_env_type = "FusionCompute"
  most_recent = true
}
`),
		Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(one, "image_type", "public"), resource.TestCheckResourceAttr(one, "visibility", "public"),
			resource.TestCheckResourceAttr(one, "platform", "Debian"), resource.TestCheckResourceAttr(one, "protected", "true"),
			resource.TestCheckResourceAttr(one, "os_bit", "64"), resource.TestCheckResourceAttrSet(one, "min_disk")),
	}}})
}

func TestImagesDataSource(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	const many = 1203
	for i := range many {
		cloud.AddImage(emulator.Image{Name: fmt.Sprintf("bulk-%04d", i), Status: "active", Owner: emulator.Owner.ProjectID})
	}
	order := func(want ...string) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			attributes := s.RootModule().Resources[all].Primary.Attributes
			for i, name := range want {
				if got := attributes[fmt.Sprintf("images.%d.name", i)]; got != name {
					return fmt.Errorf("image %d is %q, want %q", i, got, name)
				}
			}
			return nil
		}
	}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: cloud.Config("data \"ims_images\" \"test\" {\n  image_type = \"private\"\n  sort_key = \"name\"\n  sort_direction = \"asc\"\n}\n"),
			Check:  resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(all, "ids.#", fmt.Sprint(many)), order("bulk-0000", "bulk-0001")),
		},
		{
			Config: cloud.Config("data \"ims_images\" \"test\" {\n  image_type = \"private\"\n  name_regex = \"^bulk-000[0-3]$\"\n  sort_key = \"name\"\n}\n"),
			Check:  resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(all, "ids.#", "4"), order("bulk-0003", "bulk-0002", "bulk-0001", "bulk-0000")),
		},
		{
			Config: cloud.Config("data \"ims_images\" \"test\" {\n  name = \"nothing\"\n}\n"),
			Check:  resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(all, "ids.#", "0"), resource.TestCheckResourceAttr(all, "images.#", "0")),
		},
		{
			Config: cloud.Config("data \"ims_images\" \"test\" {\n  image_type = \"private\"\n  most_recent = true\n}\n"),
			Check:  resource.TestCheckResourceAttr(all, "ids.#", "1"),
		},
	}})
}
