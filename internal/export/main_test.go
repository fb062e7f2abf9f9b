package export_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const address = "ims_system_disk_image.test"

// fromServer is an image to export.
func fromServer() string {
	return fmt.Sprintf(`
resource "ims_system_disk_image" "test" {
  name        = "golden"
  instance_id = %q
}
`, emulator.InstanceID)
}

var apply = []string{"apply", "-auto-approve", "-no-color"}

// slow is a cloud whose jobs take so many looks that a test can do something meanwhile.
var slow = emulator.Options{JobDuration: 20 * time.Hour, TokenLifetime: 10000 * time.Hour}

// jobPolled is true of a look at a job.
func jobPolled(request emulator.Request) bool { return strings.Contains(request.Path, "/jobs/") }

// with is arguments with more of them.
func with(arguments map[string]any, more ...map[string]any) map[string]any {
	all := maps.Clone(arguments)
	for _, some := range more {
		maps.Copy(all, some)
	}
	return all
}

// interruptedAt applies, and interrupts as soon as a request fits that comes after the call.
func interruptedAt(
	t *testing.T, cloud *acctest.Cloud, m *acctest.Managed, arguments map[string]any, fits func(emulator.Request) bool,
) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	cloud.ResetJournal()
	go func() {
		defer interrupt()
		cloud.AwaitRequest(t, time.Minute, fits)
	}()
	told := m.Apply(ctx, arguments)
	if len(told) != 1 || !strings.HasPrefix(told[0], "WARNING Interrupted") || m.State.IsNull() {
		t.Fatalf("the interrupted apply told %v", told)
	}
}
