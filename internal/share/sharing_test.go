package share_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestSharingExample runs the example with two provider aliases with the real engine: shared, accepted, used and destroyed.
func TestSharingExample(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{JobDuration: time.Minute})
	example, err := os.ReadFile(filepath.Join("..", "..", "examples", "sharing", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	w := cloud.Workspace(t)
	w.ConfigureWhole(cloud.Provider(emulator.Owner) + cloud.Provider(emulator.Receiver, `alias = "receiver"`) + string(example))
	variables := []string{"TF_VAR_instance_id=" + emulator.InstanceID, "TF_VAR_receiver_project_id=" + emulator.Receiver.ProjectID}
	apply := func(arguments ...string) string {
		t.Helper()
		return cloud.AdvanceUntil(t, w.Start(variables, append(arguments, "-auto-approve", "-no-color")...)).Output
	}
	expect := func(output string, words string) {
		t.Helper()
		if !strings.Contains(output, words) {
			t.Errorf("the engine does not say %q:\n%s", words, output)
		}
	}

	output := apply("apply")
	image := cloud.Only(t)
	expect(output, "3 added")
	expect(output, fmt.Sprintf("received_image_id = %q", image.ID))
	if status := members(cloud, image.ID)[emulator.Receiver.ProjectID]; status != "accepted" {
		t.Errorf("the receiver's answer is %q", status)
	}
	// Nothing is left to do, also once the answer is seen by the owner.
	expect(apply("apply"), "0 added, 0 changed, 0 destroyed")
	expect(apply("apply"), "0 added, 0 changed, 0 destroyed")

	// What others do is seen by the next plan.
	outside(t, cloud, image.ID, func(i *emulator.Image) { i.Members[0].Status = "rejected" })
	expect(apply("apply"), "0 added, 1 changed, 0 destroyed")
	outside(t, cloud, image.ID, dropMembers(emulator.Receiver.ProjectID))
	expect(apply("apply"), "1 added, 1 changed, 0 destroyed")
	if status := members(cloud, image.ID)[emulator.Receiver.ProjectID]; status != "accepted" {
		t.Errorf("the receiver's answer is %q", status)
	}
	if err := cloud.DeleteImage(image.ID); err != nil {
		t.Fatal(err)
	}
	expect(apply("apply"), "3 added, 0 changed, 0 destroyed")
	expect(apply("apply"), "0 added, 0 changed, 0 destroyed")

	cloud.ResetJournal()
	expect(apply("destroy"), "3 destroyed")
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

// TestShareInterrupted: a share that a Ctrl-C cuts is kept, not tainted, and nobody loses it.
func TestShareInterrupted(t *testing.T) {
	t.Parallel()
	for address, config := range map[string]func(string) string{
		share:      func(image string) string { return shareOf(image, projects(2)) },
		member:     func(image string) string { return memberOf(image, project(1)) },
		acceptance: func(image string) string { return acceptanceOf(image) },
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			cloud, image := start(t, emulator.Options{})
			tenant := emulator.Owner
			if address == acceptance {
				tenant = emulator.Receiver
				outside(t, cloud, image, addMembers(emulator.Receiver.ProjectID))
			}
			w := cloud.Workspace(t)
			w.ConfigureWhole(cloud.Provider(tenant) + config(image))
			run := w.Start(nil, "apply", "-auto-approve", "-no-color")
			cloud.AwaitRequest(t, func(r emulator.Request) bool { return strings.Contains(r.Path, "/jobs/") })
			run.SignalGroup(syscall.SIGINT)
			result := run.Wait()
			state, found := w.State()[address]
			if !found || state.Status != "" {
				t.Fatalf("the state is %v (found: %t):\n%s", state, found, result.Output)
			}
			// The job is still under way: a plan neither forgets nor replaces what it makes.
			plan := w.Run(nil, "plan", "-no-color")
			if strings.Contains(plan.Output, "destroy,") || strings.Contains(plan.Output, "must be replaced") || strings.Contains(plan.Output, "1 to add") || plan.Code != 0 {
				t.Errorf("plan (code %d):\n%s", plan.Code, plan.Output)
			}
			cloud.Clock.Advance(2 * acctest.JobDuration)
			cloud.ResetJournal()
			if result := w.Apply(); !strings.Contains(result.Output, "0 added, 0 changed, 0 destroyed") {
				t.Error(result.Output)
			}
			w.ExpectEmptyPlan()
			for _, request := range cloud.Journal() {
				if request.Path == membersPath {
					t.Errorf("%s %s was sent", request.Method, request.Path)
				}
			}
			if state := w.State()[address]; address != share && (state.Attributes["status"] == nil || state.Attributes["created_at"] == nil) {
				t.Errorf("the state is %v", state.Attributes)
			}
		})
	}
}

// TestShareDeadline: what does not end in time is an error, and leaves nothing that the next apply would take from everybody.
func TestShareDeadline(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	remove := cloud.Inject(emulator.Fault{Method: http.MethodPost, Path: membersPath, HangJob: true})
	w := cloud.Workspace(t)
	w.Configure("%s", shareOf(image, projects(2), `timeouts = { create = "2s" }`))
	result := w.Run(nil, "apply", "-auto-approve", "-no-color")
	for _, want := range []string{"Unable to create image share", "may yet do it", "Job ID:", "Raise the fitting value in timeouts"} {
		if !words(want).MatchString(result.Output) {
			t.Errorf("the error does not say %q:\n%s", want, result.Output)
		}
	}
	if state := w.State(); len(state) != 0 {
		t.Errorf("the state has %v", state)
	}
	remove()
	w.Configure("%s", shareOf(image, projects(2)))
	cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
	expectMembers(t, cloud, image, projects(2)...)
}
