package cloud

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestRequestOnTheWire(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	resp, err := s.Do(t.Context(), &Request{
		Method: http.MethodDelete, Path: "v1/cloudimages/members",
		Query:  url.Values{"tag": {"b c", "a+b"}, "name": {"ä"}},
		Header: http.Header{"X-Many": {"1", "2"}, "x-auth-token": {"mine"}, "Content-Type": {"text/plain"}},
		Body:   []byte(`{"x":1}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	last := len(f.journal) - 1
	if want := "DELETE /v1/cloudimages/members?name=%C3%A4&tag=a%2Bb&tag=b%20c"; f.journal[last] != want {
		t.Errorf("got %s, want %s", f.journal[last], want)
	}
	if f.bodies[last] != `{"x":1}` {
		t.Errorf("body %s", f.bodies[last])
	}
	header := f.headers[last]
	if header.Get("X-Auth-Token") != "made-1" || header.Get("X-Many") != "1, 2" ||
		header.Get("Content-Type") != "text/plain" {
		t.Errorf("headers %v", header)
	}
}

func TestEveryStatusIsAnAnswer(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	for _, status := range []int{200, 201, 204, 302, 400, 403, 404, 409, 429, 498, 500, 503, 504, 599} {
		const body = `{"error":{"code":"IMG.0001","message":"so it is"}}`
		f.image = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			if status != http.StatusNoContent {
				_, _ = io.WriteString(w, body)
			}
		}
		resp, err := s.Do(t.Context(), &Request{Method: http.MethodPost, Path: "v2/x", Body: []byte("{}")})
		if err != nil {
			t.Fatalf("%d: %v", status, err)
		}
		got, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != status || err != nil || status != http.StatusNoContent && string(got) != body {
			t.Errorf("%d: got %d, %q, %v", status, resp.StatusCode, got, err)
		}
	}
	if n := f.count("POST /v2/x"); n != 14 {
		t.Errorf("%d requests: something was repeated", n)
	}
}

func TestLongRefusalKeepsItsBody(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	long := strings.Repeat("x", 3*64<<10)
	f.image = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, long)
	}
	resp, err := s.Do(t.Context(), &Request{Method: http.MethodGet, Path: "v2/x"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if got, err := io.ReadAll(resp.Body); err != nil || string(got) != long {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestCutRefusalFailsWhenRead(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	f.image = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "cut")
	}
	resp, err := s.Do(t.Context(), &Request{Method: http.MethodGet, Path: "v2/x"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if got, err := io.ReadAll(resp.Body); string(got) != "cut" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestRefusedAgainIsHandedOn(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	f.image = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
	status, err := get(t.Context(), s)
	if status != http.StatusUnauthorized || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
	if f.made != 2 || f.count("GET /v2") != 2 {
		t.Errorf("%d tokens, %v", f.made, f.journal)
	}
}

func TestStream(t *testing.T) {
	for name, test := range map[string]struct {
		length  int64
		chunked bool
	}{"of known length": {length: 6}, "of unknown length": {chunked: true}} {
		t.Run(name, func(t *testing.T) {
			f := newFakeCloud(t)
			s := session(t, f.byPassword())
			var got string
			var length int64
			f.image = func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got, length = string(body), r.ContentLength
				w.WriteHeader(http.StatusNoContent)
			}
			resp, err := s.Do(t.Context(), &Request{
				Method: http.MethodPut, Path: "v2/images/x/file", Stream: io.MultiReader(strings.NewReader("abcdef")),
				StreamLength: test.length,
			})
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if got != "abcdef" || (length < 0) != test.chunked ||
				f.headers[1].Get("Content-Type") != "application/octet-stream" {
				t.Errorf("got %q, length %d, %v", got, length, f.headers[1])
			}
		})
	}
}

func TestStreamIsNotRepeated(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	if _, err := s.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.revoke()
	put := func() (int, error) {
		resp, err := s.Do(t.Context(), &Request{
			Method: http.MethodPut, Path: "v2/x", Stream: io.MultiReader(strings.NewReader("abcdef")),
		})
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	}
	if status, err := put(); status != http.StatusUnauthorized || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
	if n := f.count("PUT"); n != 1 || f.made != 2 {
		t.Errorf("sent %d times, %d tokens", n, f.made)
	}
	if status, err := put(); status != http.StatusOK || err != nil {
		t.Errorf("with the new token: got %d, %v", status, err)
	}
}

func TestErrNotSent(t *testing.T) {
	post := &Request{Method: http.MethodPost, Path: "v2/x", Body: []byte("{}")}
	connected := func(t *testing.T) (*fakeCloud, *Session) {
		t.Helper()
		f := newFakeCloud(t)
		s := session(t, f.byPassword())
		if _, err := s.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		return f, s
	}
	check := func(t *testing.T, err error, want bool) {
		t.Helper()
		if err == nil || errors.Is(err, ErrNotSent) != want {
			t.Errorf("ErrNotSent should be %t of: %v", want, err)
		}
	}
	t.Run("nobody listens", func(t *testing.T) {
		_, s := connected(t)
		gone := httptest.NewServer(nil)
		gone.Close()
		s.state.scope.Endpoint = gone.URL + "/"
		err := send(t.Context(), s, post)
		check(t, err, true)
	})
	t.Run("the kept connection has died", func(t *testing.T) {
		f, s := connected(t)
		f.CloseClientConnections()
		if err := send(t.Context(), s, post); err != nil {
			// The server's end of the connection may be noticed only after the request was written.
			check(t, err, false)
		}
	})
	t.Run("the server leaves after reading", func(t *testing.T) {
		f, s := connected(t)
		f.image = func(w http.ResponseWriter, _ *http.Request) { dropConnection(w) }
		err := send(t.Context(), s, post)
		check(t, err, false)
	})
	t.Run("the context ends while the server works", func(t *testing.T) {
		f, s := connected(t)
		ctx, cancel := context.WithCancel(t.Context())
		f.image = func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
		err := send(ctx, s, post)
		check(t, err, false)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the server's certificate is unknown", func(t *testing.T) {
		f, s := connected(t)
		server := newTLSServer(t)
		s.state.scope.Endpoint = server.URL + "/"
		err := send(t.Context(), s, post)
		check(t, err, true)
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
			err := send(t.Context(), s, bad)
			check(t, err, true)
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
		err := send(t.Context(), s, post)
		check(t, err, true)
		if dialed.Load() != 1 {
			t.Errorf("%d dials", dialed.Load())
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
			record := &requestTrace{}
			transport := &tracingTransport{next: roundTripper(func(r *http.Request) (*http.Response, error) {
				test.hooks(httptrace.ContextClientTrace(r.Context()))
				return nil, io.EOF
			})}
			req := newRequest(t, http.MethodPost, "http://h/", nil)
			resp, err := transport.RoundTrip(req.WithContext(record.attach(t.Context())))
			if resp != nil {
				_ = resp.Body.Close()
			}
			if err == nil || record.surelyNotSent() != test.want {
				t.Errorf("got %t, %v", record.surelyNotSent(), err)
			}
		})
	}
}

func TestConnectionsAreKept(t *testing.T) {
	f := newFakeCloud(t)
	clients := map[string]bool{}
	f.setBefore(func(_ http.ResponseWriter, r *http.Request) bool { clients[r.RemoteAddr] = true; return false })
	s := session(t, f.byPassword())
	for range 20 {
		if _, err := get(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if len(clients) != 1 {
		t.Errorf("%d connections for 21 requests", len(clients))
	}
}

// The limit of signing in is the session's own: it must not look like the caller's.
func TestSignInLimit(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byPassword())
	own, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-own.Done()
	err := s.signIn(own)
	if err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no answer within 1m0s") {
		t.Errorf("got %v", err)
	}
}

func TestSessionsShareNothing(t *testing.T) {
	f, g := newFakeCloud(t), newFakeCloud(t)
	g.setPassword("another")
	first, second := session(t, f.byPassword()), session(t, g.byPassword())
	if _, err := get(t.Context(), second); err == nil {
		t.Error("the wrong password was taken")
	}
	if _, err := get(t.Context(), first); err != nil {
		t.Error(err)
	}
	if bytes.Equal([]byte(f.URL), []byte(g.URL)) || f.made != 1 || g.made != 0 {
		t.Errorf("%d and %d tokens", f.made, g.made)
	}
}
