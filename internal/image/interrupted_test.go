package image_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// What becomes of images whose creation was cut. TestInterrupt and TestDeadline have an engine cut it.

// expectUnfinished fails the test unless the state has the image's job, and its id only where the image has it before
// its content.
func (s *specimen) expectUnfinished(m *acctest.Managed) {
	id := map[bool]string{true: "*"}[s.isTwoSteps()]
	m.Expect(map[string]string{"id": id, "job_id": "*"})
}

// expectMade fails the test unless the cloud holds the state's image, with its parts, and no other.
func (s *specimen) expectMade(t *testing.T, cloud *acctest.Cloud, m *acctest.Managed) {
	t.Helper()
	m.Expect(map[string]string{"status": "active", "data_disk_image_ids.0": map[bool]string{true: "*"}[s.parts > 0]})
	expectImages(t, cloud, 1+s.parts)
	for _, image := range cloud.OwnImages() {
		if image.ID != m.Attribute("id") && image.ID != m.Attribute("data_disk_image_ids.0") {
			t.Errorf("image %s (%q) is not in the state", image.ID, image.Name)
		}
	}
}

// TestKindsInterrupted: an apply goes on with what another one began.
func TestKindsInterrupted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		switches  emulator.Switches
		refreshes bool
		change    arguments // of the configuration, before the next apply
	}{
		"with a refresh":                {refreshes: true},
		"without one":                   {},
		"with a changed argument":       {refreshes: true, change: arguments{"description": "changed"}},
		"image hidden while it is made": {refreshes: true, switches: emulator.Switches{HideUnfinished: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := emulator.Options{Switches: test.switches}
			eachIn(t, options, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				m.InterruptAt(cloud, s.arguments(arguments{"tags": map[string]string{"a": "1"}}), acctest.IsJobPoll)
				s.expectUnfinished(m)
				goesOn := s.arguments(arguments{"tags": map[string]string{"a": "1"}}, test.change)
				if test.refreshes {
					acctest.NoDiagnostics(t, m.Refresh())
					s.expectUnfinished(m)
				}
				m.ExpectApplied(goesOn, acctest.Update)
				s.expectMade(t, cloud, m)
			})
		})
	}
}

// TestKindsInterruptedInRequest: the interrupt comes before the answer that holds the job's id, or that is lost.
func TestKindsInterruptedInRequest(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]bool{"answer comes": false, "answer is lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				cloud.Inject(s.fault(emulator.Fault{DropAnswer: lost, Times: 1}))
				m.InterruptAt(cloud, s.arguments(), makesImage)
				acctest.NoDiagnostics(t, m.Refresh())
				acctest.NoDiagnostics(t, m.Apply(t.Context(), s.arguments()))
				m.ExpectSettled(s.arguments())
				s.expectMade(t, cloud, m)
			})
		})
	}
}

// TestKindsInterruptedThenJobFails: the next refresh says so, and the next apply makes a new image.
func TestKindsInterruptedThenJobFails(t *testing.T) {
	t.Parallel()
	each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		cloud.Inject(s.fault(emulator.Fault{Times: 1, FailJob: "IMG.0057"}))
		m.InterruptAt(cloud, s.arguments(), acctest.IsJobPoll)
		cloud.Clock.Advance(acctest.JobDuration)
		action, words := acctest.Create, "IMG.0057"
		if s.isTwoSteps() { // something is left, which is deleted
			action, words = acctest.Replace, "It left image "
		}
		acctest.HasDiagnostic(t, m.Refresh(), "WARNING", words)
		m.ExpectApplied(s.arguments(), action)
		s.expectMade(t, cloud, m)
	})
}

// TestKindsInterruptedThenReplaced: an unfinished image that the configuration no longer wants is waited for and
// deleted.
func TestKindsInterruptedThenReplaced(t *testing.T) {
	t.Parallel()
	each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		m.InterruptAt(cloud, s.arguments(), acctest.IsJobPoll)
		acctest.NoDiagnostics(t, m.Refresh())
		m.ExpectApplied(with(s.other, arguments{"name": s.name}), acctest.Replace)
		s.expectMade(t, cloud, m)
	})
}

