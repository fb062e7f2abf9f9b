package export_test

import (
	"slices"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImageExportImported: what an import leaves open is recorded once, and does not hold of the export that replaces
// it.
func TestImageExportImported(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	image := cloud.AddImage(emulator.Image{Name: "golden"})

	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_export")
	imported := map[string]any{"image_id": image, "bucket_url": "exports:golden", "file_format": "vhd"}
	other := with(imported, map[string]any{"bucket_url": "exports:other"})
	acctest.NoDiagnostics(t, m.Import(image+",exports:golden"))
	if plan := m.Plan(imported); plan.Action == acctest.Replace {
		t.Errorf("the format of an imported export replaces it: %v", plan.Replaces)
	}
	acctest.HasDiagnostic(t, m.Apply(t.Context(), other), "left in OBS") // replaced before the format was recorded

	for name, arguments := range map[string]map[string]any{
		"file_format":  with(other, map[string]any{"file_format": "qcow2"}),
		"quick_export": {"image_id": image, "bucket_url": "exports:other", "quick_export": true},
	} {
		if plan := m.Plan(arguments); !slices.Contains(plan.Replaces, name) {
			t.Errorf("%s replaces for %v", name, plan.Replaces)
		}
	}
	if got := exports(cloud); got != 1 {
		t.Errorf("%d requests to export, want 1", got)
	}
}

// TestImageExportImportRefused: ids of other forms.
func TestImageExportImportRefused(t *testing.T) {
	t.Parallel()
	m := acctest.Start(t, emulator.Options{}).Protocol(t, emulator.Owner).Manage("ims_image_export")
	for _, id := range []string{"1234", "1234,", ",exports:golden", "1234,golden"} {
		acctest.HasDiagnostic(t, m.Import(id), "the file as bucket:object")
	}
}
