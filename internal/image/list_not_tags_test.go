package image_test

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

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
	lister, ok := p.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	const kind = "ims_system_disk_image"
	config := p.Value(p.Schemas.ListResourceSchemas[kind], map[string]any{
		"not_tags": map[string]string{"stage": "deprecated", "other": ""},
	})
	stream, err := lister.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: kind, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for result := range stream.Results {
		acctest.Silent(t, acctest.Told(result.Diagnostics))
		names = append(names, result.DisplayName)
	}
	if !slices.Equal(names, []string{"good"}) {
		t.Errorf("listed %v", names)
	}
}
