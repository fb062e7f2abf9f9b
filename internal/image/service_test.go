package image_test

import (
	"maps"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// What the service does that a provider must bear.

// ways are the arguments of one image of each type, by the type's name.
func ways(cloud *acctest.Cloud) map[string]map[string]any {
	before := cloud.Clock.Now().Add(-time.Hour)
	return map[string]map[string]any{
		systemType:            withDataDisk,
		"ims_data_disk_image": {"name": "golden", "volume_id": emulator.VolumeID},
		isoType:               isoArguments,
		"ims_full_ecs_image":  {"name": "golden", "instance_id": emulator.InstanceID, "vault_id": emulator.VaultID},
		registeredType:        registeredArguments,
		"ims_image_replica":   {"name": "golden", "source_image_id": cloud.AddImage(emulator.Image{Name: "source", CreatedAt: before, UpdatedAt: before})},
	}
}

// TestSwitches runs the lifecycle of every kind with each guess about the real service turned around.
func TestSwitches(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]emulator.Options{
		"likely":         {},
		"no progress":    {NoProgress: true},
		"patch, add":     {Switches: emulator.Switches{PatchAddRefused: true}},
		"patch, replace": {Switches: emulator.Switches{PatchReplaceCreates: true}},
		"patch, both":    {Switches: emulator.Switches{PatchAddRefused: true, PatchReplaceCreates: true}},
		"hidden":         {Switches: emulator.Switches{HideUnfinished: true}},
		"listed late":    {Switches: emulator.Switches{ListedLate: 5 * time.Minute}},
		"origin":         {Switches: emulator.Switches{OriginNull: true}},
		"whole origin":   {Switches: emulator.Switches{WholeOriginInstance: true}},
		"job late":       {Switches: emulator.Switches{JobNotFoundFor: 10 * time.Second}},
		"tags late":      {Switches: emulator.Switches{TagsLate: time.Minute}},
		"gone late":      {Switches: emulator.Switches{GoneLate: 20 * time.Second}},
		"lower case":     {Switches: emulator.Switches{LowercaseStatus: true}},
		"no request id":  {Switches: emulator.Switches{NoRequestID: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, options)
			all := ways(cloud)
			before := len(cloud.OwnImages())
			p := cloud.Protocol(t, emulator.Owner)
			for typeName, arguments := range all {
				m := p.Manage(typeName)
				if acctest.Silent(t, m.Apply(t.Context(), with(arguments, map[string]any{"tags": map[string]string{"a": "1"}, "description": "d"}))); m.State.IsNull() {
					t.Fatalf("%s was not made", typeName)
				}
				id := m.Attribute("id")
				if options.Switches.TagsLate > 0 {
					cloud.Clock.Advance(options.Switches.TagsLate)
				}
				acctest.Silent(t, m.Refresh())
				changed := with(arguments, map[string]any{"name": "changed", "tags": map[string]string{"a": "2"}, "min_ram": 1024, "max_ram": 2048})
				acctest.Silent(t, m.Apply(t.Context(), changed))
				acctest.Silent(t, m.Refresh())
				if m.Attribute("id") != id || m.Attribute("name") != "changed" || m.Attribute("description") != "" || m.Attribute("max_ram") == "" {
					t.Errorf("%s: the state is %v", typeName, m.State)
				}
				if plan, replace := m.Plan(changed); len(replace) > 0 || !m.IsEmpty(plan) {
					t.Errorf("%s: the plan after the apply is not empty: it replaces for %v", typeName, replace)
				}
				acctest.Silent(t, m.Destroy(t.Context()))
			}
			cloud.Clock.Advance(time.Minute)
			if left := len(cloud.OwnImages()) - before; left != 0 {
				t.Errorf("%d images are left after the destroy", left)
			}
		})
	}
}

// TestLostAnswer: the answer to the request that makes an image is dropped; the image is adopted, and there is one of each kind.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]emulator.Switches{
		"likely": {}, "hidden while made": {HideUnfinished: true}, "origin null": {OriginNull: true}, "tags late": {TagsLate: time.Hour}, "listed late": {ListedLate: 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Shorter than the search for a lost image, which ends after two minutes.
			cloud := acctest.Start(t, emulator.Options{Switches: switches, JobDuration: time.Minute})
			for typeName, arguments := range ways(cloud) {
				before := len(cloud.OwnImages())
				var heal []func()
				for _, path := range []string{"/v2/cloudimages/action", "/v1/cloudimages/wholeimages/action", "/v2/images", "/v1/cloudimages/*/copy"} {
					heal = append(heal, cloud.Inject(emulator.Fault{Method: "POST", Path: path, Times: 1, DropAnswer: true}))
				}
				m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
				told := m.Apply(t.Context(), with(arguments, map[string]any{"name": "lost", "tags": map[string]string{"a": "1"}}))
				acctest.Says(t, told, "WARNING Adopted the ", m.Attribute("id"))
				disks, _ := arguments["data_disk"].([]map[string]any)
				made := 1 + len(disks)
				if got := len(cloud.OwnImages()) - before; got != made || m.Attribute("id") == "" {
					t.Errorf("%s: %d images were made, not %d; the state is %v", typeName, got, made, m.State)
				}
				acctest.Silent(t, m.Destroy(t.Context()))
				for _, remove := range heal {
					remove()
				}
			}
		})
	}
}

// TestRequestLost: a request that broke before the service saw it is not repeated, since nobody can know, and says so.
func TestRequestLost(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{Faults: []emulator.Fault{{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, Drop: true}}})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Says(t, m.Apply(t.Context(), systemArguments), "its answer was lost", "No image that fits")
	if posts := count(cloud.Calls(), "POST /v2/cloudimages/action"); posts != 1 || !m.State.IsNull() {
		t.Errorf("the request was sent %d times; the state is %v", posts, m.State)
	}
}

// TestRefused: the service's own words, code, status and request id are in the error.
func TestRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Says(t, m.Apply(t.Context(), map[string]any{"name": "golden", "instance_id": "11111111-2222-3333-4444-555555555555"}),
		"ERROR Unable to create system disk image", "The ECS does not exist", "Error code: IMG.0005", "HTTP status: 400", "Request ID: ", "Check instance_id")
}

// TestPassingFailures: looks at the job that fail in passing are not noticed, nor is a server that has something else to do.
func TestPassingFailures(t *testing.T) {
	t.Parallel()
	const jobs = "/v1/*/jobs/*"
	cloud := acctest.Start(t, emulator.Options{Faults: []emulator.Fault{
		{Method: "GET", Path: jobs, Skip: 1, Times: 1, Status: 503},
		{Method: "GET", Path: jobs, Skip: 2, Times: 1, Status: 429, Code: "APIGW.0308", RetryAfter: "3"},
		{Method: "GET", Path: jobs, Skip: 3, Times: 2, Drop: true}, // one of them is made good by net/http
		{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, Status: 400, Code: "IMG.0010"},
	}})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Silent(t, m.Apply(t.Context(), map[string]any{"name": "golden", "instance_id": emulator.InstanceID}))
	statuses := map[int]int{}
	for _, request := range cloud.Journal() {
		statuses[request.Status]++
	}
	if statuses[503] != 1 || statuses[429] != 1 || statuses[400] != 1 {
		t.Errorf("the failures did not happen: %v", maps.Clone(statuses))
	}
}
