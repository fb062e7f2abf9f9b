package cloud

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
)

// post is a request that must not be repeated unless it was surely not sent.
var post = &Request{Method: http.MethodPost, Path: "v2/x", Body: []byte("{}")}

// connected is a session that has signed in, and its cloud.
func connected(t *testing.T) (*fakeCloud, *Session) {
	t.Helper()
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	if _, err := s.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f, s
}

// expectNotSent fails the test unless there is an error, with ErrNotSent or without.
func expectNotSent(t *testing.T, err error, want bool) {
	t.Helper()
	if err == nil || errors.Is(err, ErrNotSent) != want {
		t.Errorf("ErrNotSent should be %t of: %v", want, err)
	}
}

func TestErrNotSent(t *testing.T) {
	t.Run("nobody listens", func(t *testing.T) {
		_, s := connected(t)
		gone := httptest.NewServer(nil)
		gone.Close()
		s.state.scope.Endpoint = gone.URL + "/"
		expectNotSent(t, send(t.Context(), s, post), true)
	})
	t.Run("the server's certificate is unknown", func(t *testing.T) {
		f, s := connected(t)
		server := newTLSServer(t)
		s.state.scope.Endpoint = server.URL + "/"
		expectNotSent(t, send(t.Context(), s, post), true)
		if f.count("POST /v2") != 0 {
			t.Error("sent elsewhere")
		}
	})
	t.Run("a bad request", func(t *testing.T) {
		_, s := connected(t)
		for _, bad := range []*Request{
			{Method: "GE T", Path: "v2/x"},
			{Method: http.MethodGet, Path: "v2/x?y=1"},
			{Method: http.MethodPost, Path: "v2/x", Body: []byte("a"), Stream: strings.NewReader("b")},
		} {
			expectNotSent(t, send(t.Context(), s, bad), true)
		}
	})
	t.Run("signing in is not the request", func(t *testing.T) {
		f := newFakeCloud(t)
		s := session(t, f.byPassword())
		var dialed atomic.Int32
		inner := s.plain
		s.plain = &tracingTransport{next: roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.Path, "/v3/") {
				return inner.RoundTrip(r)
			}
			dialed.Add(1)
			httptrace.ContextClientTrace(r.Context()).GetConn("")
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		})}
		expectNotSent(t, send(t.Context(), s, post), true)
		if dialed.Load() != 1 {
			t.Errorf("%d dials", dialed.Load())
		}
	})
}

func TestPerhapsSent(t *testing.T) {
	t.Run("the kept connection has died", func(t *testing.T) {
		f, s := connected(t)
		f.CloseClientConnections()
		if err := send(t.Context(), s, post); err != nil {
			// The server's end of the connection may be noticed only after the request was written.
			expectNotSent(t, err, false)
		}
	})
	t.Run("the server leaves after reading", func(t *testing.T) {
		f, s := connected(t)
		f.image = func(w http.ResponseWriter, _ *http.Request) { dropConnection(w) }
		expectNotSent(t, send(t.Context(), s, post), false)
	})
	t.Run("the context ends while the server works", func(t *testing.T) {
		f, s := connected(t)
		ctx, cancel := context.WithCancel(t.Context())
		f.image = func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
		err := send(ctx, s, post)
		expectNotSent(t, err, false)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// net/http takes another connection when one that it kept turns out dead before anything was written. What was noted
// of the first one must go.
func TestNotSentAfterADeadConnection(t *testing.T) {
	for name, test := range map[string]struct {
		hooks func(*httptrace.ClientTrace)
		want  bool
	}{
		"no connection": {func(h *httptrace.ClientTrace) { h.GetConn("") }, true},
		"a connection": {
			func(h *httptrace.ClientTrace) { h.GetConn(""); h.GotConn(httptrace.GotConnInfo{}) }, false,
		},
		"a dead one, then no other": {
			func(h *httptrace.ClientTrace) { h.GetConn(""); h.GotConn(httptrace.GotConnInfo{}); h.GetConn("") }, true,
		},
		"nothing is known": {func(*httptrace.ClientTrace) {}, false},
	} {
		t.Run(name, func(t *testing.T) {
			trace := &requestTrace{}
			transport := &tracingTransport{next: roundTripper(func(r *http.Request) (*http.Response, error) {
				test.hooks(httptrace.ContextClientTrace(r.Context()))
				return nil, io.EOF
			})}
			req := newRequest(t, http.MethodPost, "http://h/", nil)
			resp, err := transport.RoundTrip(req.WithContext(trace.attach(t.Context())))
			if resp != nil {
				_ = resp.Body.Close()
			}
			if err == nil || trace.surelyNotSent() != test.want {
				t.Errorf("got %t, %v", trace.surelyNotSent(), err)
			}
		})
	}
}
