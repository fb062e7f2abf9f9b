package ims

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// requestLimit is how long one request may take. Uploads are not bound by it.
const requestLimit = 60 * time.Second

// Session carries requests, signed in; [cloud.Session] is the one that matters.
type Session interface {
	// Connect signs in if need be and tells what was signed in to.
	Connect(ctx context.Context) (*cloud.Scope, error)
	// Do sends one request. It returns the response for every status; an error means that there was no answer.
	Do(ctx context.Context, req *cloud.Request) (*http.Response, error)
}

// Clock is the time that waits and backoffs go by. Tests give one that steps.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or with the context's error once that ends.
	Sleep(ctx context.Context, d time.Duration) error
}

// Options tune a [Client]. The zero value is what users get who say nothing.
type Options struct {
	// MaxRetries is how often a safe request is sent again after a passing failure. Negative: never. 0: DefaultMaxRetries.
	MaxRetries int
	// RequestsPerSecond is the most requests a second, on average. 0: DefaultRequestsPerSecond.
	RequestsPerSecond float64
	// Clock is nil for the wall clock.
	Clock Clock
	// Elsewhere gives the way into a project of another region; nil where there is none.
	Elsewhere func(region, project string) Session
}

// Defaults of [Options].
const (
	DefaultMaxRetries        = 5
	DefaultRequestsPerSecond = 10
)

// Client calls IMS. It is safe for concurrent use, and one client serves a whole provider: its limits are shared.
type Client struct {
	session    Session
	options    Options
	clock      Clock
	maxRetries int
	limit      *limiter

	stallLimit, storeLimit time.Duration // of uploads

	mu     sync.Mutex
	skew   *time.Duration      // the server's clock less ours, of the last answer; nil before the first
	blind  map[int64]time.Time // our time of what Now told before the first answer, by what it told
	made   map[string]struct{} // ids of the images this process has made or adopted
	making map[string]int      // how many requests for an image of a name are under way
	lookup chan struct{}       // one place: one search for a lost answer at a time

	elsewhere map[place]*Client // the clients of other regions
	home      *Client           // of a client of another region: the one that it was made by
}

// New returns a client that sends through session.
func New(session Session, options Options) *Client {
	clock := options.Clock
	if clock == nil {
		clock = wallClock{}
	}
	retries := options.MaxRetries
	switch {
	case retries == 0:
		retries = DefaultMaxRetries
	case retries < 0:
		retries = 0
	}
	perSecond := options.RequestsPerSecond
	if perSecond <= 0 {
		perSecond = DefaultRequestsPerSecond
	}
	return &Client{
		session:    session,
		options:    options,
		clock:      clock,
		maxRetries: retries,
		limit:      newLimiter(clock, perSecond),
		stallLimit: stallLimit,
		storeLimit: storeLimit,
		blind:      map[int64]time.Time{},
		made:       map[string]struct{}{},
		making:     map[string]int{},
		lookup:     make(chan struct{}, 1),
		elsewhere:  map[place]*Client{},
	}
}

// Scope tells the project and region that the client works in, signing in if need be.
func (c *Client) Scope(ctx context.Context) (*cloud.Scope, error) {
	return c.session.Connect(ctx)
}

// largestSkew is how far clocks may be apart before a gateway refuses (API gateway, signing guide).
const largestSkew = 15 * time.Minute

// Now is a moment that the server's clock has surely reached, as near to its time as its answers so far tell.
func (c *Client) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	if c.skew == nil {
		told := now.Add(-largestSkew)
		c.blind[told.UnixNano()] = now
		return told
	}
	return now.Add(*c.skew)
}

// corrected is a moment that Now told, as Now would tell it with what is known since of the server's clock.
func (c *Client) corrected(told time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ours, blind := c.blind[told.UnixNano()]
	if !blind || c.skew == nil {
		return told
	}
	return ours.Add(*c.skew)
}

// class says when a request may be sent again.
type class int

const (
	// safe requests have the same effect however often they are sent.
	safe class = iota
	// startsJob requests make something each time: they are sent again only when they were surely refused or never sent.
	startsJob
)

// call describes one request.
type call struct {
	operation string // what it does, for logs and errors: "read image"
	class     class
	list      bool // asks for a list: a 404 says that the address is wrong, not that something is gone
	method    string
	path      string // below the endpoint, no slash in front
	query     url.Values
	header    http.Header
	body      any // encoded as JSON; nil for none
}

