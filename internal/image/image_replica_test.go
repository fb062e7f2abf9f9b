package image_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// replicates is a cloud that can replicate images to its other region.
var replicates = emulator.Options{Switches: emulator.Switches{CrossRegionCopy: true}}

func replicaOf(source string, more ...arguments) arguments {
	return with(arguments{"name": "replica", "source_image_id": source}, more...)
}

// far has a replica made in the other region.
var far = arguments{"target_region": emulator.FarRegion, "agency_name": emulator.CopyAgency}

// everywhere are the owner's images in both regions.
func everywhere(cloud *acctest.Cloud) []emulator.Image {
	return append(cloud.OwnImages(), cloud.Images(emulator.OwnerFar.ProjectID)...)
}

// TestImageReplicaLifecycle in both regions: made, changed in place, outlives its source, imported, made again with
// another key.
func TestImageReplicaLifecycle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments arguments
		project   string
		prefix    string    // of the id to import
		other     arguments // make a new replica
	}{
		"in the region": {nil, emulator.Owner.ProjectID, "", arguments{"cmk_id": emulator.KeyID}},
		"another region": {
			far, emulator.OwnerFar.ProjectID, emulator.FarRegion + "/",
			arguments{"target_project_name": emulator.FarRegion, "vault_id": emulator.VaultID},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, replicates)
			p := cloud.Protocol(t, emulator.Owner)
			source := cloud.AddImage(emulator.Image{Name: "golden", Tags: map[string]string{"source": "1"}})
			m := p.Manage(replicaType)
			m.ExpectApplied(replicaOf(source, test.arguments, arguments{
				"description": "d", "tags": map[string]string{"a": "1"}, "min_ram": 1024,
			}), acctest.Create)
			m.Expect(map[string]string{
				"status": "active", "tags_all.a": "1", "min_ram": "1024", "owner": test.project, "job_id": "*",
				"data_origin": "image," + emulator.Region + "," + source,
			})

			cloud.Remove(source)
			changed := replicaOf(source, test.arguments, arguments{"tags": map[string]string{"b": "2"}})
			m.ExpectApplied(changed, acctest.Update)
			m.Expect(map[string]string{"tags_all.b": "2", "tags_all.%": "1"})
			if images := cloud.Images(test.project); len(images) != 1 || images[0].Tags["b"] != "2" {
				t.Errorf("the project holds %v", images)
			}

			imported := p.Manage(replicaType)
			acctest.NoDiagnostics(t, imported.Import(test.prefix+m.Attribute("id")))
			imported.ExpectLike(m, "agency_name", "job_id")

			// What is needed for a new replica alone is checked when there is to be one.
			acctest.HasDiagnostic(
				t, m.Plan(replicaOf(source, test.arguments, test.other)).Diagnostics, "There is no image "+source,
			)
			m.ExpectDestroyed()
			if left := everywhere(cloud); len(left) != 0 {
				t.Errorf("%d images are left after the destroy", len(left))
			}
		})
	}
}

// TestImageReplicaPlan: what the service would refuse is refused by the plan.
func TestImageReplicaPlan(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	whole, key := map[string]any{"__whole_image": "true"}, arguments{"cmk_id": emulator.KeyID}
	for name, test := range map[string]struct {
		attributes map[string]any // of the source
		arguments  arguments
		words      string // nothing: the plan is fine
	}{
		"fine":            {nil, nil, ""},
		"ISO":             {map[string]any{"virtual_env_type": "IsoImage"}, nil, "is an ISO image"},
		"full ECS":        {whole, nil, "only to another region"},
		"full ECS, far":   {whole, far, "vault_id must name the vault"},
		"full ECS, vault": {whole, with(far, arguments{"vault_id": emulator.VaultID}), ""},
		"public":          {map[string]any{"__imagetype": "gold", "visibility": "public"}, nil, "is a public image"},
		"same key":        {map[string]any{"__system__cmkid": emulator.KeyID}, key, "must be another one"},
		"own region":      {nil, arguments{"target_region": emulator.Region, "agency_name": "a"}, "Leave target_region out"},
		"no agency":       {nil, arguments{"target_region": emulator.FarRegion}, "agency_name is required"},
		"agency alone":    {nil, arguments{"agency_name": "a"}, "only together with target_region"},
		"key in other":    {nil, with(far, key), "without target_region"},
		"absent":          {nil, arguments{"source_image_id": "11111111-2222-3333-4444-555555555555"}, "There is no image"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.attributes})
			plan := cloud.Protocol(t, emulator.Owner).Manage(replicaType).Plan(replicaOf(source, test.arguments))
			if test.words != "" {
				acctest.HasDiagnostic(t, plan.Diagnostics, test.words)
			} else {
				acctest.NoDiagnostics(t, plan.Diagnostics)
			}
		})
	}
}

// TestImageReplicaNotOffered: where a cloud has no cross-region replication the user reads that, and nothing is made.
func TestImageReplicaNotOffered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region string
		words  []string
	}{
		"refused by the request": {
			emulator.FarRegion, []string{"does not offer cross-region replication. Leave target_region out"},
		},
		"refused by the sign-in": {
			"eu-nowhere",
			[]string{
				"Nothing was made: region eu-nowhere", "no access to the project", "Check target_region",
				"do not offer cross-region",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			m := cloud.Protocol(t, emulator.Owner).Manage(replicaType)
			elsewhere := with(far, arguments{"target_region": test.region})
			said := m.Apply(t.Context(), replicaOf(cloud.AddImage(emulator.Image{Name: "golden"}), elsewhere))
			acctest.HasDiagnostic(t, said, append(test.words, "Unable to create image replica")...)
			if images := everywhere(cloud); len(images) != 1 || !m.State.IsNull() {
				t.Errorf("%d images, want the source alone", len(images))
			}
		})
	}
}

