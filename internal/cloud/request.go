package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
)

// Request is one request to the image service.
type Request struct {
	Method string
	// Path is relative to Scope.Endpoint and escaped already, such as "v2/cloudimages/action"; it holds no query.
	Path  string
	Query url.Values
	// Header adds to or replaces what is set without it: Accept, User-Agent, and the Content-Type of a body. The credentials' own cannot be
	// replaced.
	Header http.Header
	// Body is sent as application/json unless Header says otherwise.
	Body []byte
	// Stream is a body that can be read only once, instead of Body. A request with one is never repeated. It is closed, if it can be, by
	// the time Do returns or soon after.
	Stream io.Reader
	// StreamLength is the number of bytes in Stream. 0 or less: not known, and sent in chunks.
	StreamLength int64
}

// Do sends one request, signed in, and returns the answer whatever its status, its body unread; the caller closes it. From status 300 on
// the body has been read, and secrets in it are hidden. When the token was
// refused (401, or the gateway's APIGW.0307) it signs in again, once for all callers, and sends the request a second time, a POST too,
// since it was refused; a Stream is not sent again, and its refusal returned. With an access key there is nothing to renew and the refusal
// is returned.
//
// An error means that there was no answer, or that signing in failed (*SignInError); ErrNotSent tells whether the request may have been
// carried out. Do repeats nothing else and sets no time limit.
func (s *Session) Do(ctx context.Context, req *Request) (*http.Response, error) {
	if req.Stream != nil && req.Body != nil {
		return nil, notSentError{errors.New("Unable to send a request with both Body and Stream")}
	}
	if strings.ContainsAny(req.Path, "?#") {
		return nil, notSentError{errors.New("Unable to send a request with a query in its path")}
	}
	state, err := s.ready(ctx)
	if err != nil {
		return nil, err
	}
	resp, err := s.send(ctx, state, req)
	if err != nil {
		return nil, err
	}
	refused, err := s.examine(resp)
	if err != nil {
		return nil, err
	}
	if !refused {
		return resp, nil
	}
	fresh, err := s.renew(ctx, state)
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	if req.Stream != nil {
		return resp, nil
	}
	_ = resp.Body.Close()
	return s.send(ctx, fresh, req)
}

// ready is connect, and the refusal of a later sign-in: the token it should have replaced is dead.
func (s *Session) ready(ctx context.Context) (*signedIn, error) {
	if err := ctx.Err(); err != nil {
		return nil, notSentError{err}
	}
	s.mu.Lock()
	refused := s.refused
	s.mu.Unlock()
	if refused != nil {
		return nil, notSentError{refused}
	}
	return s.connect(ctx)
}

// everyStatus tells gophercloud that every status is fine: it makes errors of others, repeats some, and re-authenticates in its own way.
var everyStatus = func() []int {
	var list []int
	for status := 100; status < 1000; status++ {
		list = append(list, status)
	}
	return list
}()

// send sends a request once. What a service says in refusing it holds no secret any more.
func (s *Session) send(ctx context.Context, state *signedIn, req *Request) (*http.Response, error) {
	resp, err := state.send(ctx, req)
	if err == nil && resp.StatusCode >= http.StatusMultipleChoices {
		s.redactRefusal(resp)
	}
	return resp, err
}

func (state *signedIn) send(ctx context.Context, req *Request) (*http.Response, error) {
	address := state.scope.Endpoint + strings.TrimPrefix(req.Path, "/")
	if len(req.Query) > 0 {
		address += "?" + canonicalQuery(req.Query)
	}
	record := &attempt{}
	opts := &gophercloud.RequestOpts{OkCodes: everyStatus, KeepResponseBody: true, MoreHeaders: map[string]string{}}
	switch {
	case req.Stream != nil:
		opts.RawBody = req.Stream
		record.length = req.StreamLength
		opts.MoreHeaders["Content-Type"] = "application/octet-stream"
	case req.Body != nil:
		opts.RawBody = bytes.NewReader(req.Body)
		opts.MoreHeaders["Content-Type"] = "application/json"
	}
	for name, values := range req.Header {
		opts.MoreHeaders[http.CanonicalHeaderKey(name)] = strings.Join(values, ", ")
	}
	for _, own := range []string{"X-Auth-Token", "Authorization", headerDate, headerProject, headerDomain, headerToken, headerContent} {
		delete(opts.MoreHeaders, own)
	}
	resp, err := state.client.Request(record.attach(ctx), req.Method, address, opts)
	if err == nil {
		return resp, nil
	}
	if record.surelyNotSent() {
		return nil, notSentError{err}
	}
	return nil, err
}

// examine tells whether an answer refuses a token that can be renewed. What it reads of the body it puts back. Where signing in is the
// matter and nothing can be done, it closes the answer and returns an error that says why.
func (s *Session) examine(resp *http.Response) (renewable bool, err error) {
	// Below 400 the request has been carried out, whatever the body says.
	if resp.StatusCode < http.StatusBadRequest {
		return false, nil
	}
	code, message := serverWords(peek(resp))
	expired := resp.StatusCode == http.StatusUnauthorized || code == "APIGW.0307"
	ok, why := s.credential.renewable()
	advice := ""
	if skew, skewed := clockSkew(s.now(), resp.Header); s.signs() && skewed && isRefusal(resp.StatusCode) {
		// New keys would be refused, too.
		ok, expired, why, advice = false, true, skewReason(skew), skewAdvice
	}
	if ok {
		return expired, nil
	}
	if why == "" {
		return false, nil
	}
	if !expired {
		return false, nil
	}
	_ = resp.Body.Close()
	failure := s.failure(why)
	failure.Advice = advice
	failure.Status, failure.Code, failure.Message = resp.StatusCode, code, message
	failure.RequestID = requestID(resp.Header)
	if resp.Request != nil {
		failure.Request = fmt.Sprintf("%s %s", resp.Request.Method, resp.Request.URL.Redacted())
	}
	return false, notSentError{failure}
}
