package image_test

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const replicaAddress = "ims_image_replica.test"

func replica(source string, arguments ...string) string {
	return fmt.Sprintf(`
resource "ims_image_replica" "test" {
  name            = "replica"
  source_image_id = %q
  %s
}
`, source, strings.Join(arguments, "\n  "))
}

func farReplica(source string, arguments ...string) string {
	return replica(source, append([]string{fmt.Sprintf("target_region = %q", emulator.FarRegion), fmt.Sprintf("agency_name = %q", emulator.CopyAgency)}, arguments...)...)
}

func plannedReplica(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(replicaAddress, action)}}
}

func replicaHas(name, want string) resource.TestCheckFunc {
	return resource.TestCheckResourceAttr(replicaAddress, name, want)
}

// TestImageReplicaLifecycle in both regions: made, changed in place, outlives its source, imported, made again with another key.
func TestImageReplicaLifecycle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config  func(string, ...string) string
		project string
		prefix  string // of the id to import
		ignore  []string
		other   string // an argument that makes a new replica
	}{
		"in the region":  {replica, emulator.Owner.ProjectID, "", nil, fmt.Sprintf("cmk_id = %q", emulator.KeyID)},
		"another region": {farReplica, emulator.OwnerFar.ProjectID, emulator.FarRegion + "/", []string{"agency_name"}, fmt.Sprintf("target_project_name = %q\nvault_id = %q", emulator.FarRegion, emulator.VaultID)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{CrossRegionCopy: true}})
			id := cloud.AddImage(emulator.Image{Name: "golden", Tags: map[string]string{"source": "1"}})
			cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
				{
					Config: cloud.Config("%s", test.config(id, `description = "d"`, `tags = { a = "1" }`, "min_ram = 1024")), ConfigPlanChecks: plannedReplica(plancheck.ResourceActionCreate),
					Check: resource.ComposeAggregateTestCheckFunc(replicaHas("status", "active"), replicaHas("tags_all.a", "1"), replicaHas("min_ram", "1024"),
						replicaHas("owner", test.project), replicaHas("data_origin", "image,"+emulator.Region+","+id), resource.TestCheckResourceAttrSet(replicaAddress, "job_id")),
				},
				{
					PreConfig: func() {
						if err := cloud.DeleteImage(id); err != nil {
							t.Error(err)
						}
					},
					Config: cloud.Config("%s", test.config(id, `tags = { b = "2" }`)), ConfigPlanChecks: plannedReplica(plancheck.ResourceActionUpdate),
					Check: resource.ComposeAggregateTestCheckFunc(replicaHas("tags_all.b", "2"), replicaHas("tags_all.%", "1"), func(*terraform.State) error {
						if images := cloud.Images(test.project); len(images) != 1 || images[0].Tags["b"] != "2" {
							return fmt.Errorf("the project holds %v", images)
						}
						return nil
					}),
				},
				{
					ResourceName: replicaAddress, ImportState: true, ImportStateVerify: true, ImportStateIdPrefix: test.prefix,
					ImportStateVerifyIgnore: append(test.ignore, "job_id"),
				},
				// What is needed for a new replica alone is checked when there is to be one.
				{Config: cloud.Config("%s", test.config(id, test.other)), PlanOnly: true, ExpectError: regexp.MustCompile("There is no image " + id)},
			}})
			if left := append(cloud.Images(emulator.OwnerFar.ProjectID), cloud.OwnImages()...); len(left) != 0 {
				t.Errorf("%d images are left after the destroy", len(left))
			}
		})
	}
}

// TestImageReplicaPlan: what the service would refuse is refused by the plan.
func TestImageReplicaPlan(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	whole := map[string]any{"__whole_image": "true"}
	far := map[string]any{"target_region": emulator.FarRegion, "agency_name": emulator.CopyAgency}
	for name, test := range map[string]struct {
		attributes map[string]any // of the source
		arguments  map[string]any
		message    string // nothing: the plan is fine
	}{
		"fine":            {nil, nil, ""},
		"ISO":             {map[string]any{"virtual_env_type": "IsoImage"}, nil, `is an ISO image`},
		"full ECS":        {whole, nil, `only to another region`},
		"full ECS, far":   {whole, far, `vault_id must name the vault`},
		"full ECS, vault": {whole, with(far, map[string]any{"vault_id": emulator.VaultID}), ""},
		"public":          {map[string]any{"__imagetype": "gold", "visibility": "public"}, nil, `is a public image`},
		"same key":        {map[string]any{"__system__cmkid": emulator.KeyID}, map[string]any{"cmk_id": emulator.KeyID}, `must be another one`},
		"own region":      {nil, map[string]any{"target_region": emulator.Region, "agency_name": "a"}, `Leave target_region out`},
		"no agency":       {nil, map[string]any{"target_region": emulator.FarRegion}, `agency_name is required`},
		"agency alone":    {nil, map[string]any{"agency_name": "a"}, `only together with target_region`},
		"key in other":    {nil, with(far, map[string]any{"cmk_id": emulator.KeyID}), `without target_region`},
		"absent":          {nil, map[string]any{"source_image_id": "11111111-2222-3333-4444-555555555555"}, `There is no image`},
	} {
		arguments := with(map[string]any{"name": "replica", "source_image_id": cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.attributes})}, test.arguments)
		plan, _ := p.Manage("ims_image_replica").Plan(arguments)
		if told := acctest.Told(plan.Diagnostics); test.message != "" {
			acctest.Says(t, told, test.message)
		} else if len(told) > 0 {
			t.Errorf("%s: told %v", name, told)
		}
	}
}

