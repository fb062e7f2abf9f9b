package acctest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// PeakMemory watches the providers that a run starts until the run has ended. It returns the most memory that one of
// them ever had resident, in bytes; 0 where the system does not tell.
func (r *Running) PeakMemory() int64 {
	r.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var peak int64
	for {
		select {
		case err := <-r.done:
			r.done <- err
			return peak
		case <-tick.C:
			names, _ := filepath.Glob("/proc/[0-9]*/status")
			for _, name := range names {
				peak = max(peak, r.residentPeak(name))
			}
		}
	}
}

// residentPeak is what a process had resident at most, if it is a provider of the run. The file is one of Linux's.
func (r *Running) residentPeak(statusFile string) int64 {
	pid, err := strconv.Atoi(filepath.Base(filepath.Dir(statusFile)))
	if err != nil {
		return 0
	}
	if id, err := syscall.Getpgid(pid); err != nil || id != r.group.id() {
		return 0
	}
	status, err := os.ReadFile(statusFile)
	if err != nil || !strings.HasPrefix(string(status), "Name:\tterraform-provi") { // the system cuts names
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	value, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kilobytes, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}
