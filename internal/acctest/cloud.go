package acctest

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/provider"
)

// Cloud is an emulated cloud of one test's own.
type Cloud struct {
	*emulator.Emulator
	URL   string
	Clock *emulator.ManualClock

	// wrap, if set, stands before the provider of this process.
	wrap func(tfprotov6.ProviderServer) tfprotov6.ProviderServer
	t    testing.TB
}

// JobDuration is how long jobs take on the emulator's clock unless a test's options say otherwise.
const JobDuration = 5 * time.Minute

// Endless is a fault's delay that no wait of a test outlasts. It ends when the fault is removed, or the test.
const Endless = 100 * 365 * 24 * time.Hour

// Start starts a cloud. At the end of the test it fails the test for every request that the emulator does not know.
func Start(t testing.TB, options emulator.Options) *Cloud {
	t.Helper()
	endWithParent()
	// Now, and not a fixed date: the built provider signs by the wall clock.
	clock := emulator.NewManualClock(time.Now().UTC().Truncate(time.Second))
	options.Clock = clock
	if options.JobDuration == 0 {
		options.JobDuration = JobDuration
	}
	emu, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	t.Cleanup(func() {
		server.Close()
		if err := emu.Close(); err != nil {
			t.Error(err)
		}
		for _, request := range emu.Unknown() {
			t.Errorf(
				"the emulator does not know %s %s?%s with the fields %v", request.Method, request.Path, request.Query,
				request.Fields,
			)
		}
	})
	return &Cloud{Emulator: emu, URL: server.URL, Clock: clock, t: t}
}

// Factories serve the provider in this process. Its waits move the emulator's clock on, and no variable of the
// environment reaches it.
func (c *Cloud) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	environment := settings.Environment{Lookup: func(string) (string, bool) { return "", false }}
	constructor := provider.New("test", provider.Options{Environment: &environment, Clock: steppingClock{c.Clock}})
	serve := providerserver.NewProtocol6WithError(constructor())
	return map[string]func() (tfprotov6.ProviderServer, error){
		provider.TypeName: func() (tfprotov6.ProviderServer, error) {
			server, err := serve()
			if err == nil && c.wrap != nil {
				server = c.wrap(server)
			}
			return server, err
		},
	}
}

// Test runs a test case in plain `go test`, with the provider in this process.
func (c *Cloud) Test(t *testing.T, testCase resource.TestCase) {
	t.Helper()
	Engine(t)
	testCase.ProtoV6ProviderFactories = c.Factories()
	resource.UnitTest(t, testCase)
}

// Provider is a provider block for the tenant, with more lines of arguments if any are given.
func (c *Cloud) Provider(tenant emulator.Tenant, arguments ...string) string {
	return fmt.Sprintf(`
provider "ims" {
  auth_url     = "%s/v3"
  region       = %q
  user_name    = %q
  password     = %q
  domain_name  = %q
  project_name = %q
  %s
}
`, c.URL, emulator.Region, tenant.UserName, tenant.Password, tenant.DomainName, tenant.ProjectName,
		strings.Join(arguments, "\n  "))
}

// Config is a configuration of the owner's provider block and what follows.
func (c *Cloud) Config(format string, values ...any) string {
	return c.Provider(emulator.Owner) + fmt.Sprintf(format, values...)
}

// Calls are the requests to IMS since the last ResetJournal, without sign-in and looks at jobs, each as "METHOD path".
func (c *Cloud) Calls() []string {
	var calls []string
	for _, request := range c.Journal() {
		if strings.HasPrefix(request.Path, "/v3") || IsJobPoll(request) {
			continue
		}
		calls = append(calls, request.Method+" "+request.Path)
	}
	return calls
}

// Count is how many of the calls begin so.
func (c *Cloud) Count(call string) int {
	number := 0
	for _, each := range c.Calls() {
		if strings.HasPrefix(each, call) {
			number++
		}
	}
	return number
}

// AwaitRequest waits for a request that fits, if none was sent since the last ResetJournal. It fails the test when none
// comes. To do something as soon as one comes, see [emulator.Emulator.OnRequest].
func (c *Cloud) AwaitRequest(t testing.TB, fits func(emulator.Request) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Emulator.AwaitRequest(ctx, fits); err != nil {
		t.Errorf("the request that the test waits for was not sent: %v", err)
	}
}

// Polls is the number of looks at jobs since the last ResetJournal.
func (c *Cloud) Polls() int {
	polls := 0
	for _, request := range c.Journal() {
		if IsJobPoll(request) {
			polls++
		}
	}
	return polls
}

// OwnImages are the owner's images, also those being made.
func (c *Cloud) OwnImages() []emulator.Image { return c.Images(emulator.Owner.ProjectID) }

// Only is the owner's one image; the test fails if there is none or are more.
func (c *Cloud) Only(t testing.TB) emulator.Image {
	t.Helper()
	images := c.OwnImages()
	if len(images) != 1 {
		t.Fatalf("the cloud holds %d images, not exactly one", len(images))
	}
	return images[0]
}

// Change changes an image behind the provider's back.
func (c *Cloud) Change(image string, how func(*emulator.Image)) {
	c.t.Helper()
	if err := c.UpdateImage(image, how); err != nil {
		c.t.Error(err)
	}
}

// Remove deletes an image behind the provider's back.
func (c *Cloud) Remove(image string) {
	c.t.Helper()
	if err := c.DeleteImage(image); err != nil {
		c.t.Error(err)
	}
}

// steppingClock moves the emulator's time on instead of waiting.
type steppingClock struct{ clock *emulator.ManualClock }

func (s steppingClock) Now() time.Time { return s.clock.Now() }

func (s steppingClock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.clock.Advance(d)
	// A moment for the rest of the process: a wait for what never comes must not starve it.
	pause := time.NewTimer(time.Millisecond)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pause.C:
		return nil
	}
}

// AdvanceUntil moves the emulator's clock on until a run of the engine has ended, and expects it to succeed: the built
// provider waits by the wall clock, the jobs it waits for go by this one.
func (c *Cloud) AdvanceUntil(t testing.TB, run *Running) Result {
	t.Helper()
	return c.AdvanceToEnd(t, run, 0)
}

// AdvanceToEnd is AdvanceUntil for a run that is expected to end with a code of its own.
func (c *Cloud) AdvanceToEnd(t testing.TB, run *Running, code int) Result {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-run.done:
			run.done <- err
			result := run.Wait()
			if result.Code != code {
				t.Fatalf("the engine ended with code %d, not %d:\n%s", result.Code, code, result.Output)
			}
			return result
		case <-tick.C:
			c.Clock.Advance(5 * time.Second)
		}
	}
}

// With is arguments with more of them.
func With(arguments map[string]any, more ...map[string]any) map[string]any {
	all := maps.Clone(arguments)
	if all == nil {
		all = map[string]any{}
	}
	for _, some := range more {
		maps.Copy(all, some)
	}
	return all
}

// IsJobPoll is true of a look at a job.
func IsJobPoll(request emulator.Request) bool { return strings.Contains(request.Path, "/jobs/") }
