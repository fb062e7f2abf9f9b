package image_test

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// jobPolled is true of a look at a job.
func jobPolled(request emulator.Request) bool { return strings.Contains(request.Path, "/jobs/") }

// allPolled waits until the job of every specimen has been looked at.
func allPolled(t *testing.T, cloud *acctest.Cloud, all []specimen) {
	t.Helper()
	jobs := map[string]bool{}
	cloud.AwaitRequest(t, func(r emulator.Request) bool {
		if jobPolled(r) {
			jobs[r.Path] = true
		}
		return len(jobs) == len(all)
	})
}

// expectOneOfEach fails the test unless the cloud holds exactly one image of each specimen, with its parts, and the state has it.
func expectOneOfEach(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, all []specimen) {
	t.Helper()
	held := map[string][]string{}
	images := cloud.OwnImages()
	for _, image := range images {
		held[image.Name] = append(held[image.Name], image.ID)
	}
	number := 0
	state := w.State()
	for i := range all {
		s := &all[i]
		number += 1 + s.parts
		attributes := state[s.address()].Attributes
		if ids := held[s.name]; len(ids) != 1 || attributes["id"] != ids[0] {
			t.Errorf("the state of %s has id %v, the cloud %v", s.address(), attributes["id"], ids)
		}
		if parts, _ := attributes["data_disk_image_ids"].([]any); len(parts) != s.parts {
			t.Errorf("the state of %s has the parts %v", s.address(), parts)
		}
	}
	if len(images) != number {
		t.Errorf("the cloud holds %d images, not %d: %v", len(images), number, held)
	}
}

var apply = []string{"apply", "-auto-approve", "-no-color", "-parallelism=20"}

// TestInterrupt cuts the creation of images of all kinds with the real engine and the built provider. The emulator's clock stands
// still, so the jobs are under way however long the test takes.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		interrupt func(*acctest.Running)
		switches  emulator.Switches
		then      []string // arguments of the apply that goes on
		change    string   // of the configuration before it
	}{
		"Ctrl-C":                        {interrupt: func(r *acctest.Running) { r.SignalGroup(syscall.SIGINT) }},
		"SIGINT to the engine alone":    {interrupt: func(r *acctest.Running) { r.Signal(syscall.SIGINT) }},
		"SIGTERM to the group":          {interrupt: func(r *acctest.Running) { r.SignalGroup(syscall.SIGTERM) }},
		"without refresh":               {interrupt: func(r *acctest.Running) { r.SignalGroup(syscall.SIGINT) }, then: []string{"-refresh=false"}},
		"with a changed argument":       {interrupt: func(r *acctest.Running) { r.SignalGroup(syscall.SIGINT) }, change: `description = "changed"`},
		"image hidden while it is made": {interrupt: func(r *acctest.Running) { r.SignalGroup(syscall.SIGINT) }, switches: emulator.Switches{HideUnfinished: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: test.switches})
			all := ofJobs(specimens(t, cloud))
			config := func(arguments ...string) string {
				return together(all, func(s *specimen) string { return s.block(s.source, append(arguments, `tags = { a = "1" }`)...) }) +
					"\nresource \"terraform_data\" \"dependent\" {\n  input = ims_iso_image.iso.id\n}\n"
			}
			w := cloud.Workspace(t)
			w.Configure("%s", config())
			run := w.Start(nil, apply...)
			allPolled(t, cloud, all)
			test.interrupt(run)
			result := run.Wait() // ends, although the jobs do not; the demo looks at the seconds
			if result.Code != 1 {
				t.Errorf("the command ended with code %d:\n%s", result.Code, result.Output)
			}
			for i := range all {
				state, ok := w.State()[all[i].address()]
				switch {
				case !ok:
					t.Fatalf("%s is not in the state:\n%s", all[i].address(), result.Output)
				case state.Status != "":
					t.Errorf("%s is %s:\n%s", all[i].address(), state.Status, result.Output)
				case (state.Attributes["id"] != nil) != (all[i].kind == "ims_registered_image") || state.Attributes["job_id"] == nil:
					t.Errorf("the state of %s has id %v and job_id %v", all[i].address(), state.Attributes["id"], state.Attributes["job_id"])
				}
			}
			if test.change != "" {
				w.Configure("%s", config(test.change))
			}
			// A plan does not wait: it says that the apply will.
			want := fmt.Sprintf("1 to add, %d to change, 0 to destroy", len(all))
			if plan := w.Run(nil, append([]string{"plan", "-no-color"}, test.then...)...); !strings.Contains(plan.Output, want) {
				t.Errorf("plan (code %d):\n%s", plan.Code, plan.Output)
			}
			cloud.AdvanceUntil(t, w.Start(nil, append(slices.Clone(apply), test.then...)...))
			expectOneOfEach(t, cloud, w, all)
			w.ExpectEmptyPlan()
		})
	}
}

