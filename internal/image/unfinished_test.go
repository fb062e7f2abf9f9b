package image_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// slow is a cloud whose jobs take so many looks that a test can do something meanwhile.
var slow = emulator.Options{JobDuration: 20 * time.Hour, TokenLifetime: 10000 * time.Hour}

const isoType, systemType, registeredType = "ims_iso_image", "ims_system_disk_image", "ims_registered_image"

var (
	isoArguments = map[string]any{"name": "golden", "image_url": emulator.ISOFile, "min_disk": 40, "os_version": "Debian GNU/Linux 12.0.0 64bit"}
	// A system disk image with a data disk image.
	withDataDisk = map[string]any{
		"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40, "data_disk": []map[string]any{{"image_url": emulator.DataFile, "min_disk": 20}},
	}
	registeredArguments = map[string]any{"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40}
)

// interruptedAt applies, and interrupts when the first request comes that fits.
func interruptedAt(t *testing.T, cloud *acctest.Cloud, m *acctest.Managed, arguments map[string]any, fits func(emulator.Request) bool) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	cloud.ResetJournal()
	cloud.OnRequest(fits, interrupt)
	told := m.Apply(ctx, arguments)
	if len(told) != 1 || !strings.HasPrefix(told[0], "WARNING Interrupted") || m.State.IsNull() {
		t.Fatalf("the interrupted apply told %v", told)
	}
}

// unfinished begins an image and interrupts when its job is first looked at.
func unfinished(t *testing.T, options emulator.Options, typeName string, arguments map[string]any) (*acctest.Cloud, *acctest.Managed) {
	t.Helper()
	cloud := acctest.Start(t, options)
	m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
	interruptedAt(t, cloud, m, arguments, jobPolled)
	return cloud, m
}

// TestUnfinishedListedLate: the job is over and lists do not show the image yet. It is not taken for gone.
func TestUnfinishedListedLate(t *testing.T) {
	t.Parallel()
	options := slow
	options.Switches.ListedLate = time.Hour
	cloud, m := unfinished(t, options, systemType, withDataDisk)
	cloud.Clock.Advance(slow.JobDuration)
	acctest.Silent(t, m.Refresh())
	id := m.Attribute("id")
	if id == "" || m.Attribute("status") != "active" {
		t.Errorf("the state has image %q, which is %s", id, m.Attribute("status"))
	}
	acctest.Silent(t, m.Refresh()) // of an image that is finished now, and still not listed
	if m.State.IsNull() || m.Attribute("id") != id {
		t.Fatal("the image left the state")
	}
	acctest.Silent(t, m.Destroy(t.Context()))
	if left := len(cloud.OwnImages()); left != 0 {
		t.Errorf("%d images are left", left)
	}
}

// TestDestroyListedLate: an image whose job is waited for so that it can be deleted is deleted, listed or not.
func TestDestroyListedLate(t *testing.T) {
	t.Parallel()
	options := slow
	options.Switches.ListedLate = time.Hour
	cloud, m := unfinished(t, options, isoType, isoArguments)
	acctest.Silent(t, m.Destroy(t.Context()))
	if left := len(cloud.OwnImages()); left != 0 || !m.State.IsNull() {
		t.Errorf("%d images are left", left)
	}
}

// TestUnfinishedPartGone: an image of which a part is gone is still there.
func TestUnfinishedPartGone(t *testing.T) {
	t.Parallel()
	cloud, m := unfinished(t, slow, systemType, withDataDisk)
	cloud.Clock.Advance(slow.JobDuration)
	var golden string
	for _, image := range cloud.OwnImages() {
		if image.Name == "golden" {
			golden = image.ID
		} else if err := cloud.DeleteImage(image.ID); err != nil {
			t.Fatal(err)
		}
	}
	acctest.Silent(t, m.Refresh())
	if m.State.IsNull() || m.Attribute("id") != golden {
		t.Error("the image is not in the state")
	}
	acctest.Silent(t, m.Destroy(t.Context()))
	if left := len(cloud.OwnImages()); left != 0 {
		t.Errorf("%d images are left", left)
	}
}

