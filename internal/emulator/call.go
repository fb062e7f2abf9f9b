package emulator

import (
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request on its way through the emulator.
type call struct {
	request *http.Request
	route   *route            // nil: there is no such API
	vars    map[string]string // the path's variable segments
	query   url.Values
	body    []byte // empty while a file is being streamed
	entry   *Request
	fault   Fault           // the zero value does nothing
	removed <-chan struct{} // closed when the fault is removed
	session session
}

// answer is what a request ends in.
type answer struct {
	status int
	body   any // JSON; nil: no body
	html   string
	header http.Header
}

func noContent() answer { return answer{status: http.StatusNoContent} }

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// answerOf is the answer to a request that ended in an error. Glance speaks JSON to those who ask for it.
func answerOf(err error, request *http.Request) answer {
	var r *refusal
	if !errors.As(err, &r) {
		r = imsRefusal(http.StatusInternalServerError, "IMG.0061", err.Error())
	}
	if r.json != nil && strings.Contains(request.Header.Get("Accept"), "application/json") {
		return answer{status: r.status, body: r.json, header: r.header}
	}
	return answer{status: r.status, body: r.body, html: r.html, header: r.header}
}

func (a answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	content, kind := []byte(a.html), "text/html; charset=UTF-8"
	if a.body != nil {
		var err error
		if content, err = json.Marshal(a.body); err != nil {
			slog.Error("an answer cannot be written as JSON", "error", err)
		}
		kind = "application/json"
	}
	if len(content) > 0 {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(a.status)
	if _, err := w.Write(content); err != nil && a.status != http.StatusNoContent {
		slog.Debug("the client did not take its answer", "error", err)
	}
}

// receive opens the request's journal entry and finds its route and its fault.
func (e *Emulator) receive(r *http.Request) *call {
	c := &call{request: r, query: r.URL.Query()}
	c.route, c.vars = findRoute(r.Method, r.URL.Path)
	c.entry = &Request{
		Time: e.clock.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		RequestID: randomHex(16), Connection: r.RemoteAddr,
	}
	if c.route != nil {
		c.entry.Operation = c.route.operation
	}
	e.mu.Lock()
	arrive := e.enter(c.entry)
	if hits := e.hit(r.Method, r.URL.Path); hits != nil {
		c.fault, c.removed = hits.fault, hits.removed
	}
	e.mu.Unlock()
	for _, call := range arrive {
		call()
	}
	return c
}

// read takes the body, unless it is a file.
func (c *call) read(e *Emulator) error {
	if c.route != nil && c.route.streams {
		return nil
	}
	limit := int64(longestBody)
	if isSigned(c.request) {
		limit = longestSignedBody
	}
	body, err := readBody(c.request.Body, limit)
	if err != nil {
		return err
	}
	c.body = body
	e.mu.Lock()
	defer e.mu.Unlock()
	c.entry.Fields, c.entry.Body = describeBody(body)
	return nil
}

// finish closes the request's journal entry.
func (e *Emulator) finish(c *call, status int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c.entry.Status = status
	c.entry.ProjectID = c.session.ProjectID
	c.entry.Took = e.clock.Now().Sub(c.entry.Time)
	var r *refusal
	if errors.As(err, &r) {
		c.entry.Unknown = r.unknown
		c.entry.Code = r.code
	}
}

// url is where the client reaches the emulator.
func (c *call) url() string {
	scheme := "http"
	if c.request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.request.Host
}

func isoMillis(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
