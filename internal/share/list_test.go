package share_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// listed is what a list finds, each as "name: values of the identity in the order of their names".
func listed(found []acctest.Listed) []string {
	var all []string
	for _, one := range found {
		var values []string
		for _, name := range slices.Sorted(maps.Keys(one.Identity)) {
			values = append(values, one.Identity[name])
		}
		all = append(all, one.Name+": "+strings.Join(values, " "))
	}
	return all
}

// TestLists speaks the protocol: the engines that know lists are newer than those that the suite has.
func TestLists(t *testing.T) {
	t.Parallel()
	cloud, first := start(t, emulator.Options{})
	second := cloud.AddImage(emulator.Image{Name: "second", CreatedAt: cloud.Clock.Now().Add(-acctest.JobDuration)})
	cloud.AddImage(emulator.Image{Name: "shared with nobody"})
	cloud.AddImage(foreign("received"))
	receives := emulator.Receiver.ProjectID
	cloud.Change(first, addMembers(project(1), receives))
	cloud.Change(second, addMembers(receives))
	cloud.Change(second, answer("rejected"))
	owner, receiver := cloud.Protocol(t, emulator.Owner), cloud.Protocol(t, emulator.Receiver)

	share := func(name, image string) string { return name + ": " + image + " " + emulator.Region }
	one := func(name, image, project string) string {
		return name + ": " + image + " " + project + " " + emulator.Region
	}
	with := func(name, image, project string) string { return one(name+" with "+project, image, project) }
	for name, test := range map[string]struct {
		as        *acctest.Protocol
		typeName  string
		arguments arguments
		limit     int64
		want      []string
	}{
		"shares":        {as: owner, typeName: shareType, want: []string{share("golden", first), share("second", second)}},
		"shares, limit": {as: owner, typeName: shareType, limit: 1, want: []string{share("golden", first)}},
		"members": {
			as: owner, typeName: memberType,
			want: []string{with("golden", first, receives), with("golden", first, project(1)), with("second", second, receives)},
		},
		"members, image": {
			as: owner, typeName: memberType, arguments: arguments{"image_id": second},
			want: []string{with("second", second, receives)},
		},
		"members, limit": {
			as: owner, typeName: memberType, limit: 2,
			want: []string{with("golden", first, receives), with("golden", first, project(1))},
		},
		"acceptances": {
			as: receiver, typeName: acceptanceType,
			want: []string{one("golden", first, receives), one("second", second, receives)},
		},
		"acceptances, status": {
			as: receiver, typeName: acceptanceType, arguments: arguments{"status": "rejected"},
			want: []string{one("second", second, receives)},
		},
	} {
		found, said := test.as.List(test.typeName, test.arguments, test.limit, false)
		acctest.NoDiagnostics(t, said)
		if diff := cmp.Diff(test.want, listed(found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	_, said := receiver.List(acceptanceType, arguments{"status": "perhaps"}, 0, false)
	acctest.HasDiagnostic(t, said, "ERROR Invalid Attribute Value Match")

	for typeName, test := range map[string]struct {
		as   *acctest.Protocol
		want map[string]string
	}{
		shareType:      {owner, map[string]string{"image_id": first, "members.#": "2", "project_ids.#": "2"}},
		memberType:     {owner, map[string]string{"image_id": first, "project_id": receives, "status": "pending"}},
		acceptanceType: {receiver, map[string]string{"image_id": first, "status": "pending"}},
	} {
		found, said := test.as.List(typeName, nil, 1, true)
		if acctest.NoDiagnostics(t, said); len(found) != 1 {
			t.Fatalf("%s: found %v", typeName, found)
		}
		acctest.Expect(t, found[0].Resource, test.want)
	}

	cloud.Inject(emulator.Fault{Path: "/v2/images/*/members", Status: http.StatusForbidden})
	found, said := owner.List(shareType, nil, 0, false)
	if acctest.HasDiagnostic(t, said, "ERROR Unable to list image share"); len(found) > 0 || len(said) != 1 {
		t.Errorf("found %v; said %v", found, said)
	}
}
