package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// Workspace is a folder with a configuration, in which the real engine runs the built provider.
type Workspace struct {
	Dir   string
	cloud *Cloud
	t     testing.TB
}

// Result is what a run of the engine left behind.
type Result struct {
	Code   int
	Output string
}

// Workspace makes a folder for real runs against the cloud, with the built provider in place of any registry's.
func (c *Cloud) Workspace(t testing.TB) *Workspace {
	t.Helper()
	Engine(t)
	built, err := builtProvider()
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{Dir: t.TempDir(), cloud: c, t: t}
	w.write("dev.tfrc", fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-provider-ims/ims" = %[1]q
    "registry.opentofu.org/terraform-provider-ims/ims" = %[1]q
  }
  direct {}
}
`, built))
	return w
}

const requiredProviders = `terraform {
  required_providers {
    ims = { source = "terraform-provider-ims/ims" }
  }
}
`

// Configure replaces the configuration: the owner's provider block and what follows.
func (w *Workspace) Configure(format string, values ...any) {
	w.t.Helper()
	w.write("main.tf", requiredProviders+w.cloud.Config(format, values...))
}

// ConfigureWhole replaces the configuration, save for required_providers.
func (w *Workspace) ConfigureWhole(configuration string) {
	w.t.Helper()
	w.write("main.tf", requiredProviders+configuration)
}

func (w *Workspace) write(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Run runs the engine to its end. extra are variables of the environment, as "NAME=value".
func (w *Workspace) Run(extra []string, arguments ...string) Result {
	w.t.Helper()
	run := w.Start(extra, arguments...)
	return run.Wait(2 * time.Minute)
}

// Apply applies and expects success.
func (w *Workspace) Apply(arguments ...string) Result {
	w.t.Helper()
	result := w.Run(nil, append([]string{"apply", "-auto-approve", "-no-color"}, arguments...)...)
	if result.Code != 0 {
		w.t.Fatalf("apply ended with code %d:\n%s", result.Code, result.Output)
	}
	return result
}

// ExpectEmptyPlan fails the test if a plan would do anything.
func (w *Workspace) ExpectEmptyPlan() {
	w.t.Helper()
	if result := w.Run(nil, "plan", "-detailed-exitcode", "-no-color"); result.Code != 0 {
		w.t.Fatalf("the plan is not empty (code %d):\n%s", result.Code, result.Output)
	}
}

// Running is a run of the engine under way.
type Running struct {
	command *exec.Cmd
	output  *bytes.Buffer
	done    chan error
	t       testing.TB
}

// Start starts the engine in a process group of its own.
func (w *Workspace) Start(extra []string, arguments ...string) *Running {
	w.t.Helper()
	command := exec.Command(Engine(w.t), arguments...)
	command.Dir = w.Dir
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	for _, variable := range os.Environ() {
		// Nothing that the environment knows of a real cloud may take part.
		if name, _, _ := strings.Cut(variable, "="); !strings.HasPrefix(name, "OS_") && !strings.HasPrefix(name, "TF_") {
			command.Env = append(command.Env, variable)
		}
	}
	command.Env = append(command.Env, "TF_CLI_CONFIG_FILE="+filepath.Join(w.Dir, "dev.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	command.Env = append(command.Env, extra...)
	run := &Running{command: command, output: &bytes.Buffer{}, done: make(chan error, 1), t: w.t}
	command.Stdout, command.Stderr = run.output, run.output
	if err := command.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() { run.done <- command.Wait() }()
	return run
}

// Signal sends a signal to the engine alone.
func (r *Running) Signal(signal syscall.Signal) {
	r.t.Helper()
	if err := r.command.Process.Signal(signal); err != nil {
		r.t.Fatal(err)
	}
}

// SignalGroup sends a signal to the engine and its providers, as a terminal or a CI runner does.
func (r *Running) SignalGroup(signal syscall.Signal) {
	r.t.Helper()
	if err := syscall.Kill(-r.command.Process.Pid, signal); err != nil {
		r.t.Fatal(err)
	}
}

// Wait waits for the engine to end, and kills it with its providers when that takes too long.
func (r *Running) Wait(limit time.Duration) Result {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var err error
	select {
	case err = <-r.done:
	case <-ctx.Done():
		killed := errors.Join(syscall.Kill(-r.command.Process.Pid, syscall.SIGKILL), <-r.done)
		r.t.Logf("killed: %v", killed)
		r.t.Fatalf("the engine did not end within %s:\n%s", limit, r.output)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	return Result{Code: r.command.ProcessState.ExitCode(), Output: r.output.String()}
}

// StateResource is a resource as the engine's state file has it.
type StateResource struct {
	Status     string         `json:"status"` // "tainted" or nothing
	Attributes map[string]any `json:"attributes"`
	Identity   map[string]any `json:"identity"`
}

// State is the state's resources by address; a counted one is "type.name[0]".
func (w *Workspace) State() map[string]StateResource {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var file struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []struct {
				StateResource
				IndexKey any `json:"index_key"`
			}
		}
	}
	if err := json.Unmarshal(content, &file); err != nil {
		w.t.Fatal(err)
	}
	resources := map[string]StateResource{}
	for _, r := range file.Resources {
		for _, instance := range r.Instances {
			address := r.Type + "." + r.Name
			if instance.IndexKey != nil {
				address += fmt.Sprintf("[%v]", instance.IndexKey)
			}
			if r.Mode == "managed" {
				resources[address] = instance.StateResource
			}
		}
	}
	return resources
}

// AwaitRequest returns once the cloud has been sent a request that fits: an event to act upon, not a time.
func (c *Cloud) AwaitRequest(t testing.TB, limit time.Duration, fits func(emulator.Request) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, request := range c.Journal() {
			if fits(request) {
				return
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("the request that the test waits for was not sent within %s", limit)
		}
	}
}
