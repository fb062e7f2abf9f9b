package acctest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// InterruptAt applies a configuration, and interrupts that when the first request comes that fits. It fails the test
// unless the resource is kept, with a warning.
func (m *Managed) InterruptAt(cloud *Cloud, arguments map[string]any, fits func(emulator.Request) bool) {
	m.t.Helper()
	ctx, interrupt := context.WithCancel(m.t.Context())
	defer interrupt()
	cloud.OnRequest(fits, interrupt)
	said := m.Apply(ctx, arguments)
	if len(said) != 1 || !strings.HasPrefix(said[0], "WARNING Interrupted") || m.State.IsNull() || m.Tainted {
		m.t.Fatalf("the interrupted apply ended with %q; the state is %v", said, m.State)
	}
}

// ExpireAt applies a configuration whose time is up when the first request comes that fits. It returns the diagnostics.
func (m *Managed) ExpireAt(cloud *Cloud, arguments map[string]any, fits func(emulator.Request) bool) []string {
	m.t.Helper()
	ctx, expire := Deadline(m.t)
	cloud.OnRequest(fits, expire)
	return m.Apply(ctx, arguments)
}

// Deadline is a context whose time is up once expire is called: what `timeouts` do, as an event.
func Deadline(t testing.TB) (ctx context.Context, expire func()) {
	t.Helper()
	d := &deadline{Context: t.Context(), expired: make(chan struct{})}
	return d, sync.OnceFunc(func() { close(d.expired) })
}

type deadline struct {
	context.Context //nolint:containedctx // it is one itself
	expired         chan struct{}
}

func (d *deadline) Deadline() (time.Time, bool) { return time.Time{}, false }

func (d *deadline) Done() <-chan struct{} { return d.expired }

func (d *deadline) Err() error {
	select {
	case <-d.expired:
		return context.DeadlineExceeded
	default:
		return nil
	}
}
