package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Emulator is an http.Handler that serves Keystone under /v3 and IMS at the root. Every URL it tells derives from the
// request's Host, so it works on any port. It is safe for concurrent use.
type Emulator struct {
	options Options
	clock   Clock
	limiter *rate.Limiter // nil: no limit
	closed  chan struct{}
	closing sync.Once

	mu        sync.Mutex // guards everything below
	world     *world
	passwords map[string]string          // by user id
	passcodes map[string]map[string]bool // those left, by user id; a user without an entry needs none
	keys      map[string]accessKey
	// metadataTokens are those of the metadata service, with the time they end.
	metadataTokens map[string]time.Time
	rules          []*rule
	told           []string // the secrets given out: tokens, and the secrets of keys
	journal        []*Request
	watchers       []watcher
	saveErr        error
}

// New makes an emulator. With a StateFile that exists, what was in it exists again.
func New(options Options) (*Emulator, error) {
	if options.Clock == nil {
		options.Clock = wallClock{}
	}
	if options.JobDuration == 0 {
		options.JobDuration = 5 * time.Second
	}
	if options.TokenLifetime == 0 {
		options.TokenLifetime = 24 * time.Hour
	}
	if options.ImageQuota == 0 {
		options.ImageQuota = 100
	}
	e := &Emulator{
		options: options, clock: options.Clock, closed: make(chan struct{}),
		world: newWorld(), passwords: map[string]string{}, keys: map[string]accessKey{},
		passcodes: map[string]map[string]bool{}, metadataTokens: map[string]time.Time{},
	}
	if options.Rate > 0 {
		e.limiter = rate.NewLimiter(rate.Limit(options.Rate), max(1, int(math.Ceil(options.Rate))))
	}
	for _, t := range tenants() {
		e.passwords[t.UserID] = t.Password
		e.keys[t.AccessKey] = accessKey{tenant: t, secret: t.SecretKey}
	}
	for _, fault := range options.Faults {
		e.Inject(fault)
	}
	if err := e.load(); err != nil {
		return nil, fmt.Errorf("loading the emulator's state: %w", err)
	}
	return e, nil
}

// Close ends every pause, and saves the state for the last time.
func (e *Emulator) Close() error {
	e.closing.Do(func() { close(e.closed) })
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	e.save()
	return e.saveErr
}

// errDropped ends a request by closing its connection.
var errDropped = errors.New("connection dropped by a fault")

// ServeHTTP answers a request.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := e.receive(r)
	got, err := e.serve(r.Context(), c)
	if errors.Is(err, errDropped) || c.fault.DropAnswer {
		e.finish(c, 0, err)
		hangUp(w)
		return
	}
	if err != nil {
		got = answerOf(err, r)
	}
	header := w.Header()
	header.Set("Date", e.clock.Now().UTC().Format(http.TimeFormat))
	if !e.options.Switches.NoRequestID {
		header.Set("X-Request-Id", c.entry.RequestID)
	}
	got = e.translate(c, got)
	e.finish(c, got.status, err)
	got.write(w)
}

// serve does what the request asks for, or what a fault makes of it.
func (e *Emulator) serve(ctx context.Context, c *call) (answer, error) {
	if c.fault.Drop {
		return answer{}, errDropped
	}
	if err := c.read(e); err != nil {
		return answer{}, err
	}
	e.pause(ctx, c)
	if c.fault.Status != 0 {
		return answer{}, c.fault.refusal()
	}
	if retryAfter, ok := e.throttle(); !ok {
		return answer{}, throttled(retryAfter)
	}
	if c.route == nil {
		return answer{}, noSuchAPI()
	}
	if err := e.checkOffered(c); err != nil {
		return answer{}, err
	}
	if c.route.streams {
		// The lock must not be held while a client sends its file.
		return c.route.handle(e, c)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	if err := e.signIn(c); err != nil {
		return answer{}, err
	}
	if err := e.checkRights(c); err != nil {
		return answer{}, err
	}
	got, err := c.route.handle(e, c)
	if c.request.Method != http.MethodGet {
		e.save()
	}
	return got, err
}

// throttle tells whether the rate allows a request now, and otherwise when it will, in seconds.
func (e *Emulator) throttle() (retryAfter string, ok bool) {
	if e.limiter == nil {
		return "", true
	}
	now := e.clock.Now()
	reservation := e.limiter.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait == 0 {
		return "", true
	}
	reservation.CancelAt(now)
	return strconv.Itoa(int(math.Ceil(wait.Seconds()))), false
}

// pause ends early when the client has gone, the fault is removed or the emulator closes. The request is served all the
// same, as a service would that has received it; only an upload is looked after to its end.
func (e *Emulator) pause(ctx context.Context, c *call) {
	length := e.options.Latency + c.fault.Delay
	if length <= 0 {
		return
	}
	if c.route != nil && c.route.streams {
		c.peek()
	}
	select {
	case <-e.clock.After(length):
	case <-c.removed:
	case <-ctx.Done():
	case <-e.closed:
	}
}

func hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if err := connection.Close(); err != nil {
		slog.Debug("closing a dropped connection", "error", err)
	}
}

// The longest body of a request that is no file, and the longest of any signed one (the gateway's limit).
const (
	longestBody       = 1 << 20
	longestSignedBody = 12 << 20
)

// readBody reads a body up to a limit.
func readBody(body io.Reader, limit int64) ([]byte, error) {
	read, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, gateway(http.StatusBadRequest, gatewayTooLarge, "The request body could not be read")
	}
	if int64(len(read)) > limit {
		return nil, gateway(http.StatusRequestEntityTooLarge, gatewayTooLarge, "Request entity too large")
	}
	return read, nil
}
