package image_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const registered = "ims_registered_image.test"

// uploaded is an image of a file of this machine.
func uploaded(file string, arguments ...string) string {
	return fmt.Sprintf("resource \"ims_registered_image\" \"test\" {\n  name = \"golden\"\n  local_file = %q\n  %s\n}\n", file, strings.Join(arguments, "\n  "))
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

// nothingLeft fails the test if the cloud holds an image.
func nothingLeft(t *testing.T, cloud *acctest.Cloud) {
	t.Helper()
	for _, image := range cloud.OwnImages() {
		t.Errorf("image %q is left, %s", image.Name, image.Status)
	}
}

// TestRegisteredImageFile: the digest says which file it is, wherever it lies.
func TestRegisteredImageFile(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	first, firstSum := imageFile(t, "first.qcow2", "first")
	moved, _ := imageFile(t, "moved.qcow2", "first")
	second, secondSum := imageFile(t, "second.qcow2", "second")
	sum := func(digest string) string { return fmt.Sprintf("file_sha256 = %q", digest) }
	does := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(registered, action)}}
	}
	has := func(digest string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(registered, "uploaded_sha256", digest)
	}
	wrong := regexp.MustCompile(`(?s)Unable to create registered image.*local_file\s+has\s+the\s+SHA-256.*` + firstSum[:8] + `.*file_sha256\s+is`)
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: cloud.Config("%s", uploaded(first, sum(secondSum))), ExpectError: wrong},
			{PreConfig: func() { nothingLeft(t, cloud) }, Config: cloud.Config("%s", uploaded(first)), ConfigPlanChecks: does(plancheck.ResourceActionCreate), Check: has(firstSum)},
			{Config: cloud.Config("%s", uploaded(first, sum(firstSum))), ConfigPlanChecks: does(plancheck.ResourceActionUpdate), Check: has(firstSum)},
			{Config: cloud.Config("%s", uploaded(moved, sum(firstSum))), ConfigPlanChecks: does(plancheck.ResourceActionUpdate), Check: has(firstSum)},
			{Config: cloud.Config("%s", uploaded(second, sum(secondSum))), ConfigPlanChecks: does(plancheck.ResourceActionReplace), Check: has(secondSum)},
			{Config: cloud.Config("%s", uploaded(first)), ConfigPlanChecks: does(plancheck.ResourceActionReplace), Check: has(firstSum)},
			{PreConfig: func() { _ = os.Remove(first) }, Config: cloud.Config("%s", uploaded(first)), ConfigPlanChecks: does(plancheck.ResourceActionNoop)},
		},
	})
	if posts := count(cloud.Calls(), "POST /v2/images"); posts != 4 {
		t.Errorf("%d images were begun", posts)
	}
}

// TestRegisteredImageFileMadeLater: the file need not exist at plan; one that is not there at apply makes no image.
func TestRegisteredImageFileMadeLater(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	path := filepath.Join(t.TempDir(), "later.raw")
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: cloud.Config("%s", uploaded(path)), ExpectError: regexp.MustCompile(`(?s)Unable to create registered image.*no\s+such\s+file`)},
			{
				PreConfig: func() {
					if calls := cloud.Calls(); len(calls) != 0 {
						t.Errorf("the apply sent %v", calls)
					}
				},
				Config: cloud.Config(`
resource "terraform_data" "build" {
  provisioner "local-exec" {
    command = "printf built > '%s'"
  }
}
%s`, path, uploaded(path, "depends_on = [terraform_data.build]")),
				Check: resource.TestCheckResourceAttr(registered, "uploaded_size", "5"),
			},
		},
	})
}

// TestRegisteredImageUploadFails: an upload that fails leaves nothing behind; what cannot be removed at once is in the state, and
// the next apply removes it. Where only an answer was lost, nothing is noticed.
func TestRegisteredImageUploadFails(t *testing.T) {
	t.Parallel()
	path, _ := imageFile(t, "golden.raw", "golden")
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	configure := func(names ...string) {
		var config strings.Builder
		for _, name := range names {
			config.WriteString(strings.NewReplacer(`"test"`, `"`+name+`"`, `"golden"`, `"`+name+`"`).Replace(uploaded(path)))
		}
		w.Configure("%s", config.String())
	}
	inject := func(method, path string, fault emulator.Fault) {
		fault.Method, fault.Path, fault.Times = method, path, 1
		cloud.Inject(fault)
	}
	expect := func(result acctest.Result, code int, says ...string) {
		t.Helper()
		output := strings.Join(strings.Fields(strings.ReplaceAll(result.Output, "│", "")), " ")
		for _, words := range says {
			if !strings.Contains(output, words) {
				t.Errorf("the apply does not say %q:\n%s", words, result.Output)
			}
		}
		if result.Code != code {
			t.Errorf("the apply ended with code %d:\n%s", result.Code, result.Output)
		}
	}
	const file = "/v2/images/*/file"
	inject("PUT", file, emulator.Fault{Drop: true})
	inject("PUT", file, emulator.Fault{Status: 403, Code: "IMG.0161"})
	inject("PUT", file, emulator.Fault{DropAnswer: true})
	inject("POST", "/v2/images", emulator.Fault{DropAnswer: true})
	configure("a", "b", "c")
	expect(w.Run(nil, apply...), 1, "The image file did not reach the service. What was registered for the image is deleted.", "Error code: IMG.0161")
	if held := cloud.Only(t); len(w.State()) != 1 || w.State()["ims_registered_image."+held.Name].Attributes["id"] != held.ID {
		t.Errorf("the state is %v", w.State())
	}

	configure("a", "b", "c", "d")
	inject("DELETE", "/v2/images/*", emulator.Fault{Status: 403, Code: "IMG.0161"})
	inject("PUT", file, emulator.Fault{Drop: true})
	expect(w.Run(nil, apply...), 1, "was not deleted", "The state has the image")
	tainted := 0
	for _, r := range w.State() {
		if r.Status == "tainted" && r.Attributes["id"] != nil {
			tainted++
		}
	}
	if tainted != 1 || len(cloud.OwnImages()) != 4 {
		t.Errorf("%d images are tainted of %d", tainted, len(cloud.OwnImages()))
	}
	expect(w.Run(nil, apply...), 0, "1 added, 0 changed, 1 destroyed")
	if len(cloud.OwnImages()) != 4 {
		t.Errorf("the cloud holds %d images", len(cloud.OwnImages()))
	}
	w.ExpectEmptyPlan()
}

