package image_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestClouds runs the lifecycle of every kind on clouds that differ: what one of them has, and another one has not.
func TestClouds(t *testing.T) {
	t.Parallel()
	progress := emulator.Switches{OldJobReadProgress: true}
	percent := progress
	percent.ProgressInPercent = true
	for name, options := range map[string]emulator.Options{
		"fractions":           {Switches: progress},
		"percentages":         {Switches: percent},
		"older job read gone": {Switches: emulator.Switches{OldJobReadMissing: true}},
		"newer job read gone": {Switches: emulator.Switches{JobProgressMissing: true}},
		"older job times":     {Switches: emulator.Switches{OldJobTimes: true}},
		"no native read":      {Switches: emulator.Switches{NativeReadMissing: true}},
		"no native read, images hidden and late": {
			Switches: emulator.Switches{NativeReadMissing: true, HideUnfinished: true, ListedLate: time.Minute},
		},
		"Huawei's tags":     {Switches: emulator.Switches{HuaweiTags: true}},
		"small pages":       {Switches: emulator.Switches{Pages500: true}},
		"data disk from 40": {Switches: emulator.Switches{DataDiskFrom40: true}},
		"Chinese":           {Switches: emulator.Switches{ChineseMessages: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, options)
			before := len(cloud.OwnImages())
			all := ways(cloud)
			for typeName, arguments := range all {
				m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
				made := with(arguments, map[string]any{"tags": map[string]string{"a": "1"}, "description": "d"})
				acctest.Silent(t, m.Apply(t.Context(), made))
				acctest.Silent(t, m.Refresh())
				if plan, _ := m.Plan(made); !m.IsEmpty(plan) {
					t.Errorf("%s: the second plan is not empty", typeName)
				}
				acctest.Silent(t, m.Apply(t.Context(), with(made, map[string]any{"description": "e", "min_ram": 512})))
				acctest.Silent(t, m.Destroy(t.Context()))
			}
			if left := len(cloud.OwnImages()); left != before+1 { // the replica's source
				t.Errorf("%d images are left", left-before-1)
			}
		})
	}
}

// TestUnfinishedOnClouds cuts the making of an image of every kind and goes on with it, where jobs are read in another way
// and nothing but the list says that an image is there.
func TestUnfinishedOnClouds(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]emulator.Switches{
		"older job read gone":    {OldJobReadMissing: true},
		"no native read":         {NativeReadMissing: true},
		"no native read, hidden": {NativeReadMissing: true, HideUnfinished: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := slow
			options.Switches = switches
			cloud := acctest.Start(t, options)
			for typeName, arguments := range ways(cloud) {
				m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
				interruptedAt(t, cloud, m, arguments, func(r emulator.Request) bool { return strings.Contains(r.Path, "/job") })
				acctest.Silent(t, m.Refresh())
				cloud.Clock.Advance(slow.JobDuration)
				acctest.Silent(t, m.Apply(t.Context(), arguments))
				acctest.Silent(t, m.Destroy(t.Context()))
				if !m.State.IsNull() {
					t.Errorf("%s is still in the state", typeName)
				}
			}
		})
	}
}

// TestEnterpriseProjectsOnly: a user with rights through enterprise projects alone makes, reads, finds and deletes images. What
// such rights never allow ends in an error that says so.
func TestEnterpriseProjectsOnly(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{EnterpriseProjectsOnly: true}})
	named := map[string]any{"enterprise_project_id": emulator.EnterpriseProjectID, "description": "d"}
	for typeName, arguments := range ways(cloud) {
		p := cloud.Protocol(t, emulator.Owner)
		m := p.Manage(typeName)
		if typeName == registeredType {
			acctest.Says(t, m.Apply(t.Context(), with(arguments, named)), "Unable to create", "rights in the project")
			continue
		}
		acctest.Says(t, m.Apply(t.Context(), arguments), "Unable to create", "enterprise_project_id", "name it")
		acctest.Silent(t, m.Apply(t.Context(), with(arguments, named)))
		acctest.Silent(t, m.Refresh())
		if plan, _ := m.Plan(with(arguments, named)); !m.IsEmpty(plan) {
			t.Errorf("%s: the second plan is not empty", typeName)
		}
		found, told := p.Look("ims_image", map[string]any{"id": m.Attribute("id")})
		if acctest.Silent(t, told); found["id"].IsNull() {
			t.Errorf("%s is not found", typeName)
		}
		tagged := with(with(arguments, named), map[string]any{"tags": map[string]string{"a": "1"}})
		acctest.Says(t, m.Apply(t.Context(), tagged), "Unable to update", "can neither change tags")
		acctest.Silent(t, m.Destroy(t.Context()))
	}
	if left := len(cloud.OwnImages()); left != 1 { // the replica's source
		t.Errorf("%d images are left", left-1)
	}
}

// TestMemoryUpsideDown: a largest memory below the smallest one is refused at plan, for new images and existing ones.
func TestMemoryUpsideDown(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	wrong := with(isoArguments, map[string]any{"min_ram": 2048, "max_ram": 1024})
	plan, _ := m.Plan(wrong)
	acctest.Says(t, acctest.Told(plan.Diagnostics), "must not be below min_ram")
	acctest.Silent(t, m.Apply(t.Context(), with(isoArguments, map[string]any{"min_ram": 2048, "max_ram": 0})))
	plan, _ = m.Plan(wrong)
	acctest.Says(t, acctest.Told(plan.Diagnostics), "must not be below min_ram")
}

// TestTagsOfClouds: what some cloud takes is no matter of the plan; a service that does not says so, with its limits.
func TestTagsOfClouds(t *testing.T) {
	t.Parallel()
	arguments := with(isoArguments, map[string]any{"tags": map[string]string{
		strings.Repeat("k", 128): strings.Repeat("v", 255), "team:a.b": "x/y z@1+2",
	}})
	for name, switches := range map[string]emulator.Switches{"Huawei Cloud": {HuaweiTags: true}, "Open Telekom Cloud": {}} {
		m := acctest.Start(t, emulator.Options{Switches: switches}).Protocol(t, emulator.Owner).Manage(isoType)
		told := m.Apply(t.Context(), arguments)
		if switches.HuaweiTags {
			acctest.Silent(t, told)
			continue
		}
		acctest.Says(t, told, "IMG.0115", name, "keys to 36")
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
		"__data_origin": "file," + emulator.ImageFile, "enterprise_project_id": emulator.EnterpriseProjectID, "hw_firmware_type": "uefi",
	}})
	state, err := json.Marshal(map[string]any{
		"id": id, "name": "golden", "image_url": emulator.ImageFile, "min_disk": 40, "is_config": false, "type": "ECS",
		"enterprise_project_id": emulator.EnterpriseProjectID, "hw_firmware_type": "uefi", "tags": map[string]any{},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	m.Move("opentelekomcloud_ims_image_v2", state)
	arguments := map[string]any{
		"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40, "enterprise_project_id": emulator.EnterpriseProjectID,
		"hw_firmware_type": "uefi",
	}
	if plan, replace := m.Plan(arguments); len(replace) > 0 || len(plan.Diagnostics) > 0 {
		t.Errorf("the plan without a refresh replaces for %v", replace)
	}
	acctest.Silent(t, m.Refresh())
	if plan, replace := m.Plan(arguments); len(replace) > 0 || !m.IsEmpty(plan) {
		t.Errorf("the plan after a refresh is not empty, or replaces for %v", replace)
	}
}
