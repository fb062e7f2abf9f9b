package image_test

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// What becomes of images that are not finished, and of those that are gone, half gone, or somebody else's.

var (
	isoArguments        = arguments{"name": "golden", "image_url": emulator.ISOFile, "min_disk": 40, "os_version": debian}
	registeredArguments = arguments{"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40}
	// withDataDisk is a system disk image with a data disk image.
	withDataDisk = with(
		systemArguments, arguments{"data_disk": []arguments{{"image_url": emulator.DataFile, "min_disk": 20}}},
	)
)

// unfinished begins an image and interrupts when its job is first looked at.
func unfinished(
	t *testing.T, options emulator.Options, typeName string, configured arguments,
) (*acctest.Cloud, *acctest.Managed) {
	t.Helper()
	cloud := acctest.Start(t, options)
	m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
	m.InterruptAt(cloud, configured, acctest.IsJobPoll)
	return cloud, m
}

// TestUnfinishedListedLate: the job is over and lists do not show the image yet. It is not taken for gone.
func TestUnfinishedListedLate(t *testing.T) {
	t.Parallel()
	options := emulator.Options{Switches: emulator.Switches{ListedLate: time.Hour}}
	cloud, m := unfinished(t, options, systemType, withDataDisk)
	cloud.Clock.Advance(acctest.JobDuration)
	acctest.NoDiagnostics(t, m.Refresh())
	m.Expect(map[string]string{"id": "*", "status": "active"})
	id := m.Attribute("id")

	acctest.NoDiagnostics(t, m.Refresh()) // of an image that is finished now, and still not listed
	m.Expect(map[string]string{"id": id})
	m.ExpectDestroyed()
	expectImages(t, cloud, 0)
}

// TestDestroyListedLate: an image whose job is waited for so that it can be deleted is deleted, listed or not.
func TestDestroyListedLate(t *testing.T) {
	t.Parallel()
	options := emulator.Options{Switches: emulator.Switches{ListedLate: time.Hour}}
	cloud, m := unfinished(t, options, isoType, isoArguments)
	m.ExpectDestroyed()
	expectImages(t, cloud, 0)
}

// TestUnfinishedPartGone: an image of which a part is gone is still there.
func TestUnfinishedPartGone(t *testing.T) {
	t.Parallel()
	cloud, m := unfinished(t, emulator.Options{}, systemType, withDataDisk)
	cloud.Clock.Advance(acctest.JobDuration)
	for _, image := range cloud.OwnImages() {
		if image.Name != "golden" {
			cloud.Remove(image.ID)
		}
	}
	acctest.NoDiagnostics(t, m.Refresh())
	m.Expect(map[string]string{"id": cloud.Only(t).ID})
	m.ExpectDestroyed()
	expectImages(t, cloud, 0)
}

// TestKindsUnfinishedGone: an image that was made and deleted meanwhile leaves the state once it cannot be a late one.
func TestKindsUnfinishedGone(t *testing.T) {
	t.Parallel()
	each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		m.InterruptAt(cloud, s.arguments(), acctest.IsJobPoll)
		cloud.Clock.Advance(acctest.JobDuration)
		for _, image := range cloud.OwnImages() {
			cloud.Remove(image.ID)
		}
		acctest.NoDiagnostics(t, m.Refresh())
		if atOnce := m.State.IsNull(); atOnce != s.isTwoSteps() { // whose id is known: it cannot be late
			t.Errorf("the image left the state at once: %t", atOnce)
		}
		cloud.Clock.Advance(time.Hour)
		acctest.NoDiagnostics(t, m.Refresh())
		if !m.State.IsNull() {
			t.Error("the image is still in the state")
		}
	})
}

