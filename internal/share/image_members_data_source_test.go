package share_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestImageMembersDataSource(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	outside(t, cloud, image, addMembers(project(2), emulator.Receiver.ProjectID, project(1)))
	outside(t, cloud, image, func(i *emulator.Image) { i.Members[1].Status = "accepted" })
	owner, receiver := cloud.Protocol(t, emulator.Owner), cloud.Protocol(t, emulator.Receiver)
	for name, test := range map[string]struct {
		as        *acctest.Protocol
		arguments map[string]any
		want      []string // projects and their answers, in order
		message   string
	}{
		"all":         {owner, map[string]any{"image_id": image}, []string{emulator.Receiver.ProjectID + " accepted", project(1) + " pending", project(2) + " pending"}, ""},
		"pending":     {owner, map[string]any{"image_id": image, "status": "pending"}, []string{project(1) + " pending", project(2) + " pending"}, ""},
		"rejected":    {owner, map[string]any{"image_id": image, "status": "rejected"}, nil, ""},
		"of a member": {receiver, map[string]any{"image_id": image}, []string{emulator.Receiver.ProjectID + " accepted"}, ""},
		"no status":   {owner, map[string]any{"image_id": image, "status": "perhaps"}, nil, "value must be one of"},
		"no image":    {owner, map[string]any{"image_id": "nothing"}, nil, "There is no image nothing"},
	} {
		found, told := test.as.Look("ims_image_members", test.arguments)
		if test.message != "" {
			acctest.Says(t, told, test.message)
			continue
		}
		acctest.Silent(t, told)
		var members, ids []tftypes.Value
		if found["members"].As(&members) != nil || found["project_ids"].As(&ids) != nil {
			t.Fatal("members are no list")
		}
		var got []string
		for _, member := range members {
			var attributes map[string]tftypes.Value
			var id, status, created string
			if member.As(&attributes) != nil || attributes["project_id"].As(&id) != nil || attributes["status"].As(&status) != nil || attributes["created_at"].As(&created) != nil || created == "" {
				t.Fatalf("the member is %v", member)
			}
			got = append(got, id+" "+status)
		}
		if diff := cmp.Diff(test.want, got); diff != "" || len(ids) != len(got) {
			t.Errorf("%s, %d ids (-want +got):\n%s", name, len(ids), diff)
		}
	}
}