// answer is a response read to its end.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	requestID string
}

// do sends a call as often as its class allows and decodes the answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, call call, out any) error {
	var body []byte
	if call.body != nil {
		var err error
		if body, err = json.Marshal(call.body); err != nil {
			return fmt.Errorf("%s: encoding the request: %w", call.operation, err)
		}
	}
	retry := c.newRetry(call)
	for {
		if err := c.limit.wait(ctx, givesWay(ctx)); err != nil {
			return retry.interrupted(err)
		}
		got, err := c.send(ctx, call, body)
		if err == nil {
			if out == nil {
				return nil
			}
			return decode(call, got, out)
		}
		pause, again := retry.after(err)
		if !again {
			return c.withFigures(ctx, call, err)
		}
		tflog.Debug(ctx, "IMS request will be sent again", map[string]any{
			"operation": call.operation, "pause": pause.String(), "error": err.Error(),
		})
		if isRateLimit(err) {
			c.limit.hold(pause)
		}
		if err := c.clock.Sleep(ctx, pause); err != nil {
			return retry.interrupted(err)
		}
	}
}

// send sends a call once. Any answer that is not 2xx is an [*Error].
func (c *Client) send(ctx context.Context, call call, body []byte) (*answer, error) {
	limited := ctx
	if call.class == startsJob {
		// A cancellation now would lose the job's id and with it the image.
		limited = context.WithoutCancel(ctx)
	}
	limited, stop := context.WithTimeout(limited, requestLimit)
	defer stop()

	header := call.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Accept", "application/json")
	if body != nil && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	start := time.Now()
	response, err := c.session.Do(limited, &cloud.Request{
		Method: call.method, Path: call.path, Query: call.query, Header: header, Body: body,
	})
	if err != nil {
		logRequest(ctx, call, start, nil, err)
		if ctx.Err() != nil && call.class == safe {
			return nil, fmt.Errorf("%s: %w", call.operation, ctx.Err())
		}
		return nil, &transportError{operation: call.operation, err: err}
	}
	got, err := c.read(response)
	logRequest(ctx, call, start, got, err)
	if err != nil {
		return nil, &transportError{operation: call.operation, err: err}
	}
	if got.status < 200 || got.status > 299 {
		failure := newError(call.operation, got, c.clock.Now())
		failure.list = call.list
		return nil, failure
	}
	return got, nil
}

// read takes a response to its end, so that its connection is used again, and learns the server's time from it.
func (c *Client) read(response *http.Response) (*answer, error) {
	body, err := io.ReadAll(response.Body)
	if closeErr := response.Body.Close(); err == nil {
		err = closeErr
	}
	got := &answer{status: response.StatusCode, header: response.Header, body: body, requestID: requestID(response.Header)}
	if date, dateErr := http.ParseTime(response.Header.Get("Date")); dateErr == nil {
		c.mu.Lock()
		skew := date.Sub(c.clock.Now())
		c.skew = &skew
		c.mu.Unlock()
	}
	return got, err
}

func decode(call call, got *answer, out any) error {
	decoder := json.NewDecoder(bytes.NewReader(got.body))
	if err := decoder.Decode(out); err != nil {
		return &Error{
			Operation: call.operation, Status: got.status, RequestID: got.requestID,
			Message: fmt.Sprintf("the answer is not what the API reference documents: %v", err), list: call.list, err: err,
		}
	}
	return nil
}

func logRequest(ctx context.Context, call call, start time.Time, got *answer, err error) {
	fields := map[string]any{
		"operation": call.operation, "method": call.method, "path": call.path, "duration_ms": time.Since(start).Milliseconds(),
	}
	if got != nil {
		fields["status"] = got.status
		fields["request_id"] = got.requestID
	}
	if err != nil {
		fields["error"] = err.Error()
	}
	tflog.Debug(ctx, "IMS request", fields)
}

// requestID is the id the service gave the request, which its support asks for.
func requestID(header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Openstack-Request-Id"} {
		if id := header.Get(name); id != "" {
			return id
		}
	}
	return ""
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// transportError is a request that got no answer, or not all of it.
type transportError struct {
	operation string
	err       error
}

func (e *transportError) Error() string { return e.operation + ": " + e.err.Error() }
func (e *transportError) Unwrap() error { return e.err }

// NotSent tells whether the request surely never reached the service.
func NotSent(err error) bool { return errors.Is(err, cloud.ErrNotSent) }