// TestUnfinishedGone: an image that was made and deleted meanwhile leaves the state once it cannot be a late one.
func TestUnfinishedGone(t *testing.T) {
	t.Parallel()
	cloud, m := unfinished(t, slow, isoType, isoArguments)
	cloud.Clock.Advance(slow.JobDuration)
	if err := cloud.DeleteImage(cloud.Only(t).ID); err != nil {
		t.Fatal(err)
	}
	acctest.Silent(t, m.Refresh())
	if m.State.IsNull() {
		t.Error("the image left the state at once")
	}
	cloud.Clock.Advance(time.Hour)
	acctest.Silent(t, m.Refresh())
	if !m.State.IsNull() {
		t.Error("the image is still in the state")
	}
}

// TestFailedJobLeavesImage: what a failed job leaves is kept track of on every way, and ends with the resource.
func TestFailedJobLeavesImage(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(*testing.T, *acctest.Managed, map[string]any){
		"refresh, then apply": func(t *testing.T, m *acctest.Managed, arguments map[string]any) {
			t.Helper()
			acctest.Says(t, m.Refresh(), m.Attribute("id"), "plan replaces")
			if _, replace := m.Plan(arguments); len(replace) == 0 {
				t.Error("the plan does not replace the image")
			}
			acctest.Silent(t, m.Apply(t.Context(), arguments))
		},
		"apply without refresh": func(t *testing.T, m *acctest.Managed, arguments map[string]any) {
			t.Helper()
			acctest.Says(t, m.Apply(t.Context(), arguments), "Unable to create", "IMG.0057", "It left image ", "The next plan replaces it")
			if m.Attribute("id") == "" {
				t.Error("the image that was left is not in the state")
			}
			acctest.Says(t, m.Refresh(), m.Attribute("id"), "plan replaces")
			acctest.Silent(t, m.Apply(t.Context(), arguments))
		},
		"destroy": func(t *testing.T, m *acctest.Managed, _ map[string]any) {
			t.Helper()
			acctest.Silent(t, m.Destroy(t.Context()))
		},
	} {
		for typeName, arguments := range map[string]map[string]any{isoType: isoArguments, systemType: withDataDisk, registeredType: registeredArguments} {
			t.Run(name+"/"+typeName, func(t *testing.T) {
				t.Parallel()
				options := slow
				options.Faults = []emulator.Fault{
					{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, FailJob: "IMG.0057", KeepImage: true},
					{Method: "PUT", Path: "/v1/cloudimages/*/upload", Times: 1, FailJob: "IMG.0057", KeepImage: true},
				}
				cloud, m := unfinished(t, options, typeName, arguments)
				left := cloud.OwnImages()
				cloud.Clock.Advance(slow.JobDuration)
				then(t, m, arguments)
				for _, image := range left {
					if slices.ContainsFunc(cloud.OwnImages(), func(i emulator.Image) bool { return i.ID == image.ID }) {
						t.Errorf("image %s is left", image.ID)
					}
				}
				if !m.State.IsNull() && (m.Attribute("status") != "active" || len(cloud.OwnImages()) != len(left)) {
					t.Errorf("the state has an image that is %s, the cloud %d", m.Attribute("status"), len(cloud.OwnImages()))
				}
			})
		}
	}
}

// TestInterruptedTwice: an image whose id is known keeps it, and so do those that depend on it.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	cloud, m := unfinished(t, slow, registeredType, registeredArguments)
	id := m.Attribute("id")
	acctest.Silent(t, m.Refresh())
	interruptedAt(t, cloud, m, registeredArguments, jobPolled)
	if m.Attribute("id") != id || id == "" {
		t.Errorf("the state has image %q, and had %q", m.Attribute("id"), id)
	}
	cloud.Clock.Advance(slow.JobDuration)
	acctest.Silent(t, m.Apply(t.Context(), registeredArguments))
	if m.Attribute("id") != id || m.Attribute("status") != "active" || len(cloud.OwnImages()) != 1 {
		t.Errorf("the state has image %q, which is %s; the cloud has %d", m.Attribute("id"), m.Attribute("status"), len(cloud.OwnImages()))
	}
}

