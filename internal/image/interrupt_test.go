package image_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// What is about signals and processes, with the real engine and the built provider. The cloud's clock stands still
// unless a test moves it on: jobs are under way however long a test takes.

// allPolled waits until the job of every specimen has been looked at.
func allPolled(t *testing.T, cloud *acctest.Cloud, all []specimen) {
	t.Helper()
	jobs := map[string]bool{}
	cloud.AwaitRequest(t, func(r emulator.Request) bool {
		if acctest.IsJobPoll(r) {
			jobs[r.Path] = true
		}
		return len(jobs) == len(all)
	})
}

// TestInterrupt cuts the creation of images of all kinds. TestKindsInterrupted says what becomes of each.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for name, interrupt := range map[string]func(*acctest.Running){
		"Ctrl-C":                     func(r *acctest.Running) { r.SignalGroup(syscall.SIGINT) },
		"SIGINT to the engine alone": func(r *acctest.Running) { r.Signal(syscall.SIGINT) },
		"SIGTERM to the group":       func(r *acctest.Running) { r.SignalGroup(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			prepare(cloud)
			all := ofTypes(ofJobs(specimens(t)))
			w := cloud.Workspace(t)
			w.Configure(
				"%s",
				together(all, func(s *specimen) string { return s.block(arguments{"tags": map[string]string{"a": "1"}}) })+
					"resource \"terraform_data\" \"dependent\" {\n  input = ims_iso_image.iso.id\n}\n",
			)
			run := w.Start(nil, apply...)
			allPolled(t, cloud, all)
			interrupt(run)
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
				case (state.Attributes["id"] != nil) != all[i].isTwoSteps() || state.Attributes["job_id"] == nil:
					t.Errorf(
						"the state of %s has id %v and job_id %v", all[i].address(), state.Attributes["id"], state.Attributes["job_id"],
					)
				}
			}

			// A plan does not wait: it says that the apply will.
			w.Run(nil, "plan", "-no-color").Expect(t, fmt.Sprintf("1 to add, %d to change, 0 to destroy", len(all)))
			cloud.AdvanceUntil(t, w.Start(nil, apply...))
			expectOneOfEach(t, cloud, w, all)
		})
	}
}

// TestInterruptWhileRequestIsUnderWay: the Ctrl-C comes before the answers that hold the jobs' ids.
func TestInterruptWhileRequestIsUnderWay(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	all := ofTypes(ofJobs(specimens(t)))
	var answer []func()
	for i := range all {
		answer = append(answer, cloud.Inject(all[i].fault(emulator.Fault{Delay: acctest.Endless})))
	}
	w := cloud.Workspace(t)
	w.Configure("%s", together(all, func(s *specimen) string { return s.block() }))
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
	for _, goOn := range answer {
		goOn()
	}
	result := run.Wait()
	for i := range all {
		if state, ok := w.State()[all[i].address()]; !ok || state.Status != "" || state.Attributes["job_id"] == nil {
			t.Fatalf("%s is not in the state, tainted, or without a job:\n%s", all[i].address(), result.Output)
		}
	}
	cloud.AdvanceUntil(t, w.Start(nil, apply...))
	expectOneOfEach(t, cloud, w, all)
}

// TestInterruptThenReplace: an unfinished image that the configuration no longer wants is deleted, also after the one
// that is made in its place.
func TestInterruptThenReplace(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	configure := func(source arguments) {
		block := acctest.Block(systemType, "test", with(source, arguments{"name": "golden"}))
		w.Configure("%s", strings.TrimSuffix(block, "}\n")+"lifecycle { create_before_destroy = true }\n}\n")
	}
	configure(systemArguments)
	run := w.Start(nil, apply...)
	cloud.AwaitRequest(t, acctest.IsJobPoll)
	run.SignalGroup(syscall.SIGINT)
	run.Wait()
	configure(arguments{"instance_id": emulator.InstanceID})
	cloud.AdvanceUntil(t, w.Start(nil, apply...))
	if origin := cloud.Only(t).Attributes["__data_origin"]; origin != "instance,"+emulator.InstanceID {
		t.Errorf("the image that is left comes from %v", origin)
	}
	w.ExpectEmptyPlan()
}

