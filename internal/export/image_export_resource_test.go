package export_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const (
	exportType = "ims_image_export"
	exportPath = "/v1/cloudimages/*/file" // of the request that exports
)

func exportOf(image, object string, more ...arguments) arguments {
	return with(arguments{"image_id": image, "bucket_url": object}, more...)
}

var vhd = arguments{"file_format": "vhd"}

// exports counts the requests to export.
func exports(cloud *acctest.Cloud) int {
	count := 0
	for _, request := range cloud.Journal() {
		if request.Operation == "export image" {
			count++
		}
	}
	return count
}

// TestImageExportLifecycle: written once, again for another target, and what is done is asked of nobody.
func TestImageExportLifecycle(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	m := p.Manage(exportType)
	id := cloud.AddImage(emulator.Image{Name: "golden"})
	qcow2 := exportOf(id, "exports:golden.qcow2", arguments{"file_format": "qcow2"})
	m.ExpectApplied(qcow2, acctest.Create)
	m.Expect(map[string]string{"job_id": "*", "exported_at": "*"})

	imported := p.Manage(exportType)
	acctest.NoDiagnostics(t, imported.Import(id+",exports:golden.qcow2"))
	imported.ExpectLike(m, "job_id", "exported_at", "file_format") // which nobody knows any more

	before := len(cloud.Calls())
	m.ExpectApplied(with(qcow2, arguments{"timeouts": arguments{"create": "1h"}}), acctest.Update)
	if calls := cloud.Calls()[before:]; len(calls) > 0 {
		t.Errorf("what needs no request sent %v", calls)
	}

	quick := exportOf(id, "exports:golden.zvhd2", arguments{"quick_export": true})
	plan := m.ExpectPlan(quick, acctest.Replace)
	acctest.HasDiagnostic(t, m.CarryOut(t.Context(), plan, quick), "WARNING", "exports:golden.qcow2", "left in OBS")
	m.ExpectSettled(quick)
	m.Expect(map[string]string{"file_format": ""})

	// The same object: refused, since nobody deletes it.
	acctest.HasDiagnostic(
		t, m.Apply(t.Context(), exportOf(id, "exports:golden.zvhd2", vhd)), "does not write over", "IMG.0070",
	)
	if got := exports(cloud); got != 3 {
		t.Errorf("%d requests to export", got)
	}
}

// TestImageExportPlan: what the service would refuse is refused by the plan.
func TestImageExportPlan(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	quick := arguments{"quick_export": true}
	sized := func(bytes int64) map[string]any { return map[string]any{"__image_size": fmt.Sprint(bytes)} }
	for name, test := range map[string]struct {
		attributes map[string]any // of the image
		arguments  arguments
		words      string // nothing: the plan is fine
	}{
		"fine":         {nil, vhd, ""},
		"no format":    {nil, nil, "Either a format or a quick export"},
		"both":         {nil, with(vhd, quick), "Either a format or a quick export"},
		"ISO":          {map[string]any{"virtual_env_type": "IsoImage"}, vhd, "is an ISO image"},
		"full ECS":     {map[string]any{"__whole_image": "true"}, vhd, "is a full-ECS image"},
		"public":       {map[string]any{"__imagetype": "gold", "visibility": "public"}, vhd, "is a public image"},
		"large":        {sized(200 << 30), vhd, "need quick_export = true"},
		"large, quick": {sized(200 << 30), quick, ""},
		"too large":    {sized(1 << 40), quick, "Only images of less than 1024 GB can be exported"},
		"absent": {
			nil, with(vhd, arguments{"image_id": "11111111-2222-3333-4444-555555555555"}), "There is no image",
		},
		"no such format": {nil, arguments{"file_format": "iso"}, "value must be one of"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			image := cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.attributes})
			plan := cloud.Protocol(t, emulator.Owner).Manage(exportType).Plan(exportOf(image, "exports:golden", test.arguments))
			if test.words != "" {
				acctest.HasDiagnostic(t, plan.Diagnostics, test.words)
			} else {
				acctest.NoDiagnostics(t, plan.Diagnostics)
			}
		})
	}
}

