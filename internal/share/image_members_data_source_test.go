package share_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestImageMembersDataSource(t *testing.T) {
	t.Parallel()
	const found = "data.ims_image_members.test"
	cloud, image := start(t, emulator.Options{})
	outside(t, cloud, image, addMembers(project(2), emulator.Receiver.ProjectID, project(1)))
	outside(t, cloud, image, func(i *emulator.Image) { i.Members[1].Status = "accepted" })
	as := func(tenant emulator.Tenant, image string, arguments string) string {
		return cloud.Provider(tenant) + fmt.Sprintf("data \"ims_image_members\" \"test\" {\n  image_id = %q\n  %s\n}\n", image, arguments)
	}
	number := func(n string) resource.TestCheckFunc {
		return resource.ComposeAggregateTestCheckFunc(value(found, "members.#", n), value(found, "project_ids.#", n))
	}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: as(emulator.Owner, image, ""),
			Check: resource.ComposeAggregateTestCheckFunc(number("3"), value(found, "members.0.project_id", emulator.Receiver.ProjectID),
				value(found, "members.0.status", "accepted"), value(found, "members.1.project_id", project(1)), resource.TestCheckResourceAttrSet(found, "members.1.created_at")),
		},
		{Config: as(emulator.Owner, image, `status = "pending"`), Check: resource.ComposeAggregateTestCheckFunc(number("2"), value(found, "members.0.project_id", project(1)))},
		{Config: as(emulator.Owner, image, `status = "rejected"`), Check: number("0")},
		{Config: as(emulator.Receiver, image, ""), Check: resource.ComposeAggregateTestCheckFunc(number("1"), value(found, "members.0.status", "accepted"))},
		{Config: as(emulator.Owner, image, `status = "perhaps"`), ExpectError: words("value must be one of")},
		{Config: as(emulator.Owner, "nothing", ""), ExpectError: words("There is no image nothing")},
	}})
}
