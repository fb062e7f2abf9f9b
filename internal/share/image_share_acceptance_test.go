package share_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func acceptanceOf(image string, arguments ...string) string {
	return fmt.Sprintf(`
resource "ims_image_share_acceptance" "test" {
  image_id = %q
  %s
}
`, image, strings.Join(arguments, "\n  "))
}

// startShared starts a cloud in which the owner shares an image with the receiver; receives makes configurations of the latter.
func startShared(t *testing.T, attributes map[string]any) (cloud *acctest.Cloud, image string, receives func(string) string) {
	t.Helper()
	cloud = acctest.Start(t, emulator.Options{})
	image = cloud.AddImage(emulator.Image{Name: "golden", Attributes: attributes})
	outside(t, cloud, image, addMembers(emulator.Receiver.ProjectID))
	return cloud, image, func(config string) string { return cloud.Provider(emulator.Receiver) + config }
}

func answered(cloud *acctest.Cloud, image, want string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := members(cloud, image)[emulator.Receiver.ProjectID]; got != want {
			return fmt.Errorf("the receiver's answer is %q, want %q", got, want)
		}
		return nil
	}
}

func TestImageShareAcceptanceLifecycle(t *testing.T) {
	t.Parallel()
	cloud, image, receives := startShared(t, nil)
	show, put := "GET /v2/images/"+image+"/members/"+emulator.Receiver.ProjectID, "PUT "+membersPath
	calls := func(want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			var got []string
			for _, call := range cloud.Calls() {
				if call != "GET /v2/cloudimages" { // what plans look up
					got = append(got, call)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				return fmt.Errorf("calls (-want +got):\n%s", diff)
			}
			return nil
		}
	}
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				PreConfig: cloud.ResetJournal, Config: receives(acceptanceOf(image)), ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionCreate),
				Check: resource.ComposeAggregateTestCheckFunc(value(acceptance, "status", "accepted"), value(acceptance, "project_id", emulator.Receiver.ProjectID),
					resource.TestCheckResourceAttrSet(acceptance, "created_at"), answered(cloud, image, "accepted"), calls(show, put, show)),
			},
			{
				ResourceName: acceptance, ImportState: true, ImportStateId: image, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "image_id",
			},
			{ResourceName: acceptance, ImportState: true, ImportStateId: "nothing", ExpectError: words("Image nothing is not shared with project")},
			{
				PreConfig: cloud.ResetJournal, Config: receives(acceptanceOf(image, `status = "rejected"`)), ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(answered(cloud, image, "rejected"), calls(show, put, show)),
			},
			{
				Config: receives(acceptanceOf(image, `status = "accepted"`)), ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionUpdate),
				Check: answered(cloud, image, "accepted"),
			},
			{
				// An answer given by hand is drift.
				PreConfig: func() { outside(t, cloud, image, func(i *emulator.Image) { i.Members[0].Status = "rejected" }) },
				Config:    receives(acceptanceOf(image)), ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionUpdate),
				Check: answered(cloud, image, "accepted"),
			},
			{
				// Withdrawn and shared again: nobody has answered this share.
				PreConfig: func() {
					outside(t, cloud, image, dropMembers(emulator.Receiver.ProjectID))
					outside(t, cloud, image, addMembers(emulator.Receiver.ProjectID))
				},
				Config: receives(acceptanceOf(image)), ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionUpdate), Check: answered(cloud, image, "accepted"),
			},
			{
				PreConfig: cloud.ResetJournal, Config: receives(acceptanceOf(image, `timeouts = { create = "1m" }`)),
				ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionUpdate), Check: calls(show),
			},
			{PreConfig: cloud.ResetJournal, Config: receives(""), Check: resource.ComposeAggregateTestCheckFunc(answered(cloud, image, "rejected"), calls(show, put))},
		},
	})
}

// TestImageShareAcceptanceWithdrawn: an answer goes from the state with its share, and so it does with the image.
func TestImageShareAcceptanceWithdrawn(t *testing.T) {
	t.Parallel()
	for name, withdraw := range map[string]func(*testing.T, *acctest.Cloud, string){
		"share": func(t *testing.T, cloud *acctest.Cloud, image string) {
			t.Helper()
			outside(t, cloud, image, dropMembers(emulator.Receiver.ProjectID))
		},
		"image": func(t *testing.T, cloud *acctest.Cloud, image string) {
			t.Helper()
			if err := cloud.DeleteImage(image); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image, receives := startShared(t, nil)
			gone := nothingInState(acceptance)
			gone.PreConfig = func() { withdraw(t, cloud, image) }
			cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
				{Config: receives(acceptanceOf(image))},
				gone,
				{Config: receives(acceptanceOf(image)), ExpectError: words("is not shared with project " + emulator.Receiver.ProjectID + ", or no longer")},
			}})
		})
	}
}

// TestImageShareAcceptanceDestroyWithoutShare: what the state has need not be there any more.
func TestImageShareAcceptanceDestroyWithoutShare(t *testing.T) {
	t.Parallel()
	cloud, image, receives := startShared(t, nil)
	w := cloud.Workspace(t)
	w.ConfigureWhole(receives(acceptanceOf(image)))
	cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
	outside(t, cloud, image, dropMembers(emulator.Receiver.ProjectID))
	cloud.AdvanceUntil(t, w.Start(nil, "destroy", "-auto-approve", "-no-color", "-refresh=false"))
}

