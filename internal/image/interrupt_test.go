package image_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// jobPolled is true of a look at a job.
func jobPolled(request emulator.Request) bool { return strings.Contains(request.Path, "/jobs/") }

// TestInterrupt cuts a creation with the real engine and the built provider. The emulator's clock stands still, so the job is
// under way however long the test takes.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	// endsWithin is what users see of a Ctrl-C: the command is over.
	const endsWithin = 3 * time.Second
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
			w := cloud.Workspace(t)
			dependent := "\nresource \"terraform_data\" \"dependent\" {\n  input = ims_system_disk_image.test.id\n}\n"
			w.Configure("%s", fromFile(`tags = { a = "1" }`)+dependent)
			run := w.Start(nil, "apply", "-auto-approve", "-no-color")
			cloud.AwaitRequest(t, time.Minute, jobPolled)
			pressed := time.Now()
			test.interrupt(run)
			result := run.Wait(time.Minute)
			if took := time.Since(pressed); took > endsWithin {
				t.Errorf("the command ended after %s", took)
			}
			if result.Code != 1 {
				t.Errorf("the command ended with code %d:\n%s", result.Code, result.Output)
			}
			state, ok := w.State()[address]
			switch {
			case !ok:
				t.Fatalf("the image is not in the state:\n%s", result.Output)
			case state.Status != "":
				t.Errorf("the image is %s:\n%s", state.Status, result.Output)
			case state.Attributes["id"] != nil || state.Attributes["job_id"] == nil:
				t.Errorf("the state has id %v and job_id %v", state.Attributes["id"], state.Attributes["job_id"])
			}
			if test.change != "" {
				w.Configure("%s", fromFile(`tags = { a = "1" }`, test.change)+dependent)
			}
			// A plan does not wait: it says that the apply will.
			if plan := w.Run(nil, append([]string{"plan", "-no-color"}, test.then...)...); !strings.Contains(plan.Output, "1 to add, 1 to change, 0 to destroy") {
				t.Errorf("plan (code %d):\n%s", plan.Code, plan.Output)
			}
			cloud.AdvanceUntil(t, w.Start(nil, append([]string{"apply", "-auto-approve", "-no-color"}, test.then...)...))
			image := cloud.Only(t)
			if id := w.State()[address].Attributes["id"]; id != image.ID {
				t.Errorf("the state has id %v, the cloud %s", id, image.ID)
			}
			w.ExpectEmptyPlan()
		})
	}
}

// TestInterruptWhileRequestIsUnderWay: the Ctrl-C comes before the answer that holds the job's id.
func TestInterruptWhileRequestIsUnderWay(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"answer comes":   {Delay: 2 * time.Second},
		"answer is lost": {Delay: 2 * time.Second, DropAnswer: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			fault.Method, fault.Path, fault.Times = "POST", "/v2/cloudimages/action", 1
			cloud.Inject(fault)
			w := cloud.Workspace(t)
			w.Configure("%s", fromFile())
			run := w.Start(nil, "apply", "-auto-approve", "-no-color")
			cloud.AwaitRequest(t, time.Minute, func(r emulator.Request) bool { return r.Method == http.MethodPost && r.Path == fault.Path })
			run.SignalGroup(syscall.SIGINT)
			result := run.Wait(time.Minute)
			if state, ok := w.State()[address]; !ok || state.Status != "" {
				t.Fatalf("the image is not in the state, or tainted:\n%s", result.Output)
			}
			cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
			if id := w.State()[address].Attributes["id"]; id != cloud.Only(t).ID {
				t.Errorf("the state has id %v", id)
			}
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
	cloud.AwaitRequest(t, time.Minute, jobPolled)
	run.SignalGroup(syscall.SIGINT)
	run.Wait(time.Minute)
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
			cloud.AwaitRequest(t, time.Minute, jobPolled)
			run.SignalGroup(syscall.SIGINT)
			run.Wait(time.Minute)
			w.Configure("%s", fromServer(lifecycle))
			cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
			if origin := cloud.Only(t).Attributes["__data_origin"]; origin != "instance,"+emulator.InstanceID {
				t.Errorf("the image that is left comes from %v", origin)
			}
			w.ExpectEmptyPlan()
		})
	}
}

// TestDeadline: the image is tainted, and the next apply leaves exactly one; or it is untainted first and adopted.
func TestDeadline(t *testing.T) {
	t.Parallel()
	for name, untaint := range map[string]bool{"apply again": false, "untaint": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			w := cloud.Workspace(t)
			w.Configure("%s", fromFile(`timeouts = { create = "2s" }`))
			result := w.Run(nil, "apply", "-auto-approve", "-no-color")
			for _, words := range []string{"Unable to create system disk image", "Job ID:", "timeouts.create", "untaint"} {
				if !strings.Contains(result.Output, words) {
					t.Errorf("the error does not say %q:\n%s", words, result.Output)
				}
			}
			if state := w.State()[address]; state.Status != "tainted" || state.Attributes["job_id"] == nil {
				t.Fatalf("state is %q with job_id %v", state.Status, state.Attributes["job_id"])
			}
			first := cloud.Only(t).ID
			w.Configure("%s", fromFile())
			if untaint {
				w.Run(nil, "untaint", address)
			}
			cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
			if same := cloud.Only(t).ID == first; same != untaint {
				t.Errorf("the first image is the one that is left: %t", same)
			}
			w.ExpectEmptyPlan()
		})
	}
}