// TestImageExportFaults: failures of every kind, and none exports twice.
func TestImageExportFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   emulator.Fault
		words   []string // nothing: it succeeds
		again   []string // what the next apply says; nothing: it succeeds
		exports int
	}{
		"job fails": {emulator.Fault{FailJob: "IMG.0079", Times: 1}, []string{"began to export", "IMG.0079"}, nil, 2},
		"refused": {
			emulator.Fault{Status: 400, Code: "IMG.0079", Times: 1}, []string{"nothing is exported", "IMG.0079"}, nil, 2,
		},
		"waits for other": {emulator.Fault{Status: 400, Code: "IMG.0148", Times: 2}, nil, nil, 3},
		// It was accepted: the service refuses the second request once the first has written the file.
		"answer lost": {
			emulator.Fault{DropAnswer: true, Times: 1},
			[]string{"answer was lost", "cannot be found out", "import"},
			[]string{"IMG.0070", "import"},
			2,
		},
		// The resource is in the state, and somebody untaints it.
		"record is gone": {
			emulator.Fault{ForgetJob: true, Times: 1}, []string{"could not be waited for", "untaint"},
			[]string{"no longer knows the job"}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			test.fault.Method, test.fault.Path = "POST", exportPath
			cloud.Inject(test.fault)
			m := cloud.Protocol(t, emulator.Owner).Manage(exportType)
			configured := exportOf(cloud.AddImage(emulator.Image{Name: "golden"}), "exports:golden", vhd)
			expect := func(words []string) {
				t.Helper()
				if said := m.Apply(t.Context(), configured); len(words) > 0 {
					acctest.HasDiagnostic(t, said, words...)
				} else {
					acctest.NoDiagnostics(t, said)
					m.Expect(map[string]string{"exported_at": "*"})
				}
			}
			expect(test.words)
			if m.Tainted = false; test.words != nil {
				cloud.Clock.Advance(2 * acctest.JobDuration)
				expect(test.again)
			}
			if got := exports(cloud); got != test.exports {
				t.Errorf("%d requests to export, want %d", got, test.exports)
			}
		})
	}
}

// TestImageExportAfterInterrupt: a job that ended meanwhile leaves nothing to do; one that failed is named and done
// again; one whose record is gone is neither taken for done nor done again.
func TestImageExportAfterInterrupt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   emulator.Fault
		refresh []string // what a refresh says
		apply   []string // what the next apply says; nothing: it succeeds
		exports int
	}{
		"ended": {emulator.Fault{}, nil, nil, 1},
		"job fails": {
			emulator.Fault{FailJob: "IMG.0079", Times: 1}, []string{"The image was not exported", "IMG.0079"}, nil, 2,
		},
		"record is gone": {
			emulator.Fault{ForgetJob: true, Times: 1}, []string{"not known", "no longer knows the job"},
			[]string{"no longer knows the job"}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			test.fault.Method, test.fault.Path = "POST", exportPath
			cloud.Inject(test.fault)
			m := cloud.Protocol(t, emulator.Owner).Manage(exportType)
			configured := exportOf(cloud.AddImage(emulator.Image{Name: "golden"}), "exports:golden", vhd)
			m.InterruptAt(cloud, configured, acctest.IsJobPoll)
			cloud.Clock.Advance(acctest.JobDuration)
			if said := m.Refresh(); test.refresh == nil {
				acctest.NoDiagnostics(t, said)
				m.ExpectPlan(configured, acctest.Keep)
			} else {
				acctest.HasDiagnostic(t, said, test.refresh...)
			}
			if said := m.Apply(t.Context(), configured); test.apply == nil {
				acctest.NoDiagnostics(t, said)
			} else {
				acctest.HasDiagnostic(t, said, test.apply...)
			}
			if got := exports(cloud); got != test.exports {
				t.Errorf("%d requests to export, want %d", got, test.exports)
			}
		})
	}
}
