package image_test

import (
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestProtectionRefused: where the service does not change whether an image is protected, the image is made and kept,
// each apply says so, and none makes another image. Registered images are made protected.
func TestProtectionRefused(t *testing.T) {
	t.Parallel()
	options := emulator.Options{Switches: emulator.Switches{ProtectRefused: true}}
	eachIn(t, options, ofTypes(specimens(t)), func(t *testing.T, _ *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		protected := s.arguments(arguments{"protected": true, "description": "d"})
		if s.isTwoSteps() {
			m.ExpectApplied(protected, acctest.Create)
			m.Expect(map[string]string{"protected": "true"})
			return
		}
		said := m.Apply(t.Context(), protected)
		id := m.Attribute("id")
		acctest.HasDiagnostic(t, said, "WARNING Unable to protect", id, "read-only", "console")
		for range 2 {
			acctest.NoDiagnostics(t, m.Refresh())
			m.Expect(map[string]string{"protected": "false", "description": "d"})
			m.ExpectPlan(protected, acctest.Update)
			acctest.HasDiagnostic(t, m.Apply(t.Context(), protected), "ERROR Unable to update", "read-only", "console")
		}
		m.Expect(map[string]string{"id": id})

		acctest.NoDiagnostics(t, m.Refresh())
		acctest.NoDiagnostics(t, m.Apply(t.Context(), s.arguments(arguments{"protected": false, "description": "d"})))
		m.ExpectDestroyed()
	})
}

// TestProtectedWithoutFile: an image that was made protected and did not get its file is deleted all the same.
func TestProtectedWithoutFile(t *testing.T) {
	t.Parallel()
	path, _ := imageFile(t, "golden.raw", "golden")
	fault := emulator.Fault{Method: "PUT", Path: "/v2/images/*/file", Times: 1, Status: 403}
	cloud := acctest.Start(t, emulator.Options{Faults: []emulator.Fault{fault}})
	m := cloud.Protocol(t, emulator.Owner).Manage(registeredType)
	said := m.Apply(t.Context(), arguments{"name": "golden", "local_file": path, "protected": true})
	acctest.HasDiagnostic(t, said, "did not reach the service", "is deleted")
	expectImages(t, cloud, 0)
	if !m.State.IsNull() {
		t.Error("something is in the state")
	}
}
