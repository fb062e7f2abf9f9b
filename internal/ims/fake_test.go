package ims

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

const (
	project = "0b1e494e2660441a957313163095fe5c"
	imageID = "33ad552d-1149-471c-8190-ff6776174a00"
	jobID   = "8a12fc664fb4daa3014fb4e581380005"
)

// reaction is what a session does with one request.
type reaction func(ctx context.Context, req *cloud.Request) (*http.Response, error)

// sent is a request as a session got it.
type sent struct {
	*cloud.Request
	at time.Time
}

// fakeSession reacts to requests one after the other as its script says; the last reaction goes on for ever. It is a
// failure of the test when a body it gave out was not read to its end and closed.
type fakeSession struct {
	t      *testing.T
	script []reaction
	// connect, if set, is what Connect fails with.
	connect func() error

	mu       sync.Mutex
	requests []sent
	bodies   []*watchedBody
}

func newSession(t *testing.T, script ...reaction) *fakeSession {
	t.Helper()
	s := &fakeSession{t: t, script: script}
	t.Cleanup(func() {
		for _, body := range s.bodies {
			if !body.ended || !body.closed {
				t.Errorf(
					"A body was left: read to its end %t, closed %t. Its connection cannot be used again.", body.ended, body.closed,
				)
			}
		}
	})
	return s
}

func (s *fakeSession) Connect(context.Context) (*cloud.Scope, error) {
	if s.connect != nil {
		if err := s.connect(); err != nil {
			return nil, err
		}
	}
	return &cloud.Scope{ProjectID: project, Region: "eu-de"}, nil
}

func (s *fakeSession) Do(ctx context.Context, req *cloud.Request) (*http.Response, error) {
	s.mu.Lock()
	next := s.script[min(len(s.requests), len(s.script)-1)]
	s.requests = append(s.requests, sent{req, time.Now()})
	s.mu.Unlock()
	response, err := next(ctx, req)
	if response != nil {
		body := &watchedBody{Reader: response.Body}
		response.Body = body
		s.mu.Lock()
		s.bodies = append(s.bodies, body)
		s.mu.Unlock()
	}
	return response, err
}

// count is how many requests came.
func (s *fakeSession) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// pauses are the times between the requests.
func (s *fakeSession) pauses() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var pauses []time.Duration
	for i := 1; i < len(s.requests); i++ {
		pauses = append(pauses, s.requests[i].at.Sub(s.requests[i-1].at))
	}
	return pauses
}

type watchedBody struct {
	io.Reader
	ended, closed bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil {
		b.ended = true
	}
	return n, err
}

func (b *watchedBody) Close() error {
	b.closed = true
	return nil
}

// reply answers; headers are names and values in turn.
func reply(status int, body string, headers ...string) reaction {
	return func(context.Context, *cloud.Request) (*http.Response, error) {
		header := http.Header{}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

// refusal is the service's answer with a code of its own.
func refusal(status int, code string, headers ...string) reaction {
	if strings.HasPrefix(code, "APIGW.") {
		return reply(status, fmt.Sprintf(`{"error_code":%q,"error_msg":"so says the gateway"}`, code), headers...)
	}
	return reply(status, fmt.Sprintf(`{"error":{"code":%q,"message":"so says the service"}}`, code), headers...)
}

// fails gives no answer.
func fails(err error) reaction {
	return func(context.Context, *cloud.Request) (*http.Response, error) { return nil, err }
}

// truncated answers 200 and breaks the connection within the body.
func truncated(body string) reaction {
	return func(context.Context, *cloud.Request) (*http.Response, error) {
		reader := io.MultiReader(strings.NewReader(body), brokenReader{})
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(reader)}, nil
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// hangs answers only when the request's context ends.
func hangs(ctx context.Context, _ *cloud.Request) (*http.Response, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

var (
	errReset   = errors.New("read: connection reset by peer")
	errNotSent = fmt.Errorf("dial tcp: connection refused: %w", cloud.ErrNotSent)
)

// listed is a page of images, each given by its fields on the wire.
func listed(images ...map[string]any) string {
	if images == nil {
		images = []map[string]any{}
	}
	return encoded(map[string]any{"images": images})
}

func encoded(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func activeImage(id string) map[string]any { return map[string]any{"id": id, "status": "active"} }

// steppingClock is a clock that moves on at once when somebody sleeps.
type steppingClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func (c *steppingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *steppingClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}
