package image_test

import (
	"context"
	"os"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestProtectionRefused: where the service does not change whether an image is protected, the image is made and kept, each
// apply says so, and none makes another image. Registered images are made protected.
func TestProtectionRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{ProtectRefused: true}})
	for typeName, arguments := range ways(cloud) {
		t.Run(typeName, func(t *testing.T) {
			m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
			arguments := with(arguments, map[string]any{"protected": true, "description": "d"})
			told := m.Apply(t.Context(), arguments)
			id := m.Attribute("id")
			if typeName == registeredType {
				acctest.Silent(t, told)
				if acctest.Silent(t, m.Refresh()); m.Attribute("protected") != "true" {
					t.Error("the image is not protected")
				}
				return
			}
			acctest.Says(t, told, "WARNING Unable to protect", id, "read-only", "console")
			for range 2 {
				if acctest.Silent(t, m.Refresh()); m.Attribute("protected") != "false" || m.Attribute("description") != "d" {
					t.Errorf("the state has protected = %s and %q", m.Attribute("protected"), m.Attribute("description"))
				}
				if _, replace := m.Plan(arguments); len(replace) > 0 {
					t.Errorf("the plan replaces for %v", replace)
				}
				acctest.Says(t, m.Apply(t.Context(), arguments), "ERROR Unable to update", "read-only", "console")
			}
			if m.Attribute("id") != id {
				t.Error("another image was made")
			}
			acctest.Silent(t, m.Apply(t.Context(), with(arguments, map[string]any{"protected": false})))
			acctest.Silent(t, m.Destroy(t.Context()))
		})
	}
}

// TestProtectedWithoutFile: an image that was made protected and did not get its file is deleted all the same.
func TestProtectedWithoutFile(t *testing.T) {
	t.Parallel()
	path, _ := imageFile(t, "golden.raw", "golden")
	cloud := acctest.Start(t, emulator.Options{Faults: []emulator.Fault{{Method: "PUT", Path: "/v2/images/*/file", Times: 1, Status: 403}}})
	m := cloud.Protocol(t, emulator.Owner).Manage(registeredType)
	arguments := map[string]any{"name": "golden", "local_file": path, "protected": true}
	acctest.Says(t, m.Apply(context.WithoutCancel(t.Context()), arguments), "did not reach the service", "is deleted")
	if left := len(cloud.OwnImages()); left != 0 || !m.State.IsNull() {
		t.Errorf("%d images are left", left)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
