package export_test

import (
	"syscall"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

var apply = []string{"apply", "-auto-approve", "-no-color"}

// TestExportInterrupted: the next apply waits for the same export.
func TestExportInterrupted(t *testing.T) {
	t.Parallel()
	const address = exportType + ".test"
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	image := cloud.AddImage(emulator.Image{Name: "golden"})
	w.Configure("%s", acctest.Block(exportType, "test", exportOf(image, "exports:golden", vhd)))
	run := w.Start(nil, apply...)
	cloud.AwaitRequest(t, acctest.IsJobPoll)
	run.SignalGroup(syscall.SIGINT)
	result := run.Wait()
	state, ok := w.State()[address]
	if !ok || state.Status != "" || state.Attributes["job_id"] == nil || state.Attributes["exported_at"] != nil {
		t.Fatalf("the export is not in the state, tainted or done:\n%s", result.Output)
	}
	w.Run(nil, "plan", "-no-color").Expect(t, "0 to add, 1 to change, 0 to destroy")
	cloud.AdvanceUntil(t, w.Start(nil, apply...))
	w.ExpectEmptyPlan()
	destroyed := w.Run(nil, "destroy", "-auto-approve", "-no-color")
	if destroyed.Expect(t, "left in OBS"); exports(cloud) != 1 || destroyed.Code != 0 {
		t.Errorf("%d requests to export; destroy ended with code %d", exports(cloud), destroyed.Code)
	}
}
