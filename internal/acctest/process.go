package acctest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

// group is a command and whatever it starts, in a process group of their own that does not outlive this process,
// however that ends: by a signal, a panic, or because its time is up.
//
// The group's first member is a guard, which waits for the end of a pipe that this process holds open. The system
// closes it with the process. (A death signal of the parent, Pdeathsig, would not do: it is lost on what the command
// starts, and comes when the thread ends that started it.)
type group struct {
	command *exec.Cmd
	guard   *exec.Cmd
	hold    io.Closer
}

// The guard outlives the signals that a group gets, and ends with all others.
const guardScript = `trap "" HUP INT TERM; read -r _; kill -KILL 0`

// startGroup starts a command.
func startGroup(command *exec.Cmd) (*group, error) {
	guard := exec.Command("sh", "-c", guardScript)
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	hold, err := guard.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := guard.Start(); err != nil {
		return nil, fmt.Errorf("starting the guard of a process group: %w", err)
	}
	g := &group{command: command, guard: guard, hold: hold}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: g.id()}
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, g.release())
	}
	return g, nil
}

func (g *group) id() int { return g.guard.Process.Pid }

// signal sends a signal to all of the group.
func (g *group) signal(signal syscall.Signal) error { return syscall.Kill(-g.id(), signal) }

// wait waits for the command to end, and ends what it left.
func (g *group) wait() error {
	ended := g.command.Wait()
	if err := g.release(); err != nil {
		return err
	}
	return ended
}

// release lets the guard end the group.
func (g *group) release() error {
	if err := g.hold.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	var killed *exec.ExitError
	if err := g.guard.Wait(); !errors.As(err, &killed) {
		return fmt.Errorf("the guard of a process group ended by itself: %w", err)
	}
	return nil
}

// endWithParent ends this process when its parent is gone: a `go test` that is killed leaves its test binaries to
// themselves.
var endWithParent = sync.OnceFunc(func() {
	parent := os.Getppid()
	go func() {
		for range time.Tick(time.Second) {
			if os.Getppid() != parent {
				fmt.Fprintln(os.Stderr, "The process that started this test is gone.")
				os.Exit(1)
			}
		}
	}()
})

// garbagePercent is for processes that end soon, as engines and tests do: to collect garbage rarely saves a third of
// their
// time.
const garbagePercent = 400

var collectRarely = sync.OnceFunc(func() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
})
