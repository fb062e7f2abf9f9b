package provider_test

import (
	"fmt"
	"testing"

	acceptance "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestLive runs on a real cloud; TestLiveOnEmulator is the same in the suite.
func TestLive(t *testing.T) {
	t.Parallel()
	live(t, func(t *testing.T) acctest.Site { t.Helper(); return acctest.Real(t) })
}

func TestLiveOnEmulator(t *testing.T) {
	t.Parallel()
	live(t, func(t *testing.T) acctest.Site {
		t.Helper()
		return acctest.Start(t, emulator.Options{}).Site(t)
	})
}

// live makes an image from each source that there is, changes it in place, imports and shares it. The harness expects
// an empty plan after each step, and deletes everything at the end.
func live(t *testing.T, at func(*testing.T) acctest.Site) {
	t.Helper()
	for name, source := range map[string]func(acctest.Site) string{
		"server": func(s acctest.Site) string { return argument("instance_id", s.InstanceID, "") },
		"volume": func(s acctest.Site) string {
			return argument("volume_id", s.VolumeID, `os_version = "Debian GNU/Linux 12.0.0 64bit"`)
		},
		"file": func(s acctest.Site) string { return argument("image_url", s.ImageURL, "min_disk = 10") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := at(t)
			from := source(site)
			if from == "" {
				t.Skip("nothing to make an image from")
			}
			acceptance.UnitTest(t, acceptance.TestCase{
				ProtoV6ProviderFactories: site.Factories, Steps: liveSteps(&site, from),
			})
		})
	}
}

// liveSteps create, update, import, share and read one image.
func liveSteps(site *acctest.Site, from string) []acceptance.TestStep {
	const address = "ims_system_disk_image.test"
	image := func(name, arguments string) string {
		return site.Provider + fmt.Sprintf(`
resource "ims_system_disk_image" "test" {
  name = %q
  %s
  %s
}
`, name, from, arguments)
	}
	shared := image("terraform-provider-ims-test-2", `tags = { stage = "2" }`)
	if site.ReceiverProjectID != "" {
		shared += fmt.Sprintf(`
resource "ims_image_share" "test" {
  image_id    = %s.id
  project_ids = [%q]
}
`, address, site.ReceiverProjectID)
	}

	step := func(
		config string, action plancheck.ResourceActionType, checks ...acceptance.TestCheckFunc,
	) acceptance.TestStep {
		return acceptance.TestStep{
			Config: config, Check: acceptance.ComposeAggregateTestCheckFunc(checks...),
			ConfigPlanChecks: acceptance.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
			},
		}
	}
	attribute := func(name, want string) acceptance.TestCheckFunc {
		return acceptance.TestCheckResourceAttr(address, name, want)
	}
	return []acceptance.TestStep{
		step(image("terraform-provider-ims-test", `tags = { stage = "1", team = "test" }`),
			plancheck.ResourceActionCreate, attribute("status", "active"), attribute("tags_all.team", "test")),
		step(image("terraform-provider-ims-test-2", "tags = { stage = \"2\" }\n  description = \"a test\"\n  min_ram = 1024"),
			plancheck.ResourceActionUpdate, attribute("description", "a test"), attribute("min_ram", "1024")),
		{
			ResourceName: address, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"job_id", "os_version"},
		},
		step(shared, plancheck.ResourceActionUpdate),
		{
			Config: shared + "data \"ims_image\" \"test\" {\n  id = " + address + ".id\n}\ndata \"ims_quotas\" \"test\" {}\n",
			Check:  acceptance.TestCheckResourceAttrPair("data.ims_image.test", "id", address, "id"),
		},
	}
}

// argument is a source with what goes with it, or nothing where there is none.
func argument(name, value, more string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf("%s = %q\n  %s", name, value, more)
}
