package share_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestSharingExample runs the example with two provider aliases with the real engine: shared, accepted, used and
// destroyed.
func TestSharingExample(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{JobDuration: time.Minute})
	example, err := os.ReadFile(filepath.Join("..", "..", "examples", "sharing", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	w := cloud.Workspace(t)
	w.ConfigureWhole(
		cloud.Provider(emulator.Owner) + cloud.Provider(emulator.Receiver, `alias = "receiver"`) + string(example),
	)
	variables := []string{
		"TF_VAR_instance_id=" + emulator.InstanceID, "TF_VAR_receiver_project_id=" + emulator.Receiver.ProjectID,
	}
	run := func(command string) acctest.Result {
		t.Helper()
		return cloud.AdvanceUntil(t, w.Start(variables, command, "-auto-approve", "-no-color"))
	}

	output := run("apply")
	image := cloud.Only(t)
	output.Expect(t, "3 added", fmt.Sprintf("received_image_id = %q", image.ID))
	expectAnswer(t, cloud, image.ID, "accepted")
	// Nothing is left to do, also once the answer is seen by the owner.
	run("apply").Expect(t, "0 added, 0 changed, 0 destroyed")

	// What others do is seen by the next plan.
	cloud.Change(image.ID, dropMembers(emulator.Receiver.ProjectID))
	run("apply").Expect(t, "1 added, 1 changed, 0 destroyed")
	expectAnswer(t, cloud, image.ID, "accepted")
	cloud.Remove(image.ID)
	run("apply").Expect(t, "3 added, 0 changed, 0 destroyed")

	cloud.ResetJournal()
	run("destroy").Expect(t, "3 destroyed")
	if left := cloud.OwnImages(); len(left) != 0 {
		t.Errorf("%d images are left", len(left))
	}
	// The receiver rejects before the owner stops sharing, and that before the image is deleted.
	var order []string
	for _, request := range cloud.Journal() {
		if request.Method == http.MethodPut || request.Method == http.MethodDelete {
			order = append(order, request.Method+" "+request.Operation)
		}
	}
	if want := []string{"PUT answer shares", "DELETE delete members", "DELETE delete image"}; !slices.Equal(order, want) {
		t.Errorf("the order was %v", order)
	}
}

// ways are one resource of each type, with what it needs of a cloud.
func ways() map[string]func(*testing.T) (*acctest.Cloud, emulator.Tenant, arguments) {
	return map[string]func(*testing.T) (*acctest.Cloud, emulator.Tenant, arguments){
		shareType: func(t *testing.T) (*acctest.Cloud, emulator.Tenant, arguments) {
			t.Helper()
			cloud, image := start(t, emulator.Options{})
			return cloud, emulator.Owner, shareOf(image, projects(2))
		},
		memberType: func(t *testing.T) (*acctest.Cloud, emulator.Tenant, arguments) {
			t.Helper()
			cloud, image := start(t, emulator.Options{})
			return cloud, emulator.Owner, memberOf(image, project(1))
		},
		acceptanceType: func(t *testing.T) (*acctest.Cloud, emulator.Tenant, arguments) {
			t.Helper()
			cloud, image := startShared(t, nil)
			return cloud, emulator.Receiver, acceptanceOf(image)
		},
	}
}

// TestShareInterrupted: a share that an interrupt cuts is kept, and nobody loses it; nothing is sent twice.
func TestShareInterrupted(t *testing.T) {
	t.Parallel()
	for typeName, way := range ways() {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			cloud, tenant, configured := way(t)
			m := cloud.Protocol(t, tenant).Manage(typeName)
			m.InterruptAt(cloud, configured, acctest.IsJobPoll)

			// The job is still under way: neither a refresh nor a plan forgets or replaces what it makes.
			m.Refresh()
			if plan := m.Plan(configured); m.State.IsNull() || plan.Action != acctest.Keep && plan.Action != acctest.Update {
				t.Errorf("the plan is to %q; the state is %v", plan.Action, m.State)
			}

			cloud.Clock.Advance(2 * acctest.JobDuration)
			cloud.ResetJournal()
			acctest.NoDiagnostics(t, m.Refresh())
			m.ExpectApplied(configured, acctest.Keep)
			for _, request := range cloud.Journal() {
				if request.Path == membersPath {
					t.Errorf("%s %s was sent", request.Method, request.Path)
				}
			}
			if typeName != shareType {
				m.Expect(map[string]string{"status": "*", "created_at": "*"})
			}
		})
	}
}

// TestEngineInterrupted cuts one of each type with Ctrl-C, with the real engine.
func TestEngineInterrupted(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	one, received := cloud.AddImage(emulator.Image{Name: "one"}), cloud.AddImage(emulator.Image{Name: "received"})
	cloud.Change(received, addMembers(emulator.Receiver.ProjectID))
	all := map[string]arguments{
		shareType: shareOf(image, projects(2)), memberType: memberOf(one, project(1)),
		acceptanceType: acceptanceOf(received, arguments{"provider": acctest.Expression("ims.receiver")}),
	}
	w := cloud.Workspace(t)
	config := cloud.Provider(emulator.Owner) + cloud.Provider(emulator.Receiver, `alias = "receiver"`)
	for typeName, configured := range all {
		config += acctest.Block(typeName, "test", configured)
	}
	w.ConfigureWhole(config)
	run := w.Start(nil, "apply", "-auto-approve", "-no-color")
	polled := map[string]bool{}
	cloud.AwaitRequest(t, func(r emulator.Request) bool {
		if acctest.IsJobPoll(r) {
			polled[r.Path] = true
		}
		return len(polled) == len(all)
	})
	run.SignalGroup(syscall.SIGINT)
	result := run.Wait()
	for typeName := range all {
		if state, found := w.State()[typeName+".test"]; !found || state.Status != "" {
			t.Fatalf("the state of %s is %v (found: %t):\n%s", typeName, state, found, result.Output)
		}
	}
	cloud.Clock.Advance(2 * acctest.JobDuration)
	w.Apply().Expect(t, "0 added, 0 changed, 0 destroyed")
}

// TestShareDeadline: what does not end in time is an error, and leaves nothing that the next apply would take from
// everybody.
func TestShareDeadline(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	heal := cloud.Inject(emulator.Fault{Method: http.MethodPost, Path: membersPath, HangJob: true})
	m := cloud.Protocol(t, emulator.Owner).Manage(shareType)
	said := m.ExpireAt(cloud, shareOf(image, projects(2)), acctest.IsJobPoll)
	acctest.HasDiagnostic(
		t, said, "ERROR Unable to create image share", "may yet do it", "Job ID:", "Raise the fitting value in timeouts",
	)
	if !m.State.IsNull() {
		t.Errorf("the state is %v", m.State)
	}
	heal()
	m.ExpectApplied(shareOf(image, projects(2)), acctest.Create)
	expectMembers(t, cloud, image, projects(2)...)
}