// TestImageReplicaNotOffered: where a cloud has no cross-region replication the user reads that, and nothing is made.
func TestImageReplicaNotOffered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ region, message string }{
		"refused by the request": {emulator.FarRegion, `does\s+not\s+offer\s+cross-region\s+replication.\s+Leave\s+target_region\s+out`},
		"refused by the sign-in": {"eu-nowhere", `Nothing\s+was\s+made:\s+region\s+eu-nowhere.*no\s+access\s+to\s+the\s+project.*Check\s+target_region.*do\s+not\s+offer\s+cross-region`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			id := cloud.AddImage(emulator.Image{Name: "golden"})
			cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
				Config:      cloud.Config("%s", replica(id, fmt.Sprintf("target_region = %q", test.region), fmt.Sprintf("agency_name = %q", emulator.CopyAgency))),
				ExpectError: regexp.MustCompile(`(?s)Unable to create image replica.*` + test.message),
			}}})
			if left := len(cloud.OwnImages()) + len(cloud.Images(emulator.OwnerFar.ProjectID)); left != 1 {
				t.Errorf("%d images, want the source alone", left)
			}
		})
	}
}

// TestImageReplicaShared: an image that another project shares can be replicated, also under another name for the project.
func TestImageReplicaShared(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	id := cloud.AddImage(emulator.Image{Name: "theirs", Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}})
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: cloud.Config("%s", replica(id, fmt.Sprintf("cmk_id = %q", emulator.KeyID))),
		Check:  resource.ComposeAggregateTestCheckFunc(replicaHas("owner", emulator.Owner.ProjectID), replicaHas("cmk_id", emulator.KeyID)),
	}}})
}

// TestImageReplicaImport: a replica is imported as one, or as what it holds; on clouds that do not tell an image's origin, any
// image may be a replica.
func TestImageReplicaImport(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	const source, replicaType = "11111111-2222-3333-4444-555555555555", "ims_image_replica"
	origin := map[string]any{"__data_origin": "image," + emulator.Region + "," + source}
	for name, test := range map[string]struct {
		attributes map[string]any // of the image
		typeName   string
		arguments  map[string]any // the plan with them replaces nothing
		message    string
	}{
		"as a replica":      {origin, replicaType, map[string]any{"source_image_id": source}, ""},
		"as what it holds":  {origin, systemType, nil, ""},
		"as what it is not": {with(origin, map[string]any{"virtual_env_type": "DataImage"}), systemType, nil, `ims_image_replica`},
		"origin not told":   {nil, replicaType, nil, ""},
		"no replica":        {map[string]any{"__data_origin": "instance,x"}, replicaType, nil, `ims_system_disk_image`},
	} {
		m := p.Manage(test.typeName)
		told := m.Import(cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.attributes}))
		if test.message != "" {
			acctest.Says(t, told, test.message)
			continue
		}
		acctest.Silent(t, told)
		if plan, replace := m.Plan(with(map[string]any{"name": "golden"}, test.arguments)); len(replace) > 0 || len(plan.Diagnostics) > 0 {
			t.Errorf("%s: the plan replaces for %v, and tells %v", name, replace, acctest.Told(plan.Diagnostics))
		}
	}
}

// TestImageReplicaCut: a creation that is cut leaves exactly one image, in the target region, too.
func TestImageReplicaCut(t *testing.T) {
	t.Parallel()
	// holds fails unless the cloud has the source and one replica, which is the state's.
	holds := func(cloud *acctest.Cloud, made any) error {
		all := append(cloud.OwnImages(), cloud.Images(emulator.OwnerFar.ProjectID)...)
		if len(all) != 2 || made != all[0].ID && made != all[1].ID {
			return fmt.Errorf("the state has %v, the cloud %d images", made, len(all))
		}
		return nil
	}
	for name, fault := range map[string]emulator.Fault{"answer lost": {DropAnswer: true}, "record of the job is gone": {ForgetJob: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{CrossRegionCopy: true}})
			id := cloud.AddImage(emulator.Image{Name: "golden"})
			fault.Method, fault.Path, fault.Times = "POST", "/v1/cloudimages/*/cross_region_copy", 1
			cloud.Inject(fault)
			cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
				Config: cloud.Config("%s", farReplica(id)),
				Check: func(s *terraform.State) error {
					return holds(cloud, s.RootModule().Resources[replicaAddress].Primary.ID)
				},
			}}})
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		t.Parallel()
		cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{CrossRegionCopy: true}})
		w := cloud.Workspace(t)
		w.Configure("%s", farReplica(cloud.AddImage(emulator.Image{Name: "golden"}), `tags = { a = "1" }`))
		run := w.Start(nil, "apply", "-auto-approve", "-no-color")
		cloud.AwaitRequest(t, jobPolled)
		run.SignalGroup(syscall.SIGINT)
		result := run.Wait()
		if state, ok := w.State()[replicaAddress]; !ok || state.Status != "" || state.Attributes["id"] != nil {
			t.Fatalf("the replica is not in the state, tainted or made:\n%s", result.Output)
		}
		cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
		if err := holds(cloud, w.State()[replicaAddress].Attributes["id"]); err != nil {
			t.Error(err)
		}
		w.ExpectEmptyPlan()
	})
}
