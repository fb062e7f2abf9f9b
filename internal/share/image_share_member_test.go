package share_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImageShareMemberLifecycle leaves alone what is somebody else's.
func TestImageShareMemberLifecycle(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Change(image, addMembers(project(9))) // somebody else's
	p := cloud.Protocol(t, emulator.Owner)
	m := p.Manage(memberType)
	one, two := memberOf(image, project(1)), memberOf(image, project(2))
	m.ExpectApplied(one, acctest.Create)
	m.Expect(map[string]string{"status": "pending", "created_at": "*", "updated_at": "*"})
	expectMembers(t, cloud, image, project(1), project(9))

	byID, byIdentity := p.Manage(memberType), p.Manage(memberType)
	acctest.NoDiagnostics(t, byID.Import(image+"/"+project(1)))
	byID.ExpectLike(m)
	acctest.NoDiagnostics(
		t, byIdentity.ImportByIdentity(arguments{"region": emulator.Region, "image_id": image, "project_id": project(1)}),
	)
	byIdentity.ExpectLike(m)
	byIdentity.ExpectApplied(one, acctest.Keep)
	elsewhere := arguments{"region": "eu-nl", "image_id": image, "project_id": project(1)}
	acctest.HasDiagnostic(t, p.Manage(memberType).ImportByIdentity(elsewhere), "names region eu-nl")
	for id, words := range map[string]string{
		image:                                  "The id must be <image_id>/<project_id>",
		image + "/" + project(3):               "is not shared with project " + project(3),
		image + "/" + emulator.Owner.ProjectID: acceptanceType,
	} {
		acctest.HasDiagnostic(t, p.Manage(memberType).Import(id), "ERROR ", words)
	}

	m.ExpectApplied(memberOf(image, project(1), arguments{"timeouts": arguments{"create": "1m"}}), acctest.Update)
	m.ExpectApplied(two, acctest.Replace)
	cloud.Change(image, dropMembers(project(2)))
	m.Refresh()
	m.ExpectApplied(two, acctest.Create)
	cloud.Change(image, func(i *emulator.Image) { i.Members[1].Status = "rejected" })
	m.ExpectSettled(two)
	m.Expect(map[string]string{"status": "rejected"})
	m.ExpectDestroyed()
	expectMembers(t, cloud, image, project(9))
}

// TestImageShareMemberCalls counts what the operations send besides sign-in and looks at jobs.
func TestImageShareMemberCalls(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	const find = "GET /v2/cloudimages"
	list := "GET /v2/images/" + image + "/members"
	m := cloud.Protocol(t, emulator.Owner).Manage(memberType)
	acctest.NoDiagnostics(t, m.Apply(t.Context(), memberOf(image, project(1))))
	expectCalls(t, cloud, find, find, list, "POST "+membersPath, list)
	acctest.NoDiagnostics(t, m.Refresh())
	expectCalls(t, cloud, list)
	m.ExpectDestroyed()
	expectCalls(t, cloud, "DELETE "+membersPath, list)
}

// TestImageShareMemberFails: what fails is not in the state, and what was there before stays.
func TestImageShareMemberFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		project string
		fault   emulator.Fault // of the request that shares
		before  []string
		words   string
		left    []string
	}{
		"part failed": {project: unknown, words: "The service did not share image"},
		"already there": {
			project: project(1), before: projects(1), left: projects(1),
			words: "is shared with project " + project(1) + " already. To take that share over, import instead",
		},
		"job failed": {project: project(1), fault: emulator.Fault{FailJob: "IMG.0112"}, words: "Failed to add the tenant."},
		"forbidden": {
			project: project(1), fault: emulator.Fault{Status: http.StatusForbidden}, words: "Check that the user may use IMS",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			cloud.Change(image, addMembers(test.before...))
			test.fault.Method, test.fault.Path = http.MethodPost, membersPath
			cloud.Inject(test.fault)
			m := cloud.Protocol(t, emulator.Owner).Manage(memberType)
			said := m.Apply(t.Context(), memberOf(image, test.project))
			acctest.HasDiagnostic(t, said, "Unable to create image share member", test.words)
			if !m.State.IsNull() {
				t.Error("the member is in the state")
			}
			expectMembers(t, cloud, image, test.left...)
		})
	}
}