// TestKindsDeadline: the image is tainted, and the next apply leaves exactly one; or it is untainted first and adopted.
func TestKindsDeadline(t *testing.T) {
	t.Parallel()
	for name, untaint := range map[string]bool{"apply again": false, "untaint": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				said := m.ExpireAt(cloud, s.arguments(), acctest.IsJobPoll)
				acctest.HasDiagnostic(t, said, "ERROR Unable to create ", "Job ID:", "timeouts.create", "untaint")
				s.expectUnfinished(m)
				if !m.Tainted {
					t.Error("the image is not tainted")
				}
				first := map[string]bool{}
				for _, image := range cloud.OwnImages() {
					first[image.ID] = true
				}

				action := acctest.Replace
				if untaint {
					m.Tainted, action = false, acctest.Update
				}
				acctest.NoDiagnostics(t, m.Refresh())
				m.ExpectApplied(s.arguments(), action)
				s.expectMade(t, cloud, m)
				if first[m.Attribute("id")] != untaint {
					t.Errorf("image %s is one of the first apply: %t", m.Attribute("id"), !untaint)
				}
			})
		})
	}
}

// TestInterruptedTwice: an image whose id is known keeps it, and so do those that depend on it.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	cloud, m := unfinished(t, emulator.Options{}, registeredType, registeredArguments)
	id := m.Attribute("id")
	acctest.NoDiagnostics(t, m.Refresh())
	m.InterruptAt(cloud, registeredArguments, acctest.IsJobPoll)
	if m.Attribute("id") != id || id == "" {
		t.Errorf("the state has image %q, and had %q", m.Attribute("id"), id)
	}
	cloud.Clock.Advance(acctest.JobDuration)
	acctest.NoDiagnostics(t, m.Apply(t.Context(), registeredArguments))
	m.Expect(map[string]string{"id": id, "status": "active"})
	expectImages(t, cloud, 1)
}

// TestInterruptBeforeLastChange: an image that is made and lacks an attribute gets it by the next apply.
func TestInterruptBeforeLastChange(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	waitedOut := emulator.Fault{Method: "PATCH", Path: "/v2/cloudimages/*", Status: 400, Code: "IMG.0148"}
	heal := cloud.Inject(waitedOut)
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	queue := with(isoArguments, arguments{"multi_queue": true})
	m.InterruptAt(cloud, queue, func(r emulator.Request) bool { return r.Method == http.MethodPatch })
	acctest.NoDiagnostics(t, m.Refresh())
	m.Expect(map[string]string{"multi_queue": "false"})
	heal() // not before: the request that was interrupted may be under way still
	m.ExpectApplied(queue, acctest.Update)
	if queue := cloud.Only(t).Attributes["hw_vif_multiqueue_enabled"]; queue != "true" {
		t.Errorf("hw_vif_multiqueue_enabled is %v", queue)
	}
}

// TestLostAnswerBeyondDeadline: the image of a lost answer is searched for its own time, however short timeouts.create
// is. It is adopted, and the next apply makes no second one.
func TestLostAnswerBeyondDeadline(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(
		t, emulator.Options{Switches: emulator.Switches{ListedLate: 25 * time.Second}, JobDuration: time.Second},
	)
	cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, DropAnswer: true})
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	const limit = 3 * time.Second
	configured := with(isoArguments, arguments{"timeouts": arguments{"create": limit.String()}})
	isSearch := func(r emulator.Request) bool { return r.Method == http.MethodGet && r.Path == "/v2/cloudimages" }
	cloud.OnRequest(isSearch, func() { <-time.After(limit) }) // the limit is over before the first answer
	said := m.Apply(t.Context(), configured)
	acctest.HasDiagnostic(t, said, "Adopted the ISO image")
	if m.Attribute("id") == "" {
		t.Fatal("the image is not in the state")
	}
	acctest.NoDiagnostics(t, m.Refresh())
	acctest.NoDiagnostics(t, m.Apply(t.Context(), isoArguments))
	expectImages(t, cloud, 1)
	m.ExpectDestroyed()
	expectImages(t, cloud, 0)
}

// TestLeftImageUnreadable: what a failed job left is not forgotten because it could not be read at first.
func TestLeftImageUnreadable(t *testing.T) {
	t.Parallel()
	options := emulator.Options{Faults: []emulator.Fault{
		{Method: "PUT", Path: "/v1/cloudimages/*/upload", Times: 1, FailJob: "IMG.0057", KeepImage: true},
	}}
	cloud, m := unfinished(t, options, registeredType, registeredArguments)
	cloud.Clock.Advance(acctest.JobDuration)
	heal := cloud.Inject(emulator.Fault{Method: "GET", Path: "/v2/cloudimages", Status: 403, Code: "IMG.0161"})
	acctest.HasDiagnostic(t, m.Refresh(), "ERROR Unable to read", "IMG.0161")
	heal()
	acctest.HasDiagnostic(t, m.Refresh(), "WARNING", "It left image "+cloud.Only(t).ID)
	m.ExpectApplied(registeredArguments, acctest.Replace)
	expectImages(t, cloud, 1)
}