// TestRegisteredImageInterrupted cuts an upload with Ctrl-C: the command is over soon, and nothing is left.
func TestRegisteredImageInterrupted(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	// The emulator reads no more than the beginning: most of the file cannot leave.
	goOn := cloud.Inject(emulator.Fault{Method: "PUT", Path: "/v2/images/*/file", Times: 1, Delay: acctest.Endless})
	w := cloud.Workspace(t)
	w.Configure("%s", uploaded(sparseFile(t, 64<<20)))
	run := w.Start(nil, apply...)
	cloud.AwaitRequest(t, func(r emulator.Request) bool { return r.Method == http.MethodPut })
	run.SignalGroup(syscall.SIGINT)
	result := run.Wait() // ends, although the upload does not
	if result.Code != 1 {
		t.Errorf("the command ended with code %d:\n%s", result.Code, result.Output)
	}
	goOn()
	nothingLeft(t, cloud)
	if state := w.State(); len(state) != 0 {
		t.Errorf("the state is %v", state)
	}
	w.Apply()
	if size := cloud.Only(t).Attributes["__image_size"]; size != fmt.Sprint(64<<20) {
		t.Errorf("the image has %v bytes", size)
	}
}

// TestRegisteredImageAccessKey: signed requests may not be large. What is too large is refused before anything is sent, at
// plan if the file is there.
func TestRegisteredImageAccessKey(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	keys := fmt.Sprintf("provider \"ims\" {\n  auth_url = \"%s/v3\"\n  region = %q\n  access_key = %q\n  secret_key = %q\n  project_name = %q\n}\n",
		cloud.URL, emulator.Region, emulator.Owner.AccessKey, emulator.Owner.SecretKey, emulator.Owner.ProjectName)
	small, large, later := sparseFile(t, 1<<20), sparseFile(t, 13<<20), filepath.Join(t.TempDir(), "later.raw")
	refused := regexp.MustCompile(`(?s)13\.0\s+MB.*access\s+key.*12\s+MB.*Sign\s+in\s+with\s+user\s+name\s+and\s+password.*use\s+image_url`)
	build := fmt.Sprintf("resource \"terraform_data\" \"build\" {\n  provisioner \"local-exec\" {\n    command = \"cp '%s' '%s'\"\n  }\n}\n", large, later)
	cloud.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: keys + uploaded(large), PlanOnly: true, ExpectError: refused},
			{Config: keys + build + uploaded(later, "depends_on = [terraform_data.build]"), ExpectError: refused},
			{
				PreConfig: func() {
					if calls := cloud.Calls(); len(calls) != 0 {
						t.Errorf("%v was sent", calls)
					}
				},
				Config: keys + uploaded(small), Check: resource.TestCheckResourceAttr(registered, "image_size", fmt.Sprint(1<<20)),
			},
		},
	})
}

// TestRegisteredImageMemory uploads a large file with the built provider, which must not hold it, and tells in its log how far it is.
func TestRegisteredImageMemory(t *testing.T) {
	t.Parallel()
	const size, most = 2 << 30, 64 << 20
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	w.Configure("%s", uploaded(sparseFile(t, size)))
	log := filepath.Join(w.Dir, "provider.log")
	// What users have: the suite's engines collect garbage rarely.
	run := w.Start([]string{"GOGC=100", "TF_LOG_PROVIDER=INFO", "TF_LOG_PATH=" + log}, apply...)
	peak := run.PeakMemory()
	if result := run.Wait(); result.Code != 0 {
		t.Fatalf("apply ended with code %d:\n%s", result.Code, result.Output)
	}
	t.Logf("a file of %d bytes took %d MiB at most", size, peak>>20)
	if image := cloud.Only(t); image.Attributes["__image_size"] != fmt.Sprint(size) {
		t.Errorf("the image has %v bytes", image.Attributes["__image_size"])
	}
	if peak == 0 {
		t.Skip("this system does not tell how much memory a process had")
	}
	if peak > most {
		t.Errorf("the provider had %d MiB resident", peak>>20)
	}
	content, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(content), "Uploading an image file") || !strings.Contains(string(content), "percent=100") {
		t.Errorf("the log tells no progress: %v\n%.2000s", err, content)
	}
}
