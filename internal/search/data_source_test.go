package search_test

import (
	"fmt"
	"regexp"
	"strings"
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
	first := own("app-1", "2026-01-01T00:00:00Z", map[string]string{"a": "1"})
	latest := own("app-2", "2026-01-03T00:00:00Z", map[string]string{"a": "1", "b": "2"})
	twin1 := own("twin", "2026-01-02T00:00:00Z", nil)
	twin2 := own("twin", "2026-01-02T00:00:00Z", nil)
	shared := cloud.AddImage(emulator.Image{
		Name: "app-9", Owner: emulator.Receiver.ProjectID, CreatedAt: at(t, "2026-02-01T00:00:00Z"),
		Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}},
	})
	// Others of the same names that are newer, and cannot be used.
	for _, status := range []string{"queued", "saving", "killed", "deleted"} {
		cloud.AddImage(emulator.Image{Name: "app-2", Status: status, CreatedAt: at(t, "2026-01-04T00:00:00Z"), Tags: map[string]string{"a": "1", "b": "2"}})
	}
	killed := cloud.AddImage(emulator.Image{Name: "broken", Status: "killed"})
	pending := cloud.AddImage(emulator.Image{
		Name: "app-9", Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "pending"}},
	})
	special := cloud.AddImage(emulator.Image{Name: "special", CreatedAt: at(t, "2026-01-01T00:00:00Z"), UpdatedAt: at(t, "2099-01-01T00:00:00Z"), Attributes: map[string]any{
		"__whole_image": "true", "__system__cmkid": emulator.KeyID, "__os_version": "CentOS 7.0 64bit", "enterprise_project_id": emulator.EnterpriseProjectID,
	}})
	private := "image_type = \"private\"\n"
	found := map[string]struct{ arguments, id string }{
		"id":                   {fmt.Sprintf("id = %q", twin1), twin1},
		"id_of_shared":         {fmt.Sprintf("id = %q\nimage_type = \"shared\"\nowner = %q", shared, emulator.Receiver.ProjectID), shared},
		"status":               {`status = "killed"` + "\n" + `name = "broken"`, killed},
		"member_pending":       {fmt.Sprintf("image_type = \"shared\"\nmember_status = \"pending\"\nowner = %q", emulator.Receiver.ProjectID), pending},
		"updated":              {private + `updated = "gt:2098-01-01T00:00:00Z"`, special},
		"whole":                {private + `whole_image = true`, special},
		"key":                  {private + fmt.Sprintf("cmk_id = %q", emulator.KeyID), special},
		"os_version":           {private + `os_version = "CentOS 7.0 64bit"`, special},
		"enterprise":           {private + fmt.Sprintf("enterprise_project_id = %q", emulator.EnterpriseProjectID), special},
		"private_by_name":      {`name = "app-1"` + "\n" + `image_type = "private"`, first},
		"regex":                {`name_regex = "^app-2$"`, latest},
		"tags":                 {`tags = { a = "1", b = "2" }`, latest},
		"most_recent":          {`name_regex = "^app-"` + "\n" + `most_recent = true`, latest},
		"most_recent_of_twins": {`name = "twin"` + "\n" + `most_recent = true`, max(twin1, twin2)},
		"created":              {`image_type = "private"` + "\n" + `created = "gt:2026-01-02T12:00:00Z"`, latest},
		"support":              {`image_type = "private"` + "\n" + `name = "app-2"` + "\n" + `support = { kvm = "true" }`, latest},
		"shared":               {`image_type = "shared"` + "\n" + `name = "app-9"` + "\n" + fmt.Sprintf("owner = %q", emulator.Receiver.ProjectID), shared},
	}
	var config strings.Builder
	var checks []resource.TestCheckFunc
	for name, test := range found {
		fmt.Fprintf(&config, "data \"ims_image\" %q {\n%s\n}\n", name, test.arguments)
		status := map[bool]string{true: "killed", false: "active"}[name == "status"]
		checks = append(checks, resource.TestCheckResourceAttr("data.ims_image."+name, "id", test.id), resource.TestCheckResourceAttr("data.ims_image."+name, "status", status))
	}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{Config: cloud.Config("%s", config.String()), Check: resource.ComposeAggregateTestCheckFunc(checks...)}}})

	for name, cases := range map[string]map[string]struct{ arguments, message string }{
		"configuration": {
			"shared_wants_owner": {`image_type = "shared"` + "\n" + `name = "app-9"`, `owner must say`},
			"empty_owner":        {`image_type = "shared"` + "\n" + `owner = ""`, `owner string length must be at least 1`},
			"empty_name":         {`name = ""`, `name string length must be at least 1`},
			"bad_regex":          {`name_regex = "("`, `regular expression`},
			"bad_comparison":     {`created = "after:2026"`, `colon and a time`},
			"bad_type":           {`image_type = "gold"`, `image_type`},
			"member_status":      {`member_status = "pending"`, `member_status goes with`},
		},
		"plan": {
			"several":                  {`name = "twin"`, `Several images found.*` + twin2 + ` 2026-01-02T00:00:00Z twin.*most_recent`},
			"none":                     {`name = "nothing"`, `No image found`},
			"id_of_another":            {`id = "` + twin1 + `"` + "\n" + `name = "app-1"`, `No image found`},
			"shared_not_found_unasked": {`name = "app-9"`, `No image found`},
		},
	} {
		var config strings.Builder
		for label, test := range cases {
			fmt.Fprintf(&config, "data \"ims_image\" %q {\n%s\n}\n", label, test.arguments)
		}
		w := cloud.Workspace(t)
		w.Configure("%s", config.String())
		result := w.Run(nil, "plan", "-no-color")
		for label, test := range cases {
			if told := errorAbout(result.Output, "data.ims_image."+label); !regexp.MustCompile(test.message).MatchString(told) {
				t.Errorf("%s, %s: no error matches %s: %s", name, label, test.message, told)
			}
		}
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
	const many = 1203 // three pages
	for i := range many {
		cloud.AddImage(emulator.Image{Name: fmt.Sprintf("bulk-%04d", i)})
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
			Config: cloud.Config("data \"ims_images\" \"test\" {\n  image_type = \"private\"\n  name_regex = \"^bulk-(0000|0600|1202)$\"\n  sort_key = \"name\"\n  sort_direction = \"asc\"\n}\n"),
			Check:  resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(all, "ids.#", "3"), order("bulk-0000", "bulk-0600", "bulk-1202")),
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

// errorAbout is the text of the errors that an engine shows about a resource, with its line breaks taken out.
func errorAbout(output, address string) string {
	var about []string
	for _, part := range strings.Split(output, "\nError: ") {
		if strings.Contains(part, "with "+address+",") {
			about = append(about, strings.Join(strings.Fields(part), " "))
		}
	}
	return strings.Join(about, "\n")
}
