package image_test

import (
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// What the service does that a provider must bear.

// TestSwitches runs the lifecycle of every type with each guess about the real service turned around.
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
			eachIn(t, options, ofTypes(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				tagged := s.arguments(arguments{"tags": map[string]string{"a": "1"}, "description": "d"})
				acctest.NoDiagnostics(t, m.Apply(t.Context(), tagged))
				cloud.Clock.Advance(options.Switches.TagsLate)
				m.ExpectSettled(tagged)
				id := m.Attribute("id")

				changed := s.arguments(
					arguments{"name": "changed", "tags": map[string]string{"a": "2"}, "min_ram": 1024, "max_ram": 2048},
				)
				m.ExpectApplied(changed, acctest.Update)
				m.Expect(map[string]string{"id": id, "name": "changed", "description": "", "max_ram": "2048", "tags_all.a": "2"})

				m.ExpectDestroyed()
				cloud.Clock.Advance(time.Minute)
				expectImages(t, cloud, 0)
			})
		})
	}
}

// TestKindsLostAnswer: the answer to the request that makes an image is dropped. The image is adopted with what was
// made besides, there is one, and all of it ends with the resource.
func TestKindsLostAnswer(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]emulator.Switches{
		"likely": {}, "hidden while made": {HideUnfinished: true}, "origin null": {OriginNull: true},
		"tags late": {TagsLate: time.Hour}, "listed late": {ListedLate: 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Shorter than the search for a lost image, which ends after two minutes.
			options := emulator.Options{Switches: switches, JobDuration: time.Minute}
			eachIn(t, options, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				fault := s.fault(emulator.Fault{DropAnswer: true, Times: 1})
				cloud.Inject(fault)
				if s.isTwoSteps() {
					cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/images", DropAnswer: true, Times: 1})
				}
				said := m.Apply(t.Context(), s.arguments(arguments{
					"tags": map[string]string{"a": "1"}, "description": "d", "enterprise_project_id": emulator.EnterpriseProjectID,
				}))
				acctest.HasDiagnostic(t, said, "WARNING Adopted the ", m.Attribute("id"))
				expectImages(t, cloud, 1+s.parts)

				lost := 0
				if switches.OriginNull { // which is all that a part is known by
					lost = s.parts
				}
				for range lost {
					acctest.HasDiagnostic(t, said, "WARNING Unable to find a part of the ")
				}
				m.Expect(map[string]string{"data_disk_image_ids.0": map[bool]string{true: "*"}[s.parts > lost]})
				m.ExpectDestroyed()
				expectImages(t, cloud, lost)
			})
		})
	}
}

// TestRequestLost: a request that broke before the service saw it is not repeated, since nobody can know, and says so.
func TestRequestLost(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, Drop: true})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.HasDiagnostic(t, m.Apply(t.Context(), systemArguments), "its answer was lost", "No image that fits")
	if posts := cloud.Count("POST /v2/cloudimages/action"); posts != 1 || !m.State.IsNull() {
		t.Errorf("the request was sent %d times; the state is %v", posts, m.State)
	}
}

// TestRefused: the service's own words, code, status and request id are in the error.
func TestRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	said := m.Apply(t.Context(), arguments{"name": "golden", "instance_id": "11111111-2222-3333-4444-555555555555"})
	acctest.HasDiagnostic(
		t, said, "ERROR Unable to create system disk image", "The ECS does not exist", "Error code: IMG.0005",
		"HTTP status: 400", "Request ID: ", "Check instance_id",
	)
}

// TestPassingFailures: looks at the job that fail in passing are not noticed, nor is a server that has something else
// to do.
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
	acctest.NoDiagnostics(t, m.Apply(t.Context(), arguments{"name": "golden", "instance_id": emulator.InstanceID}))
	statuses := map[int]int{}
	for _, request := range cloud.Journal() {
		statuses[request.Status]++
	}
	if statuses[503] != 1 || statuses[429] != 1 || statuses[400] != 1 {
		t.Errorf("the failures did not happen: %v", statuses)
	}
}
