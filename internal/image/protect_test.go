package image_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestSystemDiskImageProtected: a plan that would delete or replace a protected image is refused with the way out.
func TestSystemDiskImageProtected(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	wayOut := regexp.MustCompile(`(?s)protected = false and apply\s+that\s+first`)
	empty := cloud.Config("")
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: cloud.Config("%s", fromFile("protected = true")), Check: value("protected", "true")},
			{Config: empty, ExpectError: wayOut},
			{Config: cloud.Config("%s", fromServer("protected = true")), ExpectError: wayOut},
			{Config: cloud.Config("%s", fromServer()), ExpectError: wayOut},
			{Config: cloud.Config("%s", fromFile()), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate)},
			{Config: empty},
		},
	})
	if left := cloud.OwnImages(); len(left) != 0 {
		t.Errorf("%d images are left", len(left))
	}
}

// TestSystemDiskImagePolicyChangedInReplacingPlan: what becomes of the old image must not depend on which of two values counts.
func TestSystemDiskImagePolicyChangedInReplacingPlan(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	refused := regexp.MustCompile(`(?s)Unable to replace system disk image.*by\s+itself\s+first`)
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: cloud.Config("%s", fromFile())},
			{Config: cloud.Config("%s", fromServer(`deletion_policy = "retain"`)), ExpectError: refused},
			{Config: cloud.Config("%s", fromServer("protected = true")), ExpectError: refused},
			{Config: cloud.Config("%s", fromFile(`deletion_policy = "retain"`)), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate)},
			{Config: cloud.Config("%s", fromServer()), ExpectError: refused},
			{Config: cloud.Config("%s", fromServer(`deletion_policy = "retain"`)), ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate)},
		},
	})
	// The replaced one was left, and so was the destroyed one.
	if left := cloud.OwnImages(); len(left) != 2 {
		t.Errorf("%d images are left", len(left))
	}
}

// TestSystemDiskImageProtectedRetained: a protected image that is to be left may go from the state.
func TestSystemDiskImageProtectedRetained(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{{Config: cloud.Config("%s", fromFile("protected = true", `deletion_policy = "retain"`))}},
	})
	if !cloud.Only(t).Protected {
		t.Error("the image lost its protection")
	}
}

// TestSystemDiskImageTags: default tags are merged, ignored ones left alone, and nothing is ever wiped.
func TestSystemDiskImageTags(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := func(block string, arguments ...string) string {
		return cloud.Provider(emulator.Owner, block) + fromFile(arguments...)
	}
	defaults := `default_tags = { team = "platform", stage = "test" }`
	ignoring := strings.Join([]string{defaults, `ignore_tags = { keys = ["scanned"], key_prefixes = ["sys-"] }`}, "\n")
	tags := func(want map[string]string) func() {
		return func() {
			t.Helper()
			has := cloud.Only(t).Tags
			for key, value := range want {
				if has[key] != value {
					t.Errorf("the image's tags are %v, want %v", has, want)
				}
			}
			if len(has) != len(want) {
				t.Errorf("the image's tags are %v, want %v", has, want)
			}
		}
	}
	outside := func(key, value string) {
		if err := cloud.UpdateImage(cloud.Only(t).ID, func(i *emulator.Image) { i.Tags[key] = value }); err != nil {
			t.Fatal(err)
		}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config: config(defaults, `tags = { own = "1", stage = "prod" }`),
				Check: resource.ComposeAggregateTestCheckFunc(value("tags.%", "2"), value("tags_all.%", "3"), value("tags_all.stage", "prod"),
					value("tags_all.team", "platform")),
			},
			{
				PreConfig: func() {
					tags(map[string]string{"own": "1", "stage": "prod", "team": "platform"})()
					outside("scanned", "yes")
					outside("sys-a", "b")
				},
				Config:           config(ignoring, `tags = { own = "1", stage = "prod" }`),
				ConfigPlanChecks: planned(plancheck.ResourceActionNoop),
			},
			{
				Config:           config(ignoring, `tags = { own = "2" }`),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeAggregateTestCheckFunc(value("tags_all.%", "3"), value("tags_all.stage", "test")),
			},
			{
				PreConfig:        tags(map[string]string{"own": "2", "stage": "test", "team": "platform", "scanned": "yes", "sys-a": "b"}),
				Config:           config(strings.Replace(ignoring, "platform", "images", 1), `tags = { own = "2" }`),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				Check:            value("tags_all.team", "images"),
			},
			{
				PreConfig: tags(map[string]string{"own": "2", "stage": "test", "team": "images", "scanned": "yes", "sys-a": "b"}),
				Config:    config(`ignore_tags = { keys = ["scanned"], key_prefixes = ["sys-"] }`),
				Check:     resource.TestCheckNoResourceAttr(address, "tags.%"),
			},
			{
				PreConfig: tags(map[string]string{"scanned": "yes", "sys-a": "b"}),
				Config:    config(`ignore_tags = { keys = ["scanned"], key_prefixes = ["sys-"] }`, "tags = {}"),
			},
		},
	})
}
