package cloud

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"golang.org/x/sync/singleflight"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// SessionOptions are what a Session needs besides its settings.
type SessionOptions struct {
	// UserAgent goes before gophercloud's own in the header of every request, such as "terraform-provider-ims/1.0".
	UserAgent string
	// Transport carries every request. Nil: a pool of connections of the session's own, with the TLS settings and the
	// proxies of the environment. Given one, the TLS settings count for nothing.
	Transport http.RoundTripper
	// Now is the clock of signatures. Nil: the machine's.
	Now func() time.Time
}

// Session is the access to one project. It signs in at the first request, once for all callers, and again when its
// token has died. All methods can be called at the same time. Sessions share nothing.
type Session struct {
	settings   *settings.Settings
	userAgent  string
	credential credential
	home       *Session          // the one of which In made this one; nil if it was not
	plain      http.RoundTripper // carries requests as they are
	metadata   http.RoundTripper // carries those to the server's metadata service

	now    func() time.Time
	pause  func(ctx context.Context, d time.Duration) error
	jitter func() float64 // in [0,1)

	flight singleflight.Group
	mu     sync.Mutex
	state  *signedIn
	// nextRenewal is the earliest time to renew what has not expired yet.
	nextRenewal   time.Time
	secrets       []settings.Secret // that services sent
	passcodeToken settings.Secret   // the token that a passcode got: there will be no other
	// refusal is the definite refusal of the credentials. Asking again, from a hundred resources at once, would lock the
	// account.
	refusal error
}

// Scope is the project that a session is signed in to, and the way to its image service.
type Scope struct {
	ProjectID string
	// ProjectName is empty if nothing gave it: with an access key and a project's id.
	ProjectName string
	// Region is never empty.
	Region string
	// Endpoint is the image service's URL without a version, with a trailing slash.
	Endpoint string
	// BodyLimit is the most bytes that a request's body may have. 0: there is no limit.
	BodyLimit int64
}

// signedIn is the outcome of one sign-in; it does not change. A later sign-in makes a new one, so that the pointer
// says which token a request had.
type signedIn struct {
	client *gophercloud.ProviderClient
	scope  Scope
	// expires is when temporary keys die that can be renewed before. Zero: nothing to do until a refusal.
	expires time.Time
}

// Format hides the token: some verbs follow pointers.
func (*signedIn) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("cloud.signedIn")) }

// NewSession prepares a session and sends nothing.
func NewSession(resolved *settings.Settings, options SessionOptions) *Session {
	s := &Session{
		settings: resolved, userAgent: options.UserAgent, plain: options.Transport, metadata: options.Transport,
		now: options.Now, pause: pause, jitter: rand.Float64,
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.plain == nil {
		s.plain, s.metadata = newTransport(resolved.TLSConfig()), newMetadataTransport()
	}
	s.plain = &tracingTransport{next: s.plain}
	s.credential = s.newCredential()
	return s
}

// In prepares a session for the project of the name in another region (empty: the one that is named like the region),
// with the same credentials, and sends nothing. Hosts that are called after this session's region are called after
// the other one there.
func (s *Session) In(region, project string) *Session {
	other := &Session{
		settings: s.settings.In(s.region(), region, project), home: s, userAgent: s.userAgent,
		plain: s.plain, metadata: s.metadata, now: s.now, pause: s.pause, jitter: s.jitter,
	}
	other.credential = other.newCredential()
	return other
}

// region is the one in use or, before the first sign-in, the one configured, which may be none.
func (s *Session) region() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != nil {
		return s.state.scope.Region
	}
	return s.settings.Get(settings.Region)
}

// Connect signs in if that has not happened yet. Its errors are a *SignInError, or the context's; both wrap ErrNotSent.
func (s *Session) Connect(ctx context.Context) (*Scope, error) {
	state, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	scope := state.scope
	return &scope, nil
}

// Format hides what the session holds.
func (s *Session) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("cloud.Session")) }

// signs reports whether requests are signed, by this machine's clock.
func (s *Session) signs() bool { return s.settings.Has(settings.AccessKey, settings.ServerKeys) }
