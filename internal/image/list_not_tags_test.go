package image_test

import (
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestListsLeaveOutByTags: images with one of not_tags are not listed.
func TestListsLeaveOutByTags(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.AddImage(emulator.Image{Name: "good", Tags: map[string]string{"stage": "released"}})
	cloud.AddImage(emulator.Image{Name: "old", Tags: map[string]string{"stage": "deprecated"}})
	p := cloud.Protocol(t, emulator.Owner)
	found, diagnostics := p.List("ims_system_disk_image", map[string]any{
		"not_tags": map[string]string{"stage": "deprecated", "other": ""},
	}, 0, false)
	acctest.NoDiagnostics(t, diagnostics)
	if len(found) != 1 || found[0].Name != "good" {
		t.Errorf("listed %v", found)
	}
}
