package share_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImageShareAcceptanceLifecycle: accepted, rejected, mended, accepted anew; it ends in a rejection.
func TestImageShareAcceptanceLifecycle(t *testing.T) {
	t.Parallel()
	cloud, image := startShared(t, nil)
	p := cloud.Protocol(t, emulator.Receiver)
	m := p.Manage(acceptanceType)
	show, put := "GET /v2/images/"+image+"/members/"+emulator.Receiver.ProjectID, "PUT "+membersPath
	expect := func(want ...string) {
		t.Helper()
		isOfPlan := func(call string) bool { return call == "GET /v2/cloudimages" || call == "GET /v2/images/"+image }
		sent := slices.DeleteFunc(cloud.Calls(), isOfPlan)
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		cloud.ResetJournal()
	}

	acctest.NoDiagnostics(t, m.Apply(t.Context(), acceptanceOf(image)))
	expect(show, put, show)
	m.ExpectSettled(acceptanceOf(image))
	m.Expect(map[string]string{"status": "accepted", "project_id": emulator.Receiver.ProjectID, "created_at": "*"})
	expectAnswer(t, cloud, image, "accepted")

	byID := p.Manage(acceptanceType)
	acctest.NoDiagnostics(t, byID.Import(image))
	byID.ExpectLike(m)
	acctest.HasDiagnostic(t, p.Manage(acceptanceType).Import("nothing"), "Image nothing is not shared with project")

	cloud.ResetJournal()
	acctest.NoDiagnostics(t, m.Apply(t.Context(), acceptanceOf(image, arguments{"status": "rejected"})))
	expect(put, show)
	expectAnswer(t, cloud, image, "rejected")
	m.ExpectApplied(acceptanceOf(image, arguments{"status": "accepted"}), acctest.Update)
	expectAnswer(t, cloud, image, "accepted")

	for _, drift := range []func(*emulator.Image){
		answer("rejected"), // an answer given by hand
		func(i *emulator.Image) { // withdrawn and shared again: nobody has answered this share
			dropMembers(emulator.Receiver.ProjectID)(i)
			addMembers(emulator.Receiver.ProjectID)(i)
		},
	} {
		cloud.Change(image, drift)
		acctest.NoDiagnostics(t, m.Refresh())
		m.ExpectApplied(acceptanceOf(image), acctest.Update)
		expectAnswer(t, cloud, image, "accepted")
	}

	cloud.ResetJournal()
	acctest.NoDiagnostics(t, m.Apply(t.Context(), acceptanceOf(image, arguments{"timeouts": arguments{"create": "1m"}})))
	expect()
	m.ExpectDestroyed()
	expect(put)
	expectAnswer(t, cloud, image, "rejected")
}

// TestImageShareAcceptanceWithdrawn: an answer goes from the state with its share, and so it does with the image.
func TestImageShareAcceptanceWithdrawn(t *testing.T) {
	t.Parallel()
	for name, withdraw := range map[string]func(*acctest.Cloud, string){
		"share": func(cloud *acctest.Cloud, image string) {
			cloud.Change(image, dropMembers(emulator.Receiver.ProjectID))
		},
		"image": (*acctest.Cloud).Remove,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := startShared(t, nil)
			p := cloud.Protocol(t, emulator.Receiver)
			m, unnoticed := p.Manage(acceptanceType), p.Manage(acceptanceType)
			m.ExpectApplied(acceptanceOf(image), acctest.Create)
			acctest.NoDiagnostics(t, unnoticed.Import(image))
			withdraw(cloud, image)
			m.Refresh()
			if !m.State.IsNull() {
				t.Errorf("the state is %v", m.State)
			}
			unnoticed.ExpectDestroyed() // what the state has need not be there any more
			acctest.HasDiagnostic(t, m.Apply(t.Context(), acceptanceOf(image)),
				"is not shared with project "+emulator.Receiver.ProjectID+", or no longer")
		})
	}
}

// TestImageShareAcceptanceFails: what is refused says why, and who may answer.
func TestImageShareAcceptanceFails(t *testing.T) {
	t.Parallel()
	whole := map[string]any{"__whole_image": "true"}
	for name, test := range map[string]struct {
		fault      emulator.Fault // of the request that answers
		attributes map[string]any
		tenant     emulator.Tenant
		arguments  arguments
		words      string
	}{
		"forbidden": {
			fault: emulator.Fault{Status: http.StatusForbidden}, tenant: emulator.Receiver,
			words: "may answer, not its owner and no other project. The provider is signed in to project " +
				emulator.Receiver.ProjectID,
		},
		"job failed": {
			fault: emulator.Fault{FailJob: "IMG.0112"}, tenant: emulator.Receiver, words: "Failed to add the tenant.",
		},
		"owner": {
			tenant: emulator.Owner, words: "a share is answered by the project that receives it, not by the owner",
		},
		"full-ECS, no vault": {
			attributes: whole, tenant: emulator.Receiver, words: "accepting it needs vault_id",
		},
		"vault of nobody": {
			attributes: whole, tenant: emulator.Receiver, arguments: arguments{"vault_id": "none"}, words: "Check vault_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := startShared(t, test.attributes)
			test.fault.Method, test.fault.Path = http.MethodPut, membersPath
			cloud.Inject(test.fault)
			m := cloud.Protocol(t, test.tenant).Manage(acceptanceType)
			said := m.Apply(t.Context(), acceptanceOf(image, arguments{"status": "accepted"}, test.arguments))
			acctest.HasDiagnostic(t, said, test.words)
		})
	}
}

