package share_test

import (
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImageShareLifecycle: made, changed in place, emptied, filled and replaced. Each apply leaves nothing to do.
func TestImageShareLifecycle(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	other := cloud.AddImage(emulator.Image{Name: "other"})
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	m.ExpectApplied(shareOf(image, projects(2)), acctest.Create)
	m.Expect(map[string]string{
		"project_ids.#": "2", "members.#": "2", "members.0.project_id": project(1), "members.0.status": "pending",
		"members.0.created_at": "*", "members.0.updated_at": "*",
	})
	expectMembers(t, cloud, image, projects(2)...)

	shifted := []string{project(2), project(3)}
	m.ExpectApplied(shareOf(image, shifted), acctest.Update)
	m.Expect(map[string]string{"members.#": "2", "members.1.project_id": project(3)})
	expectMembers(t, cloud, image, shifted...)
	m.ExpectApplied(shareOf(image, shifted, arguments{"timeouts": arguments{"create": "1m"}}), acctest.Update)

	m.ExpectApplied(shareOf(image, []string{}), acctest.Update)
	m.Expect(map[string]string{"project_ids.#": "0", "members.#": "0"})
	expectMembers(t, cloud, image)
	m.ExpectApplied(shareOf(image, projects(1)), acctest.Update)

	m.ExpectApplied(shareOf(other, projects(1)), acctest.Replace)
	expectMembers(t, cloud, image)
	expectMembers(t, cloud, other, project(1))
	m.ExpectDestroyed()
	expectMembers(t, cloud, other)
}

// TestImageShareCalls counts what the operations send besides sign-in and looks at jobs.
func TestImageShareCalls(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	const find, post, stop = "GET /v2/cloudimages", "POST " + membersPath, "DELETE " + membersPath
	list := "GET /v2/images/" + image + "/members"
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	expect := func(want ...string) {
		t.Helper()
		jobs := 0
		for _, call := range want {
			if call == post || call == stop {
				jobs++
			}
		}
		if polls := cloud.Polls(); polls > 45*jobs {
			t.Errorf("%d looks at %d jobs", polls, jobs)
		}
		expectCalls(t, cloud, want...)
	}

	// The plan looks at the image, and engines plan twice; the creation is one request and one read.
	acctest.NoDiagnostics(t, m.Apply(t.Context(), shareOf(image, projects(10))))
	expect(find, find, post, list)
	acctest.NoDiagnostics(t, m.Refresh())
	expect(list)
	acctest.NoDiagnostics(t, m.Apply(t.Context(), shareOf(image, projects(12)[3:])))
	expect(stop, post, list)
	m.ExpectDestroyed()
	expect(stop, list)
}

// TestImageShareOfNewImage: nothing is looked up of an image that was made in the same apply. An engine knows its id by
// then alone.
func TestImageShareOfNewImage(t *testing.T) {
	t.Parallel()
	cloud, _ := start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	m := p.Manage(shareType)
	plan := m.ExpectPlan(acctest.With(shareOf("", projects(10)), arguments{"image_id": acctest.Unknown}), acctest.Create)
	made := p.Manage("ims_system_disk_image")
	acctest.NoDiagnostics(t, made.Apply(t.Context(), arguments{"name": "new", "instance_id": emulator.InstanceID}))
	acctest.NoDiagnostics(t, m.CarryOut(t.Context(), plan, shareOf(made.Attribute("id"), projects(10))))
	expectCalls(
		t, cloud, "POST /v2/cloudimages/action", "GET /v2/cloudimages", "POST "+membersPath,
		"GET /v2/images/"+made.Attribute("id")+"/members",
	)
}

// TestImageShareDrift: what others changed is seen and mended.
func TestImageShareDrift(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	m.ExpectApplied(shareOf(image, projects(2)), acctest.Create)
	for _, drift := range []func(*emulator.Image){
		dropMembers(project(1)), addMembers(project(7)), dropMembers(projects(2)...),
	} {
		cloud.Change(image, drift)
		acctest.NoDiagnostics(t, m.Refresh())
		m.ExpectApplied(shareOf(image, projects(2)), acctest.Update)
		expectMembers(t, cloud, image, projects(2)...)
	}
}

// TestImageShareDisappears: a share goes with its image, and can be destroyed although what the state has is gone.
func TestImageShareDisappears(t *testing.T) {
	t.Parallel()
	members := func(cloud *acctest.Cloud, image string) { cloud.Change(image, dropMembers(projects(2)...)) }
	for name, test := range map[string]struct {
		gone      func(*acctest.Cloud, string)
		refreshes bool
	}{
		"image":              {(*acctest.Cloud).Remove, true},
		"image, unnoticed":   {(*acctest.Cloud).Remove, false},
		"members, unnoticed": {members, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
			m.ExpectApplied(shareOf(image, projects(2)), acctest.Create)
			test.gone(cloud, image)
			if !test.refreshes {
				m.ExpectDestroyed()
				return
			}
			m.Refresh()
			if !m.State.IsNull() {
				t.Errorf("the state is %v", m.State)
			}
			m.ExpectApplied(shareOf(cloud.AddImage(emulator.Image{Name: "new"}), projects(2)), acctest.Create)
		})
	}
}

// TestImageShareReceiverAnswers: an answer is shown, and is no reason to change anything.
func TestImageShareReceiverAnswers(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	shared := shareOf(image, []string{emulator.Receiver.ProjectID})
	m.ExpectApplied(shared, acctest.Create)
	cloud.Change(image, answer("rejected"))
	m.ExpectSettled(shared)
	m.Expect(map[string]string{"members.0.status": "rejected"})
}

// TestImageShareImport: by the image's id or identity; what is not there, and what is not the owner's to share, is
// refused. Nothing is sent but looks.
func TestImageShareImport(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	m, byID, byIdentity := p.Manage(shareType), p.Manage(shareType), p.Manage(shareType)
	m.ExpectApplied(shareOf(image, projects(2)), acctest.Create)
	cloud.ResetJournal()
	acctest.NoDiagnostics(t, byID.Import(image))
	acctest.NoDiagnostics(t, byIdentity.ImportByIdentity(arguments{"image_id": image}))
	for _, imported := range []*acctest.Managed{byID, byIdentity} {
		imported.ExpectLike(m)
		imported.ExpectApplied(shareOf(image, projects(2)), acctest.Keep)
	}
	if sent := cloud.Count("POST ") + cloud.Count("DELETE "); sent > 0 {
		t.Errorf("the import sent %v", cloud.Calls())
	}

	for id, words := range map[string][]string{
		"nothing":                         {"There is no image nothing"},
		publicImage(cloud):                {"public image"},
		cloud.AddImage(foreign("theirs")): {"belongs to project", acceptanceType},
	} {
		acctest.HasDiagnostic(t, p.Manage(shareType).Import(id), append(words, "ERROR ")...)
	}
}
