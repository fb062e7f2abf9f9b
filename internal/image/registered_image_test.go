package image_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// uploadOf is an image of a file of this machine.
func uploadOf(file string, more ...arguments) arguments {
	return with(arguments{"name": "golden", "local_file": file}, more...)
}

// imageFile writes a file and returns its path and its digest.
func imageFile(t *testing.T, name, content string) (path, digest string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(content))
	return path, hex.EncodeToString(sum[:])
}

// sparseFile makes a file of zeros that takes no room.
func sparseFile(t *testing.T, size int64) string {
	t.Helper()
	path, _ := imageFile(t, "sparse.raw", "")
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRegisteredImageFile: the digest says which file it is, wherever it lies.
func TestRegisteredImageFile(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	first, firstSum := imageFile(t, "first.qcow2", "first")
	moved, _ := imageFile(t, "moved.qcow2", "first")
	second, secondSum := imageFile(t, "second.qcow2", "second")
	digest := func(sum string) arguments { return arguments{"file_sha256": sum} }
	m := cloud.Protocol(t, emulator.Owner).Manage(registeredType)

	said := m.Apply(t.Context(), uploadOf(first, digest(secondSum)))
	acctest.HasDiagnostic(
		t, said, "Unable to create registered image", "local_file has the SHA-256", firstSum[:8], "file_sha256 is",
	)
	expectImages(t, cloud, 0)

	for _, step := range []struct {
		arguments arguments
		action    acctest.Action
		uploaded  string
	}{
		{uploadOf(first), acctest.Create, firstSum},
		{uploadOf(first, digest(firstSum)), acctest.Update, firstSum},
		{uploadOf(moved, digest(firstSum)), acctest.Update, firstSum},
		{uploadOf(second, digest(secondSum)), acctest.Replace, secondSum},
		{uploadOf(first), acctest.Replace, firstSum},
	} {
		m.ExpectApplied(step.arguments, step.action)
		m.Expect(map[string]string{"uploaded_sha256": step.uploaded})
	}
	if err := os.Remove(first); err != nil {
		t.Error(err)
	}
	m.ExpectSettled(uploadOf(first))
	if posts := cloud.Count("POST /v2/images"); posts != 4 {
		t.Errorf("%d images were begun", posts)
	}
}

// TestRegisteredImageFileMadeLater: the file need not exist at plan; one that is not there at apply makes no image.
func TestRegisteredImageFileMadeLater(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	later := filepath.Join(t.TempDir(), "later.raw")
	m := cloud.Protocol(t, emulator.Owner).Manage(registeredType)
	acctest.HasDiagnostic(t, m.Apply(t.Context(), uploadOf(later)), "Unable to create registered image", "no such file")
	if calls := cloud.Calls(); len(calls) != 0 {
		t.Errorf("the apply sent %v", calls)
	}

	plan := m.ExpectPlan(uploadOf(later), acctest.Create)
	if err := os.WriteFile(later, []byte("built"), 0o600); err != nil {
		t.Fatal(err)
	}
	acctest.NoDiagnostics(t, m.CarryOut(t.Context(), plan, uploadOf(later)))
	m.Expect(map[string]string{"uploaded_size": "5"})
}

// TestRegisteredImageUploadFails: an upload that fails leaves nothing behind; what cannot be removed at once is in the
// state, and the next apply removes it. Where only an answer was lost, nothing is noticed.
func TestRegisteredImageUploadFails(t *testing.T) {
	t.Parallel()
	const file = "/v2/images/*/file"
	const gone = "The image file did not reach the service. What was registered for the image is deleted."
	for name, test := range map[string]struct {
		faults []emulator.Fault
		words  []string // nothing: it goes well
		kept   bool     // in the state, so that the next apply removes it
	}{
		"connection broken": {
			faults: []emulator.Fault{{Method: "PUT", Path: file, Drop: true}}, words: []string{gone},
		},
		"refused": {
			faults: []emulator.Fault{{Method: "PUT", Path: file, Status: 403, Code: "IMG.0161"}},
			words:  []string{gone, "Error code: IMG.0161"},
		},
		"answer lost": {
			faults: []emulator.Fault{{Method: "PUT", Path: file, DropAnswer: true}},
		},
		"cannot be deleted": {
			faults: []emulator.Fault{
				{Method: "PUT", Path: file, Drop: true}, {Method: "DELETE", Path: "/v2/images/*", Status: 403, Code: "IMG.0161"},
			},
			words: []string{"was not deleted", "The state has the image"}, kept: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, _ := imageFile(t, "golden.raw", "golden")
			cloud := acctest.Start(t, emulator.Options{})
			for _, fault := range test.faults {
				fault.Times = 1
				cloud.Inject(fault)
			}
			m := cloud.Protocol(t, emulator.Owner).Manage(registeredType)
			said := m.Apply(t.Context(), uploadOf(path))
			if test.words == nil {
				acctest.NoDiagnostics(t, said)
			} else {
				acctest.HasDiagnostic(t, said, append(test.words, "ERROR ")...)
			}
			left := test.kept || test.words == nil
			if m.State.IsNull() == left || m.Tainted != test.kept {
				t.Errorf("tainted: %t; the state is %v", m.Tainted, m.State)
			}
			expectImages(t, cloud, map[bool]int{true: 1}[left])

			action := map[bool]acctest.Action{true: acctest.Replace, false: acctest.Create}[test.kept]
			if test.words == nil {
				action = acctest.Keep
			}
			m.ExpectApplied(uploadOf(path), action)
			expectImages(t, cloud, 1)
		})
	}
}

// TestRegisteredImageAccessKey: signed requests may not be large. What is too large is refused before anything is sent,
// at plan if the file is there.
func TestRegisteredImageAccessKey(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Configured(t, arguments{
		"access_key": emulator.Owner.AccessKey, "secret_key": emulator.Owner.SecretKey,
		"project_name": emulator.Owner.ProjectName,
	}).Manage(registeredType)
	small, large, later := sparseFile(t, 1<<20), sparseFile(t, 13<<20), filepath.Join(t.TempDir(), "later.raw")
	words := []string{"13.0 MB", "access key", "12 MB", "Sign in with user name and password", "use image_url"}

	acctest.HasDiagnostic(t, m.Plan(uploadOf(large)).Diagnostics, words...)
	plan := m.ExpectPlan(uploadOf(later), acctest.Create)
	if err := os.Rename(large, later); err != nil {
		t.Fatal(err)
	}
	acctest.HasDiagnostic(t, m.CarryOut(t.Context(), plan, uploadOf(later)), words...)
	if calls := cloud.Calls(); len(calls) != 0 {
		t.Errorf("%v was sent", calls)
	}

	m.ExpectApplied(uploadOf(small), acctest.Create)
	m.Expect(map[string]string{"image_size": "1048576"})
}
