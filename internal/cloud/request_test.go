package cloud

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
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
