package image_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// listed are the names of the images that a list finds, with their status if resources are asked for, or the summaries
// of its errors.
func listed(
	t *testing.T, p *acctest.Protocol, typeName string, arguments arguments, limit int64, resources bool,
) []string {
	t.Helper()
	found, said := p.List(typeName, arguments, limit, resources)
	var all []string
	for _, each := range said {
		summary, _, _ := strings.Cut(each, ":")
		all = append(all, summary)
	}
	for _, one := range found {
		if one.Identity["region"] != emulator.Region || one.Identity["image_id"] == "" {
			t.Errorf("the identity is %v", one.Identity)
		}
		text := one.Name
		if resources {
			text += fmt.Sprintf(" %s %s", one.Resource["status"], one.Resource["deletion_policy"])
			if one.Resource["id"] != one.Identity["image_id"] {
				t.Errorf("the resource is %v", one.Resource)
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
	add("second", arguments{"__platform": "CentOS"})
	add("data", arguments{"virtual_env_type": "DataImage"})
	add("iso", arguments{"virtual_env_type": "IsoImage"})
	add("whole", arguments{"__whole_image": "true"})
	add("replica", arguments{"__data_origin": "image,eu-de,x", "virtual_env_type": "DataImage"})
	cloud.AddImage(
		emulator.Image{
			Name: "theirs", Owner: emulator.Receiver.ProjectID,
			Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}},
		},
	)
	p := cloud.Protocol(t, emulator.Owner)
	for name, test := range map[string]struct {
		typeName  string
		arguments arguments
		limit     int64
		resources bool
		want      []string
	}{
		"system":     {typeName: systemType, want: []string{"second", "system"}},
		"data":       {typeName: dataType, want: []string{"data"}},
		"ISO":        {typeName: isoType, want: []string{"iso"}},
		"full ECS":   {typeName: wholeType, want: []string{"whole"}},
		"replica":    {typeName: replicaType, want: []string{"replica"}},
		"resources":  {typeName: systemType, resources: true, want: []string{"second active delete", "system active delete"}},
		"limit":      {typeName: systemType, limit: 1, want: []string{"second"}},
		"name":       {typeName: systemType, arguments: arguments{"name": "system"}, want: []string{"system"}},
		"name_regex": {typeName: systemType, arguments: arguments{"name_regex": "^sys"}, want: []string{"system"}},
		"tags": {
			typeName: systemType, arguments: arguments{"tags": map[string]string{"of": "second"}}, want: []string{"second"},
		},
		"platform": {typeName: systemType, arguments: arguments{"platform": "CentOS"}, want: []string{"second"}},
		"status":   {typeName: systemType, arguments: arguments{"status": "killed"}},
		"invalid":  {typeName: systemType, arguments: arguments{"name_regex": "("}, want: []string{"ERROR Invalid value"}},
	} {
		if diff := cmp.Diff(test.want, listed(t, p, test.typeName, test.arguments, test.limit, test.resources)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	cloud.Inject(emulator.Fault{Path: "/v2/cloudimages", Status: 403})
	if got := listed(t, p, isoType, nil, 0, false); len(got) != 1 || got[0] != "ERROR Unable to list ISO image" {
		t.Errorf("got %q", got)
	}
}
