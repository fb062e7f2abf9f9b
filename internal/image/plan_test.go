package image_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// with is arguments with more of them.
func with(arguments map[string]any, more ...map[string]any) map[string]any {
	all := maps.Clone(arguments)
	for _, some := range more {
		maps.Copy(all, some)
	}
	return all
}

var systemArguments = map[string]any{"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40}

// TestEmptySource: a source that says nothing is none.
func TestEmptySource(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	for typeName, sources := range map[string][]string{
		systemType: {"instance_id", "volume_id", "image_url"}, "ims_data_disk_image": {"volume_id", "image_url"}, isoType: {"image_url"},
		"ims_full_ecs_image": {"instance_id", "backup_id"}, registeredType: {"image_url", "local_file"}, "ims_image_replica": {"source_image_id"},
	} {
		for _, source := range sources {
			plan, _ := p.Manage(typeName).Plan(map[string]any{"name": "golden", source: ""})
			acctest.Says(t, acctest.Told(plan.Diagnostics), source)
		}
	}
	if calls := cloud.Calls(); len(calls) > 0 {
		t.Errorf("the plans sent %v", calls)
	}
}

// TestFirmwareOfExistingImage: the boot mode that an architecture does not have is refused by the plan of an update, too; one that
// an image has by the service's word is no reason to refuse.
func TestFirmwareOfExistingImage(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	arm := with(systemArguments, map[string]any{"image_url": emulator.ArmFile, "architecture": "arm"})
	acctest.Silent(t, m.Apply(t.Context(), arm))
	plan, _ := m.Plan(with(arm, map[string]any{"hw_firmware_type": "bios"}))
	acctest.Says(t, acctest.Told(plan.Diagnostics), "boot from uefi only")

	untold := cloud.AddImage(emulator.Image{Name: "golden", Attributes: map[string]any{"__support_arm": "true"}})
	imported := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Silent(t, imported.Import(untold))
	acctest.Silent(t, imported.Apply(t.Context(), map[string]any{"name": "golden", "hw_firmware_type": "bios"}))
}

// TestIgnoredTagConfigured: a tag cannot be both the image's own and somebody else's.
func TestIgnoredTagConfigured(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	w.ConfigureWhole(cloud.Provider(emulator.Owner, `ignore_tags = { keys = ["scanned"], key_prefixes = ["sys-"] }`) + fromFile(`tags = { scanned = "1", sys-a = "2", own = "3" }`))
	output := strings.Join(strings.Fields(w.Run(nil, "plan", "-no-color").Output), " ")
	for tag, refused := range map[string]bool{"scanned": true, "sys-a": true, "own": false} {
		if strings.Contains(output, fmt.Sprintf("ignore_tags names the tag %q", tag)) != refused {
			t.Errorf("the tag %q is refused: %t; %s", tag, !refused, output)
		}
	}
}

// TestProviderBlockKnownLater: what the provider block knows only after an apply takes effect then, and wipes nothing before.
func TestProviderBlockKnownLater(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := func(step string, block ...string) string {
		return cloud.Provider(emulator.Owner, block...) + fromFile("min_ram = 512 * "+step) +
			fmt.Sprintf("resource \"terraform_data\" \"later\" {\n  input = { tags = [\"scanned\"], project = %q, step = %s }\n}\n", emulator.EnterpriseProjectID, step)
	}
	later := []string{`ignore_tags = { keys = terraform_data.later.output.tags }`, `enterprise_project_id = terraform_data.later.output.project`, `max_retries = terraform_data.later.output.step`}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config("1", later...), Check: value("enterprise_project_id", emulator.EnterpriseProjectID)},
		{
			PreConfig: func() {
				if err := cloud.UpdateImage(cloud.Only(t).ID, func(i *emulator.Image) { i.Tags["scanned"] = "yes" }); err != nil {
					t.Fatal(err)
				}
			},
			Config: config("2", later...), Check: value("min_ram", "1024"),
		},
		{
			PreConfig: func() {
				if cloud.Only(t).Tags["scanned"] != "yes" {
					t.Error("a tag that is ignored was removed")
				}
			},
			Config: config("2", later...),
		},
	}})
}

// TestFullECSImageOrigin: whatever a cloud tells of the origin of an image made from a server, its creation is adopted and its
// import replaces nothing.
func TestFullECSImageOrigin(t *testing.T) {
	t.Parallel()
	arguments := map[string]any{"name": "golden", "instance_id": emulator.InstanceID, "vault_id": emulator.VaultID}
	for name, switches := range map[string]emulator.Switches{"vault": {}, "server": {WholeOriginInstance: true}, "nothing": {OriginNull: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: switches, JobDuration: time.Minute})
			cloud.Inject(emulator.Fault{Method: "POST", Path: "/v1/cloudimages/wholeimages/action", Times: 1, DropAnswer: true})
			m := cloud.Protocol(t, emulator.Owner).Manage("ims_full_ecs_image")
			acctest.Says(t, m.Apply(t.Context(), arguments), "Adopted the full-ECS image")
			if m.Attribute("id") != cloud.Only(t).ID || m.Attribute("delete_backup") != "true" {
				t.Errorf("the state is %v", m.State)
			}
			imported := cloud.Protocol(t, emulator.Owner).Manage("ims_full_ecs_image")
			acctest.Silent(t, imported.Import(m.Attribute("id")))
			if _, replace := imported.Plan(arguments); len(replace) > 0 {
				t.Errorf("the plan after the import replaces for %v", replace)
			}
		})
	}
}

// TestFullECSReplica: the only image of a job is the replica, whatever the cloud tells of its origin; its backup ends with it.
func TestFullECSReplica(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{CrossRegionCopy: true}})
	whole := cloud.AddImage(emulator.Image{Name: "golden", Attributes: map[string]any{"__whole_image": "true", "__backup_id": emulator.BackupID, "__data_origin": "server_backup," + emulator.VaultID}})
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_replica")
	arguments := map[string]any{"name": "replica", "source_image_id": whole, "target_region": emulator.FarRegion, "agency_name": emulator.CopyAgency, "vault_id": emulator.VaultID}
	acctest.Silent(t, m.Apply(t.Context(), arguments))
	acctest.Silent(t, m.Refresh())
	far := cloud.Images(emulator.OwnerFar.ProjectID)
	if len(far) != 1 || m.Attribute("id") != far[0].ID || m.Attribute("delete_backup") != "true" || m.Attribute("backup_id") == "" {
		t.Fatalf("the state is %v, the other region has %v", m.State, far)
	}
	for _, request := range cloud.Journal() {
		if jobPolled(request) && !strings.Contains(request.Path, emulator.Owner.ProjectID) {
			t.Errorf("the job was looked for at %s, not where it was started", request.Path)
		}
	}
	cloud.ResetJournal()
	acctest.Silent(t, m.Destroy(t.Context()))
	bodies := ""
	for _, request := range cloud.Journal() {
		if request.Method == http.MethodDelete {
			bodies += string(request.Body)
		}
	}
	if bodies != `{"delete_backup":true}` {
		t.Errorf("the replica was deleted with %s", bodies)
	}
}