// TestImageShareAcceptanceLate: what only the apply finds out is said at once, and not after a wait for a share.
func TestImageShareAcceptanceLate(t *testing.T) {
	t.Parallel()
	cloud, image := startShared(t, nil)
	later := acceptanceOf(image, arguments{"image_id": acctest.Unknown})
	owners := cloud.Protocol(t, emulator.Owner).Manage(acceptanceType)
	begin := cloud.Clock.Now()
	plan := owners.ExpectPlan(later, acctest.Create)
	acctest.HasDiagnostic(t, owners.CarryOut(t.Context(), plan, acceptanceOf(image)), "not by the owner")
	if waited := cloud.Clock.Now().Sub(begin); waited > time.Minute {
		t.Errorf("it was said after %s", waited)
	}

	m := cloud.Protocol(t, emulator.Receiver).Manage(acceptanceType)
	plan = m.ExpectPlan(later, acctest.Create)
	acctest.NoDiagnostics(t, m.CarryOut(t.Context(), plan, acceptanceOf(image)))
	expectAnswer(t, cloud, image, "accepted")
}

// TestImageShareAcceptanceFullECS: the vault is sent, and changed in place. After an import it is recorded, since the
// service never names it; nothing is sent.
func TestImageShareAcceptanceFullECS(t *testing.T) {
	t.Parallel()
	cloud, image := startShared(t, map[string]any{"__whole_image": "true"})
	const other = "50000000-0000-4000-8000-000000000002"
	cloud.AddVault(other)
	p := cloud.Protocol(t, emulator.Receiver)
	m := p.Manage(acceptanceType)
	in := func(vault string) arguments { return acceptanceOf(image, arguments{"vault_id": vault}) }
	expectVault := func(want string) {
		t.Helper()
		if got := cloud.Only(t).Members[0].VaultID; got != want {
			t.Errorf("the vault is %q", got)
		}
	}
	m.ExpectApplied(in(emulator.VaultID), acctest.Create)
	expectVault(emulator.VaultID)
	m.ExpectApplied(in(other), acctest.Update)
	expectVault(other)

	imported := p.Manage(acceptanceType)
	cloud.ResetJournal()
	acctest.NoDiagnostics(t, imported.ImportByIdentity(arguments{"image_id": image}))
	imported.ExpectApplied(in(other), acctest.Update)
	if sent := cloud.Count("PUT "); sent > 0 {
		t.Errorf("the import sent %v", cloud.Calls())
	}
}

// TestImageShareAcceptanceWaits: the share may be made meanwhile, by whomever.
func TestImageShareAcceptanceWaits(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	image := cloud.AddImage(emulator.Image{Name: "golden"})
	m := cloud.Protocol(t, emulator.Receiver).Manage(acceptanceType)
	looks := func(r emulator.Request) bool {
		return r.Path == "/v2/images/"+image+"/members/"+emulator.Receiver.ProjectID
	}
	cloud.OnRequest(looks, func() { // which is answered by then: the second look finds the share
		cloud.OnRequest(looks, func() { cloud.Change(image, addMembers(emulator.Receiver.ProjectID)) })
	})
	acctest.NoDiagnostics(t, m.Apply(t.Context(), acceptanceOf(image)))
	expectAnswer(t, cloud, image, "accepted")
}

// TestImageShareAcceptanceUnread: an answer that was given and could not be read back is no error, and no inconsistent
// result.
func TestImageShareAcceptanceUnread(t *testing.T) {
	t.Parallel()
	cloud, image := startShared(t, nil)
	m := cloud.Protocol(t, emulator.Receiver).Manage(acceptanceType)
	m.ExpectApplied(acceptanceOf(image), acctest.Create)
	cloud.Inject(emulator.Fault{
		Method: http.MethodGet, Path: "/v2/images/" + image + "/members/" + emulator.Receiver.ProjectID,
		Status: http.StatusForbidden, Times: 1,
	})
	said := m.Apply(t.Context(), acceptanceOf(image, arguments{"status": "rejected"}))
	acctest.HasDiagnostic(t, said, "WARNING Unable to read image share acceptance", "The next plan reads it.")
	m.Expect(map[string]string{"status": "rejected", "created_at": "*"})
	expectAnswer(t, cloud, image, "rejected")
}