func TestImageShareAcceptanceFails(t *testing.T) {
	t.Parallel()
	answer := func(f emulator.Fault) *emulator.Fault {
		f.Method, f.Path = http.MethodPut, membersPath
		return &f
	}
	for name, test := range map[string]struct {
		fault      *emulator.Fault
		attributes map[string]any
		tenant     emulator.Tenant
		arguments  map[string]any
		says       string
	}{
		"forbidden":          {fault: answer(emulator.Fault{Status: http.StatusForbidden}), says: "may answer, not its owner and no other project. The provider is signed in to project " + emulator.Receiver.ProjectID},
		"job failed":         {fault: answer(emulator.Fault{FailJob: "IMG.0112"}), says: "Failed to add the tenant."},
		"owner":              {tenant: emulator.Owner, says: "a share is answered by the project that receives it, not by the owner"},
		"full-ECS, no vault": {attributes: map[string]any{"__whole_image": "true"}, says: "accepting it needs vault_id"},
		"vault of nobody":    {attributes: map[string]any{"__whole_image": "true"}, arguments: map[string]any{"vault_id": "none"}, says: "Check vault_id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image, _ := startShared(t, test.attributes)
			if test.fault != nil {
				cloud.Inject(*test.fault)
			}
			tenant := emulator.Receiver
			if test.tenant.UserName != "" {
				tenant = test.tenant
			}
			arguments := map[string]any{"image_id": image, "status": "accepted"}
			maps.Copy(arguments, test.arguments)
			acctest.Says(t, cloud.Protocol(t, tenant).Manage("ims_image_share_acceptance").Apply(t.Context(), arguments), test.says)
		})
	}
}

// TestImageShareAcceptanceLate: what only the apply finds out is said at once, and not after a wait for a share.
func TestImageShareAcceptanceLate(t *testing.T) {
	t.Parallel()
	cloud, image, receives := startShared(t, nil)
	config := strings.Replace(acceptanceOf(image), fmt.Sprintf("%q", image), "terraform_data.late.output", 1) +
		fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = %q\n}\n", image)
	begin := cloud.Clock.Now()
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: cloud.Provider(emulator.Owner) + config, ExpectError: words("not by the owner")},
		{
			PreConfig: func() {
				if waited := cloud.Clock.Now().Sub(begin); waited > time.Minute {
					t.Errorf("it was said after %s", waited)
				}
			},
			Config: receives(config), Check: answered(cloud, image, "accepted"),
		},
	}})
}

// TestImageShareAcceptanceFullECS: the vault is sent, and changed in place.
func TestImageShareAcceptanceFullECS(t *testing.T) {
	t.Parallel()
	cloud, image, receives := startShared(t, map[string]any{"__whole_image": "true"})
	const other = "50000000-0000-4000-8000-000000000002"
	cloud.AddVault(other)
	vault := func(want string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if got := cloud.Only(t).Members[0].VaultID; got != want {
				return fmt.Errorf("the vault is %q", got)
			}
			return nil
		}
	}
	with := func(id string) string { return receives(acceptanceOf(image, fmt.Sprintf("vault_id = %q", id))) }
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: with(emulator.VaultID), Check: vault(emulator.VaultID)},
		{Config: with(other), ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionUpdate), Check: vault(other)},
	}})
}

// TestImageShareAcceptanceImportByIdentity: a vault, which the service never tells, is recorded after an import; nothing is sent.
func TestImageShareAcceptanceImportByIdentity(t *testing.T) {
	t.Parallel()
	cloud, image, receives := startShared(t, map[string]any{"__whole_image": "true"})
	if !acctest.AtLeast(t, acctest.IsTofu(t), 1, 12) {
		t.Skip("this engine imports by id only")
	}
	outside(t, cloud, image, func(i *emulator.Image) { i.Members[0].Status = "accepted" })
	w := cloud.Workspace(t)
	w.ConfigureWhole(receives(fmt.Sprintf("import {\n  to = %s\n  identity = { image_id = %q }\n}\n", acceptance, image) + acceptanceOf(image, fmt.Sprintf("vault_id = %q", emulator.VaultID))))
	if result := w.Apply(); !strings.Contains(result.Output, "1 imported, 0 added, 1 changed, 0 destroyed") {
		t.Error(result.Output)
	}
	w.ExpectEmptyPlan()
	for _, request := range cloud.Journal() {
		if request.Path == membersPath {
			t.Errorf("%s %s was sent", request.Method, request.Path)
		}
	}
}

// TestImageShareAcceptanceWaits: the share may be made meanwhile, by whomever.
func TestImageShareAcceptanceWaits(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	image := cloud.AddImage(emulator.Image{Name: "golden"})
	w := cloud.Workspace(t)
	w.ConfigureWhole(cloud.Provider(emulator.Receiver) + acceptanceOf(image))
	run := w.Start(nil, "apply", "-auto-approve", "-no-color")
	cloud.AwaitRequest(t, func(r emulator.Request) bool {
		return strings.HasSuffix(r.Path, "/members/"+emulator.Receiver.ProjectID)
	})
	outside(t, cloud, image, addMembers(emulator.Receiver.ProjectID))
	cloud.AdvanceUntil(t, run)
	if err := answered(cloud, image, "accepted")(nil); err != nil {
		t.Error(err)
	}
}

// TestImageShareAcceptanceUnread: an answer that was given and could not be read back is no error, and no inconsistent result.
func TestImageShareAcceptanceUnread(t *testing.T) {
	t.Parallel()
	cloud, image, receives := startShared(t, nil)
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: receives(acceptanceOf(image))},
		{
			PreConfig: func() {
				cloud.Inject(emulator.Fault{Method: http.MethodGet, Path: "/v2/images/" + image + "/members/" + emulator.Receiver.ProjectID, Status: 403, Skip: 1, Times: 1})
			},
			Config: receives(acceptanceOf(image, `status = "rejected"`)),
			Check:  resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttrSet(acceptance, "created_at"), answered(cloud, image, "rejected")),
		},
	}})
}