// lostAndInterrupted begins an image, loses the answer to the request, and interrupts the search for the image, which is hidden until its
// job has ended.
func lostAndInterrupted(t *testing.T) (*acctest.Cloud, *acctest.Managed) {
	t.Helper()
	cloud := acctest.Start(t, emulator.Options{JobDuration: time.Hour, TokenLifetime: slow.TokenLifetime, Switches: emulator.Switches{HideUnfinished: true}})
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, DropAnswer: true})
	interruptedAt(t, cloud, m, isoArguments, func(r emulator.Request) bool { return r.Method == http.MethodGet && r.Path == "/v2/cloudimages" })
	return cloud, m
}

// TestNothingKnown: a state of which nothing is known but its configuration takes and deletes nobody's image.
func TestNothingKnown(t *testing.T) {
	t.Parallel()
	cloud, m := lostAndInterrupted(t)
	cloud.Clock.Advance(time.Hour)
	for _, image := range cloud.OwnImages() {
		if err := cloud.UpdateImage(image.ID, func(i *emulator.Image) { i.Name = "somebody's" }); err != nil {
			t.Fatal(err)
		}
	}
	m.Private = nil
	acctest.Silent(t, m.Destroy(t.Context()))
	if len(cloud.OwnImages()) != 1 {
		t.Error("somebody's image was deleted")
	}
}

// TestOtherProject: a provider that is signed in to another project takes no image for gone.
func TestOtherProject(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]emulator.Options{"finished": {}, "unfinished": slow} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, options)
			m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
			if name == "finished" {
				acctest.Silent(t, m.Apply(t.Context(), isoArguments))
			} else {
				interruptedAt(t, cloud, m, isoArguments, jobPolled)
			}
			m.Through(cloud.Protocol(t, emulator.Receiver))
			for _, told := range [][]string{m.Refresh(), m.Destroy(t.Context())} {
				acctest.Says(t, told, "belongs to project "+emulator.Owner.ProjectID, "signed in to project "+emulator.Receiver.ProjectID)
			}
			if m.State.IsNull() || len(cloud.OwnImages()) != 1 {
				t.Error("the image is not in the state, or deleted")
			}
		})
	}
}

// TestDeliveryFailsOnResumption: an image that has its file, or is getting it, is not deleted because the file cannot be sent again.
func TestDeliveryFailsOnResumption(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"saving", "active", "queued"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			path, _ := imageFile(t, "golden.raw", "golden")
			cloud := acctest.Start(t, emulator.Options{})
			m := cloud.Protocol(t, emulator.Owner).Manage(registeredType)
			arguments := map[string]any{"name": "golden", "local_file": path}

			// The interrupt makes the upload's end unknown, and the image is kept as nobody could delete it.
			cloud.Inject(emulator.Fault{Method: "PUT", Path: "/v2/images/*/file", Times: 1, Delay: acctest.Endless})
			cloud.Inject(emulator.Fault{Method: "DELETE", Path: "/v2/images/*", Times: 1, Status: 403})
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			cloud.OnRequest(func(r emulator.Request) bool { return r.Method == http.MethodPut }, interrupt)
			m.Apply(ctx, arguments)
			id := cloud.Only(t).ID
			if m.State.IsNull() || m.Attribute("id") != id {
				t.Fatalf("the image is not in the state")
			}

			becomes := func(status string) {
				if err := cloud.UpdateImage(id, func(i *emulator.Image) { i.Status = status }); err != nil {
					t.Error(err)
				}
			}
			becomes(status)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if status == "saving" {
				cloud.OnRequest(func(r emulator.Request) bool { return r.Method == http.MethodGet }, func() { becomes("active") })
			}
			told := m.Apply(t.Context(), arguments) // planned without a refresh
			if gone := len(cloud.OwnImages()) == 0; gone != (status == "queued") {
				t.Errorf("the image is deleted: %t; told %v", gone, told)
			}
			if status != "queued" {
				acctest.Silent(t, told)
			}
		})
	}
}

// TestPartsOfGoneImage: the data disk images of an image that somebody deleted are not forgotten in silence.
func TestPartsOfGoneImage(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Silent(t, m.Apply(t.Context(), withDataDisk))
	if err := cloud.DeleteImage(m.Attribute("id")); err != nil {
		t.Fatal(err)
	}
	acctest.Says(t, m.Refresh(), "that is gone are left", cloud.Only(t).ID)
}

