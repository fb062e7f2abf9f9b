package share_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestNewShareBeforeOldOne: when a run has an old and a new share of one image at once, the end of the old one takes
// nothing from the new one, and the end of the new one ends all.
func TestNewShareBeforeOldOne(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	older, newer := p.Manage("ims_image_share"), p.Manage("ims_image_share")
	quiet(t, older.Apply(t.Context(), shareOf(image, projects(2))))
	quiet(t, newer.Apply(t.Context(), shareOf(image, projects(3))))
	cloud.ResetJournal()
	quiet(t, older.Destroy(t.Context()))
	for _, request := range cloud.Journal() {
		if request.Path == membersPath {
			t.Errorf("%s %s was sent", request.Method, request.Path)
		}
	}
	expectMembers(t, cloud, image, projects(3)...)
	settled(t, newer, shareOf(image, projects(3)))

	quiet(t, newer.Apply(t.Context(), shareOf(image, projects(1))))
	expectMembers(t, cloud, image, projects(1)...)
	quiet(t, newer.Destroy(t.Context()))
	expectMembers(t, cloud, image)

	// What has ended claims nothing any more.
	quiet(t, older.Apply(t.Context(), shareOf(image, projects(3))))
	quiet(t, older.Destroy(t.Context()))
	expectMembers(t, cloud, image)
}

// TestNewShareWithLess: a new share that does not name all that an old one shares is refused, and takes nothing away.
func TestNewShareWithLess(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	older, newer := p.Manage("ims_image_share"), p.Manage("ims_image_share")
	quiet(t, older.Apply(t.Context(), shareOf(image, projects(2))))
	cloud.Clock.Advance(acctest.JobDuration)
	says(t, newer.Apply(t.Context(), shareOf(image, projects(1))),
		"was shared already, with project "+project(2), "create_before_destroy")
	if !newer.State.IsNull() {
		t.Error("the refused share is in the state")
	}
	expectMembers(t, cloud, image, projects(2)...)
	quiet(t, older.Destroy(t.Context()))
	expectMembers(t, cloud, image)
}

// TestNewShareWhileOldOneEnds: engines destroy the old share and create the new one at the same time when they are two
// resources. Whichever is first, the image is shared in the end.
func TestNewShareWhileOldOneEnds(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	older, newer := p.Manage("ims_image_share"), p.Manage("ims_image_share")
	quiet(t, older.Apply(t.Context(), shareOf(image, projects(2))))
	cloud.ResetJournal()
	remove := cloud.Inject(emulator.Fault{Method: http.MethodDelete, Path: membersPath, Delay: time.Hour})
	ended := make(chan []string)
	go func() { ended <- older.Destroy(t.Context()) }()
	cloud.AwaitRequest(t, func(r emulator.Request) bool { return r.Method == http.MethodDelete })
	made := make(chan []string)
	go func() { made <- newer.Apply(t.Context(), shareOf(image, projects(2))) }()
	remove()
	quiet(t, <-ended)
	quiet(t, <-made)
	expectMembers(t, cloud, image, projects(2)...)
	settled(t, newer, shareOf(image, projects(2)))
}

// TestNewAnswerBeforeOldOne: the same of answers. The end of the old one does not reject what the new one accepts.
func TestNewAnswerBeforeOldOne(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	cloud.Change(image, addMembers(emulator.Receiver.ProjectID))
	p := cloud.Protocol(t, emulator.Receiver)
	arguments := map[string]any{"image_id": image, "status": "accepted"}
	older, newer := p.Manage("ims_image_share_acceptance"), p.Manage("ims_image_share_acceptance")
	quiet(t, older.Apply(t.Context(), arguments))
	quiet(t, newer.Apply(t.Context(), arguments))
	quiet(t, older.Destroy(t.Context()))
	if got := answers(cloud, image)[emulator.Receiver.ProjectID]; got != "accepted" {
		t.Errorf("the answer is %q", got)
	}
	settled(t, newer, arguments)
	quiet(t, newer.Destroy(t.Context()))
	if got := answers(cloud, image)[emulator.Receiver.ProjectID]; got != "rejected" {
		t.Errorf("the answer is %q", got)
	}
}

// TestShareCreateBeforeDestroy: a real engine makes the replacement first, and the image is shared as configured.
func TestShareCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	w := cloud.Workspace(t)
	w.ConfigureWhole(cloud.Provider(emulator.Owner) + `
		resource "ims_image_share" "test" {
			image_id    = "` + image + `"
			project_ids = ["` + strings.Join(projects(2), `", "`) + `"]
			lifecycle { create_before_destroy = true }
		}`)
	cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
	result := cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color", "-replace=ims_image_share.test"))
	if !strings.Contains(result.Output, "1 added, 0 changed, 1 destroyed") {
		t.Error(result.Output)
	}
	expectMembers(t, cloud, image, projects(2)...)
	w.ExpectEmptyPlan()
}

// TestRefusedShareTakesNothingBack: what another share of the same run has just made is not taken for what the refused
// one did.
func TestRefusedShareTakesNothingBack(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{JobDuration: time.Millisecond})
	p := cloud.Protocol(t, emulator.Owner)
	quiet(t, p.Manage("ims_image_share").Apply(t.Context(), shareOf(image, projects(2))))
	refused := p.Manage("ims_image_share")
	says(t, refused.Apply(t.Context(), shareOf(image, []string{project(2), project(3)})), "was shared already")
	expectMembers(t, cloud, image, projects(2)...)
}

// TestReplacementWithoutGap: with create_before_destroy on all three, the receiver has accepted the new image before
// anything is taken from the old one.
func TestReplacementWithoutGap(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{JobDuration: time.Minute})
	const other = "10000000-0000-4000-8000-000000000009"
	cloud.AddInstance(other)
	config := func(instance string) string {
		text := `
resource "ims_system_disk_image" "golden" {
  name        = "golden"
  instance_id = "{instance}"
  lifecycle { create_before_destroy = true }
}

resource "ims_image_share" "golden" {
  image_id    = ims_system_disk_image.golden.id
  project_ids = ["{receiver}"]
  lifecycle { create_before_destroy = true }
}

resource "ims_image_share_acceptance" "golden" {
  provider = ims.receiver
  image_id = ims_image_share.golden.image_id
  lifecycle { create_before_destroy = true }
}
`
		return strings.NewReplacer("{instance}", instance, "{receiver}", emulator.Receiver.ProjectID).Replace(text)
	}
	w := cloud.Workspace(t)
	apply := func(instance string) {
		t.Helper()
		providers := cloud.Provider(emulator.Owner) + cloud.Provider(emulator.Receiver, `alias = "receiver"`)
		w.ConfigureWhole(providers + config(instance))
		cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
	}
	apply(emulator.InstanceID)
	cloud.ResetJournal()
	apply(other)
	var order []string
	for _, request := range cloud.Journal() {
		if request.Method != http.MethodGet && !strings.HasPrefix(request.Path, "/v3") {
			order = append(order, request.Operation)
		}
	}
	want := "create image, add members, answer shares, answer shares, delete members, delete image"
	if got := strings.Join(order, ", "); got != want {
		t.Errorf("the order was %s", got)
	}
	if got := answers(cloud, cloud.Only(t).ID)[emulator.Receiver.ProjectID]; got != "accepted" {
		t.Errorf("the answer is %q", got)
	}
}
