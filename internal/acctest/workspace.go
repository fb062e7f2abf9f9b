package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Workspace is a folder with a configuration, in which the real engine runs.
type Workspace struct {
	Dir string

	provider func() []string // the variables by which an engine finds the provider
	standsIn []string        // further providers that it stands in for, as "namespace/name"
	cloud    *Cloud
	t        testing.TB
}

// Result is what a run of the engine left behind.
type Result struct {
	Code   int
	Output string
}

// Expect fails the test unless the run printed the words, with whatever breaks between them.
func (r Result) Expect(t testing.TB, words ...string) {
	t.Helper()
	output := strings.Join(strings.Fields(strings.ReplaceAll(r.Output, "│", "")), " ")
	for _, each := range words {
		if !strings.Contains(output, each) {
			t.Errorf("the engine (code %d) does not say %q:\n%s", r.Code, each, r.Output)
		}
	}
}

// Workspace makes a folder for runs with the built provider, for what only a process of its own can show. It waits by
// the wall clock: see [Cloud.AdvanceUntil].
func (c *Cloud) Workspace(t testing.TB) *Workspace {
	t.Helper()
	w := c.Attached(t)
	built, err := builtProvider()
	if err != nil {
		t.Fatal(err)
	}
	overrides := ""
	for _, host := range registries {
		overrides += fmt.Sprintf("    \"%s/%s\" = %q\n", host, sourceAddress, built)
	}
	w.write("dev.tfrc", "provider_installation {\n  dev_overrides {\n"+overrides+"  }\n  direct {}\n}\n")
	w.provider = func() []string { return []string{"TF_CLI_CONFIG_FILE=" + filepath.Join(w.Dir, "dev.tfrc")} }
	return w
}

// Attached makes a folder for runs with the provider of this process, whose waits move the cloud's clock on. Engines
// attach to it: that takes a third of what it takes to start it, and all of a configuration's provider blocks are one.
func (c *Cloud) Attached(t testing.TB) *Workspace {
	t.Helper()
	Engine(t)
	w := &Workspace{Dir: t.TempDir(), cloud: c, t: t}
	reach := sync.OnceValue(func() attachable { return c.attach(t) })
	w.provider = func() []string {
		return []string{
			"TF_CLI_CONFIG_FILE=" + os.DevNull, reach().variable(t, append([]string{sourceAddress}, w.standsIn...)),
		}
	}
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
	return w.Start(extra, arguments...).Wait()
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
	group  *group
	output *bytes.Buffer
	done   chan error
	t      testing.TB
}

// Start starts the engine in a process group of its own.
func (w *Workspace) Start(extra []string, arguments ...string) *Running {
	w.t.Helper()
	command := exec.Command(Engine(w.t), arguments...)
	command.Dir = w.Dir
	for _, variable := range os.Environ() {
		// Nothing that the environment knows of a real cloud may take part.
		if name, _, _ := strings.Cut(variable, "="); !strings.HasPrefix(name, "OS_") && !strings.HasPrefix(name, "TF_") {
			command.Env = append(command.Env, variable)
		}
	}
	command.Env = append(append(command.Env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"), w.provider()...)
	command.Env = append(command.Env, extra...)
	run := &Running{output: &bytes.Buffer{}, done: make(chan error, 1), t: w.t}
	command.Stdout, command.Stderr = run.output, run.output

	var err error
	if run.group, err = startGroup(command); err != nil {
		w.t.Fatal(err)
	}
	go func() { run.done <- run.group.wait() }()
	return run
}

// Signal sends a signal to the engine alone.
func (r *Running) Signal(signal syscall.Signal) {
	r.t.Helper()
	if err := r.group.command.Process.Signal(signal); err != nil {
		r.t.Fatal(err)
	}
}

// SignalGroup sends a signal to the engine and its providers, as a terminal or a CI runner does.
func (r *Running) SignalGroup(signal syscall.Signal) {
	r.t.Helper()
	if err := r.group.signal(signal); err != nil {
		r.t.Fatal(err)
	}
}

// patience is how long a test waits for what should happen soon. On a quiet machine it does; no test depends on that.
const patience = 5 * time.Minute

// Wait waits for the engine to end, and kills it with its providers when that takes too long.
func (r *Running) Wait() Result {
	r.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	var err error
	select {
	case err = <-r.done:
	case <-limit.C:
		killed := errors.Join(r.group.signal(syscall.SIGKILL), <-r.done)
		r.t.Logf("killed: %v", killed)
		r.t.Fatalf("the engine did not end within %s:\n%s", patience, r.output)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	return Result{Code: r.group.command.ProcessState.ExitCode(), Output: r.output.String()}
}

// Logged are the variables of a run that logs what its providers are asked, for [Workspace.AwaitLog].
func (w *Workspace) Logged() []string {
	return []string{"TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + w.log()}
}

func (w *Workspace) log() string { return filepath.Join(w.Dir, "run.log") }

// AwaitLog waits until a line of the log has all of the words.
func (w *Workspace) AwaitLog(words ...string) {
	w.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		content, err := os.ReadFile(w.log())
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			w.t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(line, word) }) {
				return
			}
		}
		select {
		case <-tick.C:
		case <-limit.C:
			w.t.Fatalf("no line of the log has %q:\n%s", words, content)
		}
	}
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

// Output is the list that the state has as the output of that name.
func (w *Workspace) Output(name string) []any {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	if err != nil {
		w.t.Fatal(err)
	}
	var file struct {
		Outputs map[string]struct{ Value []any }
	}
	if err := json.Unmarshal(content, &file); err != nil {
		w.t.Fatal(err)
	}
	return file.Outputs[name].Value
}
