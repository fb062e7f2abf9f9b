package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	acceptance "github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const (
	signsIn = "create token"
	polls   = "show job"
)

func isPoll(r emulator.Request) bool { return r.Operation == polls }

// unwrapped is the output of an engine without the lines and frames that it breaks messages into.
func unwrapped(output string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
}

// revokeWhenAllWait puts a server before the cloud that revokes all tokens as soon as each of so many jobs has been
// polled. It returns how many requests the cloud had been sent before.
func revokeWhenAllWait(t *testing.T, cloud *acctest.Cloud, jobs int) (before func() int) {
	t.Helper()
	var mu sync.Mutex
	polled, sent := map[string]bool{}, 0
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if strings.Contains(r.URL.Path, "/jobs/") && len(polled) < jobs {
			polled[r.URL.Path] = true
			if len(polled) == jobs {
				cloud.RevokeTokens()
				sent = len(cloud.Journal())
			}
		}
		mu.Unlock()
		cloud.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	cloud.URL = front.URL
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		return sent
	}
}

// TestTokenRevokedWhileWaiting: several images are being made when the token dies; all of them go on with one new one.
func TestTokenRevokedWhileWaiting(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{JobDuration: 2 * time.Hour}) // many polls
	const images = 6
	sentBefore := revokeWhenAllWait(t, cloud, images)
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
		Config: cloud.Config(`
resource "ims_system_disk_image" "test" {
  count       = %d
  name        = "golden-${count.index}"
  instance_id = %q
}
`, images, emulator.InstanceID),
	}}})

	// The engine starts the provider anew for each of its commands; the waits are those of one.
	journal := cloud.Journal()
	from, last, signIns := sentBefore(), 0, 0
	for i, request := range journal {
		if isPoll(request) {
			last = i
		}
	}
	for _, request := range journal[min(from, last):last] {
		if request.Operation == signsIn {
			signIns++
		}
	}
	if from == 0 || signIns != 1 || last <= from {
		t.Errorf("%d sign-ins between request %d and the last poll, %d", signIns, from, last)
	}
}

// TestTokenExpiresAgainAndAgain: tokens that last shorter than the wait.
func TestTokenExpiresAgainAndAgain(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{TokenLifetime: 90 * time.Second})
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
		Config: cloud.Config(golden),
		Check:  acceptance.TestCheckResourceAttr("ims_system_disk_image.test", "status", "active"),
	}}})
	expired := 0
	for _, request := range cloud.Journal() {
		if request.Code == "APIGW.0307" {
			expired++
		}
	}
	if expired < 2 {
		t.Errorf("%d requests met an expired token", expired)
	}
}

// TestPasswordWrongMeanwhile: the wait ends with what Keystone says, and the image can be taken over once the
// password is right.
func TestPasswordWrongMeanwhile(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	w.Configure(golden)
	run := w.Start(nil, "apply", "-auto-approve", "-no-color")
	cloud.AwaitRequest(t, isPoll)
	cloud.SetPassword(emulator.Owner, "another-one")
	cloud.RevokeTokens()
	result := run.Wait()
	words := strings.Join(strings.Fields(strings.ReplaceAll(result.Output, "│", " ")), " ")
	for _, want := range []string{
		"Unable to create system disk image", "could not be waited for", "Unable to sign in with user name and password",
		"The username or password is wrong", "password: from provider block", "untaint",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in:\n%s", want, result.Output)
		}
	}
	if signIns := count(cloud, signsIn, 401); result.Code != 1 || signIns != 1 {
		t.Errorf("code %d; asked %d times with the wrong password: more would lock the account", result.Code, signIns)
	}
	cloud.SetPassword(emulator.Owner, emulator.Owner.Password)
	if result := w.Run(nil, "untaint", "-no-color", "ims_system_disk_image.test"); result.Code != 0 {
		t.Fatal(result.Output)
	}
	cloud.AdvanceUntil(t, w.Start(nil, "apply", "-auto-approve", "-no-color"))
	if id := w.State()["ims_system_disk_image.test"].Attributes["id"]; id != cloud.Only(t).ID {
		t.Errorf("the state has id %v, the cloud %s", id, cloud.Only(t).ID)
	}
	w.ExpectEmptyPlan()
}

// TestTemporaryKeysExpireWhileWaiting: keys that were given cannot be renewed; the error says what has perhaps
// happened, and the image can be taken over with new ones.
func TestTemporaryKeysExpireWhileWaiting(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Workspace(t)
	configure := func() {
		ak, sk, securityToken := cloud.IssueTemporaryKeys(emulator.Owner)
		w.ConfigureWhole(fmt.Sprintf(`
provider "ims" {
  auth_url       = "%s/v3"
  endpoint       = %q
  region         = %q
  access_key     = %q
  secret_key     = %q
  security_token = %q
  project_id     = %q
}
`, cloud.URL, cloud.URL, emulator.Region, ak, sk, securityToken, emulator.Owner.ProjectID) + golden)
	}
	configure()
	cloud.Inject(emulator.Fault{Method: "GET", Path: "/v1/*/jobs/*", Skip: 1, Times: 1, Status: 401, Code: "APIGW.0301"})
	result := w.Run(nil, "apply", "-auto-approve", "-no-color")
	words := unwrapped(result.Output)
	for _, want := range []string{"could not be waited for", "they are temporary, and have perhaps expired", "untaint"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in:\n%s", want, result.Output)
		}
	}
	configure()
	if result := w.Run(nil, "untaint", "-no-color", "ims_system_disk_image.test"); result.Code != 0 {
		t.Fatal(result.Output)
	}
	cloud.Clock.Advance(acctest.JobDuration) // less than what signatures allow
	w.Apply()
	if id := w.State()["ims_system_disk_image.test"].Attributes["id"]; id != cloud.Only(t).ID {
		t.Errorf("the state has id %v, the cloud %s", id, cloud.Only(t).ID)
	}
}

// count counts the requests of an operation that ended in a status.
func count(cloud *acctest.Cloud, operation string, status int) int {
	n := 0
	for _, request := range cloud.Journal() {
		if request.Operation == operation && request.Status == status {
			n++
		}
	}
	return n
}

// TestClockSkew: keys on a machine whose clock is wrong; the error says so.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Clock.Advance(-20 * time.Minute) // the built provider goes by the wall clock
	owner := emulator.Owner
	w := cloud.Workspace(t)
	w.ConfigureWhole(fmt.Sprintf(`
provider "ims" {
  auth_url   = "%s/v3"
  region     = %q
  access_key = %q
  secret_key = %q
  project_id = %q
}

data "ims_images" "test" {}
`, cloud.URL, emulator.Region, owner.AccessKey, owner.SecretKey, owner.ProjectID))
	result := w.Run(nil, "plan", "-no-color")
	words := unwrapped(result.Output)
	// How many minutes depends on how long the engine took to start.
	reason := regexp.MustCompile(`this machine's clock is \d+ minutes ahead of the cloud's`)
	if result.Code != 1 || !reason.MatchString(words) ||
		!strings.Contains(words, "Set the clock of this machine right.") ||
		strings.Contains(words, "Check the provider block") {
		t.Errorf("code %d:\n%s", result.Code, result.Output)
	}
}
