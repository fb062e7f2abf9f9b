package cloud

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/sync/singleflight"
)

// signInLimit is the time that signing in may take, with all its requests and repetitions.
const signInLimit = 60 * time.Second

// SessionOptions are what a Session needs besides its Settings.
type SessionOptions struct {
	// UserAgent goes before gophercloud's own in the header of every request, such as "terraform-provider-ims/1.0".
	UserAgent string
	// Transport carries every request. Nil: a pool of connections of the session's own, with the TLS settings and the proxies of the
	// environment. Given one, the TLS settings count for nothing.
	Transport http.RoundTripper
	// Now is the clock of signatures. Nil: the machine's.
	Now func() time.Time
}

// Session is a way into one project. It signs in at the first request, once for all callers, and again when its token has died. All methods
// can be called at the same time. Sessions share nothing.
type Session struct {
	settings   *Settings
	userAgent  string
	credential credential
	home       *Session          // the one that this one was made of, to reach another region; nil if it was not
	plain      http.RoundTripper // carries requests as they are
	metadata   http.RoundTripper // carries those to the server's metadata service

	now    func() time.Time
	pause  func(ctx context.Context, d time.Duration) error
	jitter func() float64 // in [0,1)

	flight singleflight.Group
	mu     sync.Mutex
	state  *signedIn
	// again is the earliest time to renew what has not expired yet.
	again   time.Time
	learned []secret // secrets that services told
	kept    secret   // the token that a passcode got: there will be no other
	// refused is the definite refusal of the credentials. Asking again, from a hundred resources at once, would lock the account.
	refused error
}

// Scope is the project that a session is signed in to, and the way to its image service.
type Scope struct {
	ProjectID string
	// ProjectName is empty when nobody said it: with an access key and a project's id.
	ProjectName string
	// Region is never empty.
	Region string
	// Endpoint is the image service's URL without a version, with a trailing slash.
	Endpoint string
	// BodyLimit is the most bytes that a request's body may have. 0: there is no limit.
	BodyLimit int64
}

// signedIn is the outcome of one sign-in; it does not change. A later sign-in makes a new one, so that the pointer tells which token a
// request had.
type signedIn struct {
	client *gophercloud.ProviderClient
	scope  Scope
	// expires is when temporary keys die that can be renewed before. Zero: nothing to do until a refusal.
	expires time.Time
}

// Format hides the token: some verbs follow pointers.
func (*signedIn) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("cloud.signedIn")) }

// NewSession prepares a session and asks nobody anything.
func NewSession(settings *Settings, opts SessionOptions) *Session {
	s := &Session{settings: settings, userAgent: opts.UserAgent, plain: opts.Transport, now: opts.Now, pause: pause, jitter: rand.Float64}
	if s.now == nil {
		s.now = time.Now
	}
	s.metadata = opts.Transport
	if s.plain == nil {
		s.plain, s.metadata = newTransport(settings), newMetadataTransport()
	}
	s.plain = &tracingTransport{next: s.plain}
	s.credential = s.newCredential()
	return s
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

func (s *Session) connect(ctx context.Context) (*signedIn, error) {
	s.mu.Lock()
	state := s.state
	due := state != nil && s.due(state)
	s.mu.Unlock()
	if state == nil {
		return s.renew(ctx, nil)
	}
	if !due {
		return state, nil
	}
	fresh, err := s.renew(ctx, state)
	if err != nil && ctx.Err() == nil && s.now().Before(state.expires) {
		return state, nil // good for some minutes yet; the next attempt may succeed
	}
	return fresh, err
}

// Keys are renewed so long before they die, and at most so often.
const (
	renewBefore = 10 * time.Minute
	renewPause  = time.Minute
)

// due tells whether it is time to renew what has not been refused. The caller holds the lock.
func (s *Session) due(state *signedIn) bool {
	now := s.now()
	switch {
	case state.expires.IsZero() || now.Before(state.expires.Add(-renewBefore)):
		return false
	case now.Before(state.expires):
		return !now.Before(s.again)
	default:
		return true
	}
}

// renew returns a sign-in other than the dead one: one that another caller has made meanwhile, or a new one. All who call it while one is
// under way share it. It belongs to none of them: it goes on when a caller leaves, and each leaves as soon as its own context ends.
// gophercloud's own re-authentication runs on the context of whoever noticed first, and fails everybody with it; so ReauthFunc is not set.
func (s *Session) renew(ctx context.Context, dead *signedIn) (*signedIn, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, notSentError{err}
		}
		if state, err := s.known(dead); state != nil || err != nil {
			return state, err
		}
		done := s.flight.DoChan("sign in", func() (any, error) {
			if state, err := s.known(dead); state != nil || err != nil {
				return nil, err
			}
			own, cancel := context.WithTimeout(context.WithoutCancel(ctx), signInLimit)
			defer cancel()
			return nil, s.signIn(own)
		})
		select {
		case <-ctx.Done():
			return nil, notSentError{ctx.Err()}
		case result := <-done:
			if result.Err != nil {
				return nil, notSentError{result.Err}
			}
		}
	}
}

// known is what is settled: a sign-in other than the dead one, or a refusal.
func (s *Session) known(dead *signedIn) (*signedIn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != nil {
		return nil, notSentError{s.refused}
	}
	if s.state != dead {
		return s.state, nil
	}
	return nil, nil //nolint:nilnil // neither: the caller signs in
}

// signIn signs in and notes the outcome.
func (s *Session) signIn(ctx context.Context) error {
	start := time.Now()
	state, err := s.credential.signIn(ctx)
	fields := map[string]any{
		"way": s.settings.way.name, "sources": fmt.Sprint(s.settings.Sources()), "duration_ms": time.Since(start).Milliseconds(),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.again = s.now().Add(renewPause)
	if err != nil {
		var refusal *SignInError
		alive := s.state != nil && s.now().Before(s.state.expires)
		if errors.As(err, &refusal) && refusal.Definite && !alive {
			s.refused = err
		}
		tflog.Debug(ctx, "Unable to sign in", fields)
		return err
	}
	s.state = state
	fields["project_id"], fields["region"], fields["endpoint"] = state.scope.ProjectID, state.scope.Region, state.scope.Endpoint
	tflog.Debug(ctx, "Signed in", fields)
	return nil
}

// signs tells whether requests are signed, by this machine's clock.
func (s *Session) signs() bool { return given(s.settings.values, nameAccessKey, nameServerKeys) }

// learn notes secrets that a service told, for redact.
func (s *Session) learn(secrets ...secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.learned = append(s.learned, secrets...)
}

func (s *Session) keepToken(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = newSecret(id)
}

func (s *Session) keptToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept.reveal()
}

// newClient is a gophercloud client on a transport. It neither repeats nor re-authenticates on its own, and follows no redirect: the token
// would go along.
func (s *Session) newClient(transport http.RoundTripper) *gophercloud.ProviderClient {
	client := &gophercloud.ProviderClient{HTTPClient: http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if s.userAgent != "" {
		client.UserAgent.Prepend(s.userAgent)
	}
	client.UseTokenLock()
	return client
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