// TestKindsFailedJobLeavesImage: what a failed job leaves is kept track of on every way, and ends with the resource.
func TestKindsFailedJobLeavesImage(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(*testing.T, *acctest.Managed, arguments){
		"refresh, then apply": func(t *testing.T, m *acctest.Managed, configured arguments) {
			t.Helper()
			acctest.HasDiagnostic(t, m.Refresh(), "WARNING", m.Attribute("id"), "plan replaces")
			m.ExpectApplied(configured, acctest.Replace)
		},
		"apply without refresh": func(t *testing.T, m *acctest.Managed, configured arguments) {
			t.Helper()
			said := m.Apply(t.Context(), configured)
			acctest.HasDiagnostic(
				t, said, "ERROR Unable to create", "IMG.0057", "It left image ", "The next plan replaces it",
			)
			m.Expect(map[string]string{"id": "*"})
			acctest.HasDiagnostic(t, m.Refresh(), "WARNING", m.Attribute("id"), "plan replaces")
			m.ExpectApplied(configured, acctest.Replace)
		},
		"destroy": func(t *testing.T, m *acctest.Managed, _ arguments) {
			t.Helper()
			m.ExpectDestroyed()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				cloud.Inject(s.fault(emulator.Fault{Times: 1, FailJob: "IMG.0057", KeepImage: true}))
				m.InterruptAt(cloud, s.arguments(), acctest.IsJobPoll)
				left := map[string]bool{}
				for _, image := range cloud.OwnImages() {
					left[image.ID] = true
				}
				cloud.Clock.Advance(acctest.JobDuration)
				then(t, m, s.arguments())
				for _, image := range cloud.OwnImages() {
					if left[image.ID] {
						t.Errorf("image %s is left", image.ID)
					}
				}
				if !m.State.IsNull() {
					s.expectMade(t, cloud, m)
				}
			})
		})
	}
}

// lostAndInterrupted begins an image, loses the answer to the request, and interrupts the search for the image, which
// is hidden until its job has ended.
func lostAndInterrupted(t *testing.T) (*acctest.Cloud, *acctest.Managed) {
	t.Helper()
	cloud := acctest.Start(t, emulator.Options{JobDuration: time.Hour, Switches: emulator.Switches{HideUnfinished: true}})
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, DropAnswer: true})
	m.InterruptAt(
		cloud, isoArguments,
		func(r emulator.Request) bool { return r.Method == http.MethodGet && r.Path == "/v2/cloudimages" },
	)
	return cloud, m
}

// TestNothingKnown: a state of which nothing is known but its configuration takes and deletes nobody's image.
func TestNothingKnown(t *testing.T) {
	t.Parallel()
	cloud, m := lostAndInterrupted(t)
	cloud.Clock.Advance(time.Hour)
	cloud.Change(cloud.Only(t).ID, func(i *emulator.Image) { i.Name = "somebody's" })
	m.Private = nil
	acctest.HasDiagnostic(t, m.Destroy(t.Context()), "WARNING No ISO image was found to delete", "golden")
	expectImages(t, cloud, 1)
}

// TestDestroyAfterLostAnswer: an image of which nobody knows yet, but which may appear, keeps the resource in the
// state.
func TestDestroyAfterLostAnswer(t *testing.T) {
	t.Parallel()
	cloud, m := lostAndInterrupted(t)
	refusedDestroy(t, m, "Unable to delete ISO image", "may still be making it")
	cloud.Clock.Advance(time.Hour)
	m.ExpectDestroyed()
	expectImages(t, cloud, 0)
}

// TestLostAnswerSeveralFit: of several images that fit none is taken; the error lists them.
func TestLostAnswerSeveralFit(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, DropAnswer: true})
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	cloud.Clock.Advance(time.Hour) // after the sign-in
	cloud.AddImage(emulator.Image{
		Name: "golden", MinDisk: 40, CreatedAt: cloud.Clock.Now().Add(time.Minute),
		Attributes: map[string]any{"virtual_env_type": "IsoImage"},
	})
	said := m.Apply(t.Context(), isoArguments)
	for _, image := range cloud.OwnImages() {
		acctest.HasDiagnostic(t, said, "Unable to create ISO image", "It is not clear which image came of it", image.ID)
	}
	expectImages(t, cloud, 2)
	if !m.State.IsNull() {
		t.Errorf("the state is %v", m.State)
	}
}

