package share_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImageMembersDataSource shows an owner all members, and a member itself.
func TestImageMembersDataSource(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Change(image, addMembers(project(2), emulator.Receiver.ProjectID, project(1)))
	cloud.Change(image, func(i *emulator.Image) { i.Members[1].Status = "accepted" })
	owner, receiver := cloud.Protocol(t, emulator.Owner), cloud.Protocol(t, emulator.Receiver)
	accepted := emulator.Receiver.ProjectID + " accepted"
	for name, test := range map[string]struct {
		as        *acctest.Protocol
		arguments arguments
		want      []string // projects and their answers, in order
		words     string
	}{
		"all": {
			owner, arguments{"image_id": image}, []string{accepted, project(1) + " pending", project(2) + " pending"}, "",
		},
		"pending": {
			owner, arguments{"image_id": image, "status": "pending"}, []string{project(1) + " pending", project(2) + " pending"},
			"",
		},
		"rejected":    {owner, arguments{"image_id": image, "status": "rejected"}, nil, ""},
		"of a member": {receiver, arguments{"image_id": image}, []string{accepted}, ""},
		"no status":   {owner, arguments{"image_id": image, "status": "perhaps"}, nil, "value must be one of"},
		"no image":    {owner, arguments{"image_id": "nothing"}, nil, "There is no image nothing"},
	} {
		found, said := test.as.Look("ims_image_members", test.arguments)
		if test.words != "" {
			acctest.HasDiagnostic(t, said, test.words)
			continue
		}
		acctest.NoDiagnostics(t, said)
		number := fmt.Sprint(len(test.want))
		acctest.Expect(t, found, map[string]string{"members.#": number, "project_ids.#": number})
		var got []string
		for i := range test.want {
			member := fmt.Sprintf("members.%d.", i)
			acctest.Expect(t, found, map[string]string{member + "created_at": "*"})
			got = append(got, found[member+"project_id"]+" "+found[member+"status"])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
