package acctest

import (
	"context"
	"sync"
	"testing"
	"time"
)

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