// TestKindsOtherProject: a provider that is signed in to another project takes no image for gone.
func TestKindsOtherProject(t *testing.T) {
	t.Parallel()
	for name, finished := range map[string]bool{"finished": true, "unfinished": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				if finished {
					acctest.NoDiagnostics(t, m.Apply(t.Context(), s.arguments()))
				} else {
					m.InterruptAt(cloud, s.arguments(), acctest.IsJobPoll)
				}
				m.Through(cloud.Protocol(t, emulator.Receiver))
				words := []string{
					"belongs to project " + emulator.Owner.ProjectID, "signed in to project " + emulator.Receiver.ProjectID,
				}
				acctest.HasDiagnostic(t, m.Refresh(), words...)
				refusedDestroy(t, m, words...)
				expectImages(t, cloud, 1+s.parts)
			})
		})
	}
}

// TestDeliveryFailsOnResumption: an image that has its file, or is getting it, is not deleted because the file cannot
// be sent again.
func TestDeliveryFailsOnResumption(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"saving", "active", "queued"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			path, _ := imageFile(t, "golden.raw", "golden")
			cloud := acctest.Start(t, emulator.Options{})
			m := cloud.Protocol(t, emulator.Owner).Manage(registeredType)
			uploads := arguments{"name": "golden", "local_file": path}

			// The interrupt makes the upload's end unknown, and the image is kept as nobody could delete it.
			cloud.Inject(emulator.Fault{Method: "PUT", Path: "/v2/images/*/file", Times: 1, Delay: acctest.Endless})
			cloud.Inject(emulator.Fault{Method: "DELETE", Path: "/v2/images/*", Times: 1, Status: 403})
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			cloud.OnRequest(func(r emulator.Request) bool { return r.Method == http.MethodPut }, interrupt)
			m.Apply(ctx, uploads)
			id := cloud.Only(t).ID
			m.Expect(map[string]string{"id": id})
			m.Tainted = false // somebody untaints it

			becomes := func(status string) { cloud.Change(id, func(i *emulator.Image) { i.Status = status }) }
			becomes(status)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if status == "saving" {
				cloud.OnRequest(func(r emulator.Request) bool { return r.Method == http.MethodGet }, func() { becomes("active") })
			}
			said := m.Apply(t.Context(), uploads) // planned without a refresh
			if status == "queued" {
				expectImages(t, cloud, 0)
			} else {
				acctest.NoDiagnostics(t, said)
				expectImages(t, cloud, 1)
			}
		})
	}
}

// TestPartsOfGoneImage: the data disk images of an image that somebody deleted are not forgotten without a word.
func TestPartsOfGoneImage(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.NoDiagnostics(t, m.Apply(t.Context(), withDataDisk))
	cloud.Remove(m.Attribute("id"))
	acctest.HasDiagnostic(t, m.Refresh(), "that is gone are left", cloud.Only(t).ID)
}

// TestTaintAdvice: what the error of a creation says of the next apply depends on deletion_policy.
func TestTaintAdvice(t *testing.T) {
	t.Parallel()
	for policy, words := range map[string]string{
		"delete": "deletes this image", "retain": "leaves this image in the cloud",
	} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			cloud.Inject(emulator.Fault{Method: "PATCH", Path: "/v2/cloudimages/*", Status: 403, Code: "IMG.0161"})
			m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
			said := m.Apply(
				t.Context(), with(isoArguments, arguments{"deletion_policy": policy, "multi_queue": true, "protected": true}),
			)
			acctest.HasDiagnostic(t, said, "Unable to create ISO image", "IMG.0161", words, "untaint")
			m.Expect(map[string]string{"id": cloud.Only(t).ID})
			if !m.Tainted || cloud.Only(t).Protected {
				t.Error("the image is not tainted, or protected, so that the next apply cannot delete it")
			}
		})
	}
}