// TestReplacedImageBeginsAnew: what holds of an imported image does not hold of the one that replaces it.
func TestReplacedImageBeginsAnew(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.AddObject("golden-images:other.qcow2", 1<<30)
	id := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 40, Attributes: map[string]any{"__data_origin": "file," + emulator.ImageFile}})
	m := cloud.Protocol(t, emulator.Owner).Manage(systemType)
	acctest.Silent(t, m.Import(id))
	arguments := map[string]any{"name": "golden", "image_url": "golden-images:other.qcow2", "min_disk": 40}
	acctest.Silent(t, m.Apply(t.Context(), arguments))
	arguments["is_config"] = true
	if _, replace := m.Plan(arguments); !slices.Equal(replace, []string{"is_config"}) {
		t.Errorf("the plan replaces for %v", replace)
	}
}

// TestLostAnswerSeveralFit: of several images that fit none is taken; the error lists them.
func TestLostAnswerSeveralFit(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: "POST", Path: "/v2/cloudimages/action", Times: 1, DropAnswer: true})
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	cloud.Clock.Advance(time.Hour) // after the sign-in
	twin := cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 40, CreatedAt: cloud.Clock.Now().Add(time.Minute), Attributes: map[string]any{"virtual_env_type": "IsoImage"}})
	told := m.Apply(t.Context(), isoArguments)
	for _, image := range cloud.OwnImages() {
		acctest.Says(t, told, "Unable to create ISO image", "It is not clear which image came of it", image.ID)
	}
	if len(cloud.OwnImages()) != 2 || !m.State.IsNull() {
		t.Errorf("the cloud has %d images, one of them %s; the state is %v", len(cloud.OwnImages()), twin, m.State)
	}
}

// TestDestroyAfterLostAnswer: an image of which nobody knows yet, but which may appear, keeps the resource in the state.
func TestDestroyAfterLostAnswer(t *testing.T) {
	t.Parallel()
	cloud, m := lostAndInterrupted(t)
	acctest.Says(t, m.Destroy(t.Context()), "Unable to delete ISO image", "may still be making it")
	if m.State.IsNull() {
		t.Fatal("the image is forgotten")
	}
	cloud.Clock.Advance(time.Hour)
	acctest.Silent(t, m.Destroy(t.Context()))
	if left := len(cloud.OwnImages()); left != 0 {
		t.Errorf("%d images are left", left)
	}
}

// TestTaintAdvice: what the error of a creation says of the next apply depends on deletion_policy.
func TestTaintAdvice(t *testing.T) {
	t.Parallel()
	for policy, words := range map[string]string{"delete": "deletes this image", "retain": "leaves this image in the cloud"} {
		cloud := acctest.Start(t, emulator.Options{Faults: []emulator.Fault{{Method: "PATCH", Path: "/v2/cloudimages/*", Status: 403, Code: "IMG.0161"}}})
		m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
		arguments := with(isoArguments, map[string]any{"deletion_policy": policy, "multi_queue": true, "protected": true})
		acctest.Says(t, m.Apply(t.Context(), arguments), "Unable to create ISO image", "IMG.0161", words, "untaint")
		if m.Attribute("id") != cloud.Only(t).ID || cloud.Only(t).Protected {
			t.Errorf("the image is not in the state, or protected, so that the next apply cannot delete it: %v", m.State)
		}
	}
}

// TestInterruptBeforeLastChange: an image that is made and lacks an attribute gets it by the next apply.
func TestInterruptBeforeLastChange(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	heal := cloud.Inject(emulator.Fault{Method: "PATCH", Path: "/v2/cloudimages/*", Status: 400, Code: "IMG.0148"}) // waited out
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	arguments := with(isoArguments, map[string]any{"multi_queue": true})
	interruptedAt(t, cloud, m, arguments, func(r emulator.Request) bool { return r.Method == http.MethodPatch })
	acctest.Silent(t, m.Refresh())
	if m.Attribute("multi_queue") != "false" {
		t.Errorf("multi_queue is %s", m.Attribute("multi_queue"))
	}
	heal() // not before: the request that was interrupted may be under way still
	acctest.Silent(t, m.Apply(t.Context(), arguments))
	if fmt.Sprint(cloud.Only(t).Attributes["hw_vif_multiqueue_enabled"]) != "true" {
		t.Error("the image lacks the attribute")
	}
}
