package acctest

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// interruptedRun makes this test binary the one that is interrupted.
const interruptedRun = "IMS_TEST_INTERRUPTED_RUN"

// TestInterruptedRun: however a test run ends, what it started ends with it. A run is this binary under a shell, in the
// place of `go test`; what it starts is a shell with a child of its own, in the place of an engine with a provider. All
// of them hold one pipe, which comes to its end with the last of them.
func TestInterruptedRun(t *testing.T) {
	t.Parallel()
	if os.Getenv(interruptedRun) != "" {
		runUntilInterrupted(t)
		return
	}
	for name, test := range map[string]struct {
		timeout   string
		interrupt func(shell, binary int) error
	}{
		"Ctrl-C":                {interrupt: func(shell, _ int) error { return syscall.Kill(-shell, syscall.SIGINT) }},
		"SIGTERM to all":        {interrupt: func(shell, _ int) error { return syscall.Kill(-shell, syscall.SIGTERM) }},
		"SIGTERM to go test":    {interrupt: func(shell, _ int) error { return syscall.Kill(shell, syscall.SIGTERM) }},
		"SIGKILL to go test":    {interrupt: func(shell, _ int) error { return syscall.Kill(shell, syscall.SIGKILL) }},
		"SIGKILL to the binary": {interrupt: func(_, binary int) error { return syscall.Kill(binary, syscall.SIGKILL) }},
		"timeout":               {timeout: "1s", interrupt: func(int, int) error { return nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := exec.Command(
				"sh", "-c", `"$@"; :`, "sh", os.Args[0], "-test.run=^TestInterruptedRun$",
				"-test.timeout="+cmp.Or(test.timeout, "0"),
			)
			run.Env = append(os.Environ(), interruptedRun+"=1")
			run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			all, held, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			run.ExtraFiles = []*os.File{held}
			if err := errors.Join(run.Start(), held.Close(), all.SetReadDeadline(time.Now().Add(patience))); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = run.Wait() }) // it was killed

			reader := bufio.NewReader(all)
			var binary, started int
			if _, err := fmt.Fscanln(reader, &binary, &started); err != nil {
				t.Fatal(err)
			}
			if err := test.interrupt(run.Process.Pid, binary); err != nil {
				t.Error(err)
			}
			if _, err := io.Copy(io.Discard, reader); err != nil {
				t.Errorf("something did not end: %v", err)
				_ = syscall.Kill(-started, syscall.SIGKILL)
				_ = syscall.Kill(-run.Process.Pid, syscall.SIGKILL)
			}
		})
	}
}

// runUntilInterrupted starts a group that an interrupt does not end. It prints this process's id and the group's into
// the pipe.
func runUntilInterrupted(t *testing.T) {
	t.Helper()
	endWithParent()
	pipe := os.NewFile(3, "pipe")
	command := exec.Command("sh", "-c", `trap "" HUP INT TERM; sleep 1000 & wait`)
	command.ExtraFiles = []*os.File{pipe}
	g, err := startGroup(command)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(pipe, os.Getpid(), g.id()); err != nil {
		t.Error(err)
	}
	t.Error(g.wait())
}