// TestInterruptWhileRequestIsUnderWay: the Ctrl-C comes before the answers that hold the jobs' ids.
func TestInterruptWhileRequestIsUnderWay(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]bool{"answer comes": false, "answer is lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			all := ofJobs(specimens(t, cloud))
			var answer []func()
			for i := range all {
				answer = append(answer, cloud.Inject(emulator.Fault{
					Method: all[i].method(), Path: all[i].request, Delay: acctest.Endless, DropAnswer: lost,
				}))
			}
			w := cloud.Workspace(t)
			w.Configure("%s", together(all, func(s *specimen) string { return s.block(s.source) }))
			run := w.Start(w.Logged(), apply...)
			sent := 0
			cloud.AwaitRequest(t, func(r emulator.Request) bool {
				if makesImage(r) {
					sent++
				}
				return sent == len(all)
			})
			run.SignalGroup(syscall.SIGINT)
			w.AwaitLog("StopProvider", "Served request")
			for _, remove := range answer {
				remove()
			}
			result := run.Wait()
			for i := range all {
				if state, ok := w.State()[all[i].address()]; !ok || state.Status != "" {
					t.Fatalf("%s is not in the state, or tainted:\n%s", all[i].address(), result.Output)
				}
			}
			cloud.AdvanceUntil(t, w.Start(nil, apply...))
			expectOneOfEach(t, cloud, w, all)
			w.ExpectEmptyPlan()
		})
	}
}

// TestInterruptThenJobFails: the next plan says so, and makes a new image.
func TestInterruptThenJobFails(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, FailJob: "IMG.0057"})
	w := cloud.Workspace(t)
	w.Configure("%s", fromFile())
	run := w.Start(nil, "apply", "-auto-approve", "-no-color")
	cloud.AwaitRequest(t, jobPolled)
	run.SignalGroup(syscall.SIGINT)
	run.Wait()
	cloud.Clock.Advance(2 * JobDuration)
	plan := w.Run(nil, "plan", "-no-color")
	if plan.Code != 0 || !strings.Contains(plan.Output, "IMG.0057") || !strings.Contains(plan.Output, "1 to add, 0 to change, 0 to destroy") {
		t.Errorf("plan (code %d):\n%s", plan.Code, plan.Output)
	}
	cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
	cloud.Only(t)
}

// TestInterruptThenReplace: an unfinished image that the configuration no longer wants is waited for and deleted.
func TestInterruptThenReplace(t *testing.T) {
	t.Parallel()
	for name, lifecycle := range map[string]string{"destroy first": "", "create first": "lifecycle { create_before_destroy = true }"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			w := cloud.Workspace(t)
			w.Configure("%s", fromFile(lifecycle))
			run := w.Start(nil, "apply", "-auto-approve", "-no-color")
			cloud.AwaitRequest(t, jobPolled)
			run.SignalGroup(syscall.SIGINT)
			run.Wait()
			w.Configure("%s", fromServer(lifecycle))
			cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
			if origin := cloud.Only(t).Attributes["__data_origin"]; origin != "instance,"+emulator.InstanceID {
				t.Errorf("the image that is left comes from %v", origin)
			}
			w.ExpectEmptyPlan()
		})
	}
}

// TestDeadline: the images are tainted, and the next apply leaves exactly one of each; or they are untainted first and adopted.
func TestDeadline(t *testing.T) {
	t.Parallel()
	for name, untaint := range map[string]bool{"apply again": false, "untaint": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			all := ofJobs(specimens(t, cloud))
			words := []string{"Unable to create ISO image", "Unable to create registered image", "Job ID:", "timeouts.create", "untaint"}
			if untaint { // an untaint is a run of the engine: some will do
				all = slices.DeleteFunc(all, func(s specimen) bool { return s.name != "registered" && s.name != "iso" && s.name != "system-disk" })
			} else {
				words = append(words, "Unable to create system disk image", "Unable to create data disk image", "Unable to create full-ECS image")
			}
			w := cloud.Workspace(t)
			w.Configure("%s", together(all, func(s *specimen) string { return s.block(s.source, `timeouts = { create = "3s" }`) }))
			result := w.Run(nil, apply...)
			for _, words := range words {
				if !strings.Contains(result.Output, words) {
					t.Errorf("the error does not say %q:\n%s", words, result.Output)
				}
			}
			first := map[string]bool{}
			for _, image := range cloud.OwnImages() {
				first[image.ID] = true
			}
			for i := range all {
				if state := w.State()[all[i].address()]; state.Status != "tainted" || state.Attributes["job_id"] == nil {
					t.Fatalf("the state of %s is %q with job_id %v:\n%s", all[i].address(), state.Status, state.Attributes["job_id"], result.Output)
				}
				if untaint {
					w.Run(nil, "untaint", all[i].address())
				}
			}
			w.Configure("%s", together(all, func(s *specimen) string { return s.block(s.source) }))
			cloud.AdvanceUntil(t, w.Start(nil, apply...))
			expectOneOfEach(t, cloud, w, all)
			for _, image := range cloud.OwnImages() {
				if first[image.ID] != untaint {
					t.Errorf("image %q is one of the first apply: %t", image.Name, first[image.ID])
				}
			}
			w.ExpectEmptyPlan()
		})
	}
}
