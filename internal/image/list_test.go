package image_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// listed returns the names of the images that a list finds, with their status if resources are asked for, or its errors.
func listed(t *testing.T, p *acctest.Protocol, typeName string, arguments map[string]any, limit int64, resources bool) []string {
	t.Helper()
	lister, ok := p.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	config := p.Value(p.Schemas.ListResourceSchemas[typeName], arguments)
	valid, err := lister.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range valid.Diagnostics {
		return []string{problem.Summary}
	}
	stream, err := lister.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: typeName, Config: config, Limit: limit, IncludeResource: resources})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for result := range stream.Results {
		for _, problem := range result.Diagnostics {
			all = append(all, problem.Summary)
		}
		if result.Identity == nil {
			continue
		}
		identity := p.Strings(result.Identity.IdentityData, acctest.ImageIdentity)
		if identity["region"] != emulator.Region || identity["image_id"] == "" {
			t.Errorf("the identity is %v", identity)
		}
		text := result.DisplayName
		if resources {
			resource := p.Strings(result.Resource, p.Schemas.ResourceSchemas[typeName].ValueType())
			text += fmt.Sprintf(" %s %s", resource["status"], resource["deletion_policy"])
			if resource["id"] != identity["image_id"] {
				t.Errorf("the resource is %v", resource)
			}
		}
		all = append(all, text)
	}
	return all
}

// TestLists speaks the protocol: the engines that know lists are newer than those that the suite has.
func TestLists(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	add := func(name string, attributes map[string]any) {
		cloud.Clock.Advance(acctest.JobDuration)
		cloud.AddImage(emulator.Image{Name: name, Tags: map[string]string{"of": name}, Attributes: attributes})
	}
	add("system", nil)
	add("second", map[string]any{"__platform": "CentOS"})
	add("data", map[string]any{"virtual_env_type": "DataImage"})
	add("iso", map[string]any{"virtual_env_type": "IsoImage"})
	add("whole", map[string]any{"__whole_image": "true"})
	add("replica", map[string]any{"__data_origin": "image,eu-de,x", "virtual_env_type": "DataImage"})
	cloud.AddImage(emulator.Image{Name: "theirs", Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}})
	p := cloud.Protocol(t, emulator.Owner)
	for name, test := range map[string]struct {
		typeName  string
		arguments map[string]any
		limit     int64
		resources bool
		want      []string
	}{
		"system":     {typeName: "ims_system_disk_image", want: []string{"second", "system"}},
		"data":       {typeName: "ims_data_disk_image", want: []string{"data"}},
		"ISO":        {typeName: "ims_iso_image", want: []string{"iso"}},
		"full ECS":   {typeName: "ims_full_ecs_image", want: []string{"whole"}},
		"replica":    {typeName: "ims_image_replica", want: []string{"replica"}},
		"resources":  {typeName: "ims_system_disk_image", resources: true, want: []string{"second active delete", "system active delete"}},
		"limit":      {typeName: "ims_system_disk_image", limit: 1, want: []string{"second"}},
		"name":       {typeName: "ims_system_disk_image", arguments: map[string]any{"name": "system"}, want: []string{"system"}},
		"name_regex": {typeName: "ims_system_disk_image", arguments: map[string]any{"name_regex": "^sys"}, want: []string{"system"}},
		"tags":       {typeName: "ims_system_disk_image", arguments: map[string]any{"tags": map[string]string{"of": "second"}}, want: []string{"second"}},
		"platform":   {typeName: "ims_system_disk_image", arguments: map[string]any{"platform": "CentOS"}, want: []string{"second"}},
		"status":     {typeName: "ims_system_disk_image", arguments: map[string]any{"status": "killed"}},
		"invalid":    {typeName: "ims_system_disk_image", arguments: map[string]any{"name_regex": "("}, want: []string{"Invalid value"}},
	} {
		if diff := cmp.Diff(test.want, listed(t, p, test.typeName, test.arguments, test.limit, test.resources)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	cloud.Inject(emulator.Fault{Path: "/v2/cloudimages", Status: 403})
	if got := listed(t, p, "ims_iso_image", nil, 0, false); len(got) != 1 || got[0] != "Unable to list ISO image" {
		t.Errorf("got %q", got)
	}
}
