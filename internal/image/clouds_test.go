package image_test

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestClouds runs the lifecycle of every type on clouds that differ: what one of them has, and another one has not.
func TestClouds(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]emulator.Switches{
		"fractions":           {OldJobReadProgress: true},
		"percentages":         {OldJobReadProgress: true, ProgressInPercent: true},
		"older job read gone": {OldJobReadMissing: true},
		"newer job read gone": {JobProgressMissing: true},
		"older job times":     {OldJobTimes: true},
		"no native read":      {NativeReadMissing: true},
		"no native read, images hidden and late": {
			NativeReadMissing: true, HideUnfinished: true, ListedLate: time.Minute,
		},
		"Huawei's tags":     {HuaweiTags: true},
		"small pages":       {Pages500: true},
		"data disk from 40": {DataDiskFrom40: true},
		"Chinese":           {ChineseMessages: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := emulator.Options{Switches: switches}
			eachIn(t, options, ofTypes(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				made := s.arguments(arguments{"tags": map[string]string{"a": "1"}, "description": "d"})
				acctest.NoDiagnostics(t, m.Apply(t.Context(), made))
				m.ExpectSettled(made)
				m.ExpectApplied(with(made, arguments{"description": "e", "min_ram": 512}), acctest.Update)
				m.ExpectDestroyed()
				expectImages(t, cloud, 0)
			})
		})
	}
}

// TestUnfinishedOnClouds cuts the making of an image of every type and goes on with it, where jobs are read in another
// way and nothing but the list says that an image is there.
func TestUnfinishedOnClouds(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]emulator.Switches{
		"older job read gone":    {OldJobReadMissing: true},
		"no native read":         {NativeReadMissing: true},
		"no native read, hidden": {NativeReadMissing: true, HideUnfinished: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := emulator.Options{Switches: switches}
			eachIn(
				t, options, ofJobs(ofTypes(specimens(t))),
				func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
					t.Helper()
					m.InterruptAt(cloud, s.arguments(), func(r emulator.Request) bool { return strings.Contains(r.Path, "/job") })
					acctest.NoDiagnostics(t, m.Refresh())
					cloud.Clock.Advance(acctest.JobDuration)
					acctest.NoDiagnostics(t, m.Apply(t.Context(), s.arguments()))
					m.Expect(map[string]string{"status": "active"})
					m.ExpectDestroyed()
					expectImages(t, cloud, 0)
				},
			)
		})
	}
}

// TestEnterpriseProjectsOnly: a user with rights through enterprise projects alone makes, reads, finds and deletes
// images. What such rights never allow ends in an error that says so.
func TestEnterpriseProjectsOnly(t *testing.T) {
	t.Parallel()
	options := emulator.Options{Switches: emulator.Switches{EnterpriseProjectsOnly: true}}
	eachIn(t, options, ofTypes(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		named := s.arguments(arguments{"enterprise_project_id": emulator.EnterpriseProjectID, "description": "d"})
		if s.isTwoSteps() {
			acctest.HasDiagnostic(t, m.Apply(t.Context(), named), "Unable to create", "rights in the project")
			return
		}
		acctest.HasDiagnostic(
			t, m.Apply(t.Context(), s.arguments()), "Unable to create", "enterprise_project_id", "has to name it",
		)
		m.ExpectApplied(named, acctest.Create)

		found, said := cloud.Protocol(t, emulator.Owner).Look("ims_image", arguments{"id": m.Attribute("id")})
		acctest.NoDiagnostics(t, said)
		acctest.Expect(t, found, map[string]string{"id": m.Attribute("id")})

		tagged := with(named, arguments{"tags": map[string]string{"a": "1"}})
		acctest.HasDiagnostic(t, m.Apply(t.Context(), tagged), "Unable to update", "can neither change tags")
		m.ExpectDestroyed()
		expectImages(t, cloud, 0)
	})
}

// TestMemoryUpsideDown: a largest memory below the smallest one is refused at plan, for new images and existing ones.
func TestMemoryUpsideDown(t *testing.T) {
	t.Parallel()
	m := acctest.Start(t, emulator.Options{}).Protocol(t, emulator.Owner).Manage(isoType)
	wrong := with(isoArguments, arguments{"min_ram": 2048, "max_ram": 1024})
	acctest.HasDiagnostic(t, m.Plan(wrong).Diagnostics, "must not be below min_ram")
	acctest.NoDiagnostics(t, m.Apply(t.Context(), with(isoArguments, arguments{"min_ram": 2048, "max_ram": 0})))
	acctest.HasDiagnostic(t, m.Plan(wrong).Diagnostics, "must not be below min_ram")
}

// TestTagsOfClouds: what some cloud takes is no matter of the plan; a service that does not says so, with its limits.
func TestTagsOfClouds(t *testing.T) {
	t.Parallel()
	tagged := with(isoArguments, arguments{"tags": map[string]string{
		strings.Repeat("k", 128): strings.Repeat("v", 255), "team:a.b": "x/y z@1+2",
	}})
	for name, switches := range map[string]emulator.Switches{
		"Huawei Cloud": {HuaweiTags: true}, "Open Telekom Cloud": {},
	} {
		m := acctest.Start(t, emulator.Options{Switches: switches}).Protocol(t, emulator.Owner).Manage(isoType)
		if switches.HuaweiTags {
			m.ExpectApplied(tagged, acctest.Create)
			continue
		}
		acctest.HasDiagnostic(t, m.Apply(t.Context(), tagged), "IMG.0115", name, "keys to 36")
		if !m.State.IsNull() {
			t.Error("something is in the state")
		}
	}
}

// TestMovedWithProject: states of the other providers that carry an enterprise project and a boot mode say no change.
func TestMovedWithProject(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	id := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 40, Attributes: map[string]any{
		"__data_origin": "file," + emulator.ImageFile, "enterprise_project_id": emulator.EnterpriseProjectID,
		"hw_firmware_type": "uefi",
	}})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.NoDiagnostics(t, m.Move("opentelekomcloud_ims_image_v2", arguments{
		"id": id, "name": "golden", "image_url": emulator.ImageFile, "min_disk": 40, "is_config": false, "type": "ECS",
		"enterprise_project_id": emulator.EnterpriseProjectID, "hw_firmware_type": "uefi", "tags": arguments{},
	}))
	configured := with(systemArguments, arguments{
		"enterprise_project_id": emulator.EnterpriseProjectID, "hw_firmware_type": "uefi",
	})
	if plan := m.Plan(configured); plan.Action == acctest.Replace || len(plan.Diagnostics) > 0 {
		t.Errorf("the plan without a refresh is to %s, and says %v", plan.Action, plan.Diagnostics)
	}
	acctest.NoDiagnostics(t, m.Refresh())
	m.ExpectPlan(configured, acctest.Keep)
}