// TestDeadline: images whose time is up are tainted, and untainted they are adopted. TestKindsDeadline says what
// becomes of each kind.
func TestDeadline(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	all := slices.DeleteFunc(specimens(t), func(s specimen) bool { return s.name != "registered" && s.name != "iso" })
	w := cloud.Workspace(t)
	// Long enough for the requests that make the images, on any machine.
	w.Configure(
		"%s", together(all, func(s *specimen) string { return s.block(arguments{"timeouts": arguments{"create": "20s"}}) }),
	)
	result := w.Run(nil, apply...)
	result.Expect(
		t, "Unable to create ISO image", "Unable to create registered image", "Job ID:", "timeouts.create", "untaint",
	)
	first := map[string]bool{}
	for _, image := range cloud.OwnImages() {
		first[image.ID] = true
	}
	for i := range all {
		if state := w.State()[all[i].address()]; state.Status != "tainted" || state.Attributes["job_id"] == nil {
			t.Fatalf(
				"the state of %s is %q with job_id %v:\n%s", all[i].address(), state.Status, state.Attributes["job_id"],
				result.Output,
			)
		}
		w.Run(nil, "untaint", all[i].address())
	}
	w.Configure("%s", together(all, func(s *specimen) string { return s.block() }))
	cloud.AdvanceUntil(t, w.Start(nil, apply...))
	expectOneOfEach(t, cloud, w, all)
	for _, image := range cloud.OwnImages() {
		if !first[image.ID] {
			t.Errorf("image %q is none of the first apply", image.Name)
		}
	}
}

// TestUploadInterrupted cuts an upload with Ctrl-C: the command is over soon, and nothing is left.
func TestUploadInterrupted(t *testing.T) {
	t.Parallel()
	const size = 64 << 20
	cloud := acctest.Start(t, emulator.Options{})
	// The emulator reads no more than the beginning: most of the file cannot leave.
	goOn := cloud.Inject(emulator.Fault{Method: "PUT", Path: "/v2/images/*/file", Times: 1, Delay: acctest.Endless})
	w := cloud.Workspace(t)
	w.Configure("%s", acctest.Block(registeredType, "test", uploadOf(sparseFile(t, size))))
	run := w.Start(nil, apply...)
	cloud.AwaitRequest(t, func(r emulator.Request) bool { return r.Method == http.MethodPut })
	run.SignalGroup(syscall.SIGINT)
	result := run.Wait() // ends, although the upload does not
	if result.Code != 1 {
		t.Errorf("the command ended with code %d:\n%s", result.Code, result.Output)
	}
	goOn()
	expectImages(t, cloud, 0)
	if state := w.State(); len(state) != 0 {
		t.Errorf("the state is %v", state)
	}
	w.Apply()
	if got := cloud.Only(t).Attributes["__image_size"]; got != fmt.Sprint(size) {
		t.Errorf("the image has %v bytes", got)
	}
}

// TestUploadMemory uploads a large file with the built provider, which must not hold it, and logs how far it is.
func TestUploadMemory(t *testing.T) {
	t.Parallel()
	const size, most = 2 << 30, 64 << 20
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	w.Configure("%s", acctest.Block(registeredType, "test", uploadOf(sparseFile(t, size))))
	// GOGC is what users have: the suite's engines collect garbage rarely.
	run := w.Start(append(w.Logged(), "GOGC=100", "TF_LOG_PROVIDER=INFO"), apply...)
	peak := run.PeakMemory()
	if result := run.Wait(); result.Code != 0 {
		t.Fatalf("apply ended with code %d:\n%s", result.Code, result.Output)
	}
	t.Logf("a file of %d bytes took %d MiB at most", size, peak>>20)
	if image := cloud.Only(t); image.Attributes["__image_size"] != fmt.Sprint(size) {
		t.Errorf("the image has %v bytes", image.Attributes["__image_size"])
	}
	w.AwaitLog("Uploading an image file", "percent=100")
	if peak == 0 {
		t.Skip("this system does not say how much memory a process had")
	}
	if peak > most {
		t.Errorf("the provider had %d MiB resident", peak>>20)
	}
}