// TestImageReplicaShared: an image that another project shares can be replicated, also under another key.
func TestImageReplicaShared(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	m := cloud.Protocol(t, emulator.Owner).Manage(replicaType)
	m.ExpectApplied(replicaOf(sharedImageID, arguments{"cmk_id": emulator.KeyID}), acctest.Create)
	m.Expect(map[string]string{"owner": emulator.Owner.ProjectID, "cmk_id": emulator.KeyID})
}

// TestImageReplicaImport: a replica is imported as one, or as what it holds; on clouds that do not name an image's
// origin, any image may be a replica.
func TestImageReplicaImport(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	const source = "11111111-2222-3333-4444-555555555555"
	origin := map[string]any{"__data_origin": "image," + emulator.Region + "," + source}
	for name, test := range map[string]struct {
		attributes map[string]any // of the image
		typeName   string
		arguments  arguments // the plan with them replaces nothing
		words      string
	}{
		"as a replica":      {origin, replicaType, arguments{"source_image_id": source}, ""},
		"as what it holds":  {origin, systemType, nil, ""},
		"as what it is not": {with(origin, arguments{"virtual_env_type": "DataImage"}), systemType, nil, replicaType},
		"origin not told":   {nil, replicaType, nil, ""},
		"no replica":        {map[string]any{"__data_origin": "instance,x"}, replicaType, nil, systemType},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := cloud.Protocol(t, emulator.Owner).Manage(test.typeName)
			said := m.Import(cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.attributes}))
			if test.words != "" {
				acctest.HasDiagnostic(t, said, test.words)
				return
			}
			acctest.NoDiagnostics(t, said)
			plan := m.Plan(with(arguments{"name": "golden"}, test.arguments))
			if acctest.NoDiagnostics(t, plan.Diagnostics); len(plan.Replaces) > 0 {
				t.Errorf("the plan replaces for %v", plan.Replaces)
			}
		})
	}
}

// TestImageReplicaCut: a creation that is cut leaves exactly one image, in the target region, too.
func TestImageReplicaCut(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(*testing.T, *acctest.Cloud, *acctest.Managed, arguments){
		"answer lost": func(t *testing.T, cloud *acctest.Cloud, m *acctest.Managed, configured arguments) {
			t.Helper()
			cloud.Inject(emulator.Fault{Method: "POST", Path: "/v1/cloudimages/*/cross_region_copy", Times: 1, DropAnswer: true})
			acctest.HasDiagnostic(t, m.Apply(t.Context(), configured), "WARNING Adopted the ")
		},
		"record of the job is gone": func(t *testing.T, cloud *acctest.Cloud, m *acctest.Managed, configured arguments) {
			t.Helper()
			cloud.Inject(emulator.Fault{Method: "POST", Path: "/v1/cloudimages/*/cross_region_copy", Times: 1, ForgetJob: true})
			m.Apply(t.Context(), configured)
		},
		"interrupted": func(t *testing.T, cloud *acctest.Cloud, m *acctest.Managed, configured arguments) {
			t.Helper()
			m.InterruptAt(cloud, configured, acctest.IsJobPoll)
			m.Expect(map[string]string{"id": "", "job_id": "*"})
			acctest.NoDiagnostics(t, m.Refresh())
			m.ExpectApplied(configured, acctest.Update)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, replicates)
			m := cloud.Protocol(t, emulator.Owner).Manage(replicaType)
			source := cloud.AddImage(emulator.Image{Name: "golden"})
			configured := replicaOf(source, far, arguments{"tags": map[string]string{"a": "1"}})
			cut(t, cloud, m, configured)
			m.ExpectSettled(configured)
			var ids []string
			for _, image := range everywhere(cloud) {
				ids = append(ids, image.ID)
			}
			if !slices.Equal(ids, []string{source, m.Attribute("id")}) {
				t.Errorf("the state has %s, the cloud %v, one of them the source", m.Attribute("id"), ids)
			}
		})
	}
}

// TestFullECSReplica: the only image of a job is the replica, whatever the cloud says of its origin; its backup ends
// with it.
func TestFullECSReplica(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, replicates)
	whole := cloud.AddImage(emulator.Image{Name: "golden", Attributes: map[string]any{
		"__whole_image": "true", "__backup_id": emulator.BackupID, "__data_origin": "server_backup," + emulator.VaultID,
	}})
	m := cloud.Protocol(t, emulator.Owner).Manage(replicaType)
	m.ExpectApplied(replicaOf(whole, far, arguments{"vault_id": emulator.VaultID}), acctest.Create)
	images := cloud.Images(emulator.OwnerFar.ProjectID)
	if len(images) != 1 {
		t.Fatalf("the other region has %v", images)
	}
	m.Expect(map[string]string{"id": images[0].ID, "delete_backup": "true", "backup_id": "*"})
	for _, request := range cloud.Journal() {
		if acctest.IsJobPoll(request) && !strings.Contains(request.Path, emulator.Owner.ProjectID) {
			t.Errorf("the job was looked for at %s, not where it was started", request.Path)
		}
	}

	cloud.ResetJournal()
	m.ExpectDestroyed()
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
