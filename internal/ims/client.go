package ims

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// Session carries requests, signed in; [cloud.Session] is the one that matters.
type Session interface {
	// Connect signs in if need be and tells what was signed in to.
	Connect(ctx context.Context) (*cloud.Scope, error)
	// Do sends one request. It returns the response for every status; an error means that there was no answer.
	Do(ctx context.Context, req *cloud.Request) (*http.Response, error)
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
	claims claims              // what the shares that this process has made want

	onlyProgress atomic.Bool // the cloud offers no other read of jobs than that of their progress
	grantedOnly  atomic.Bool // the user sees only what is in enterprise projects: reads have to say so

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
