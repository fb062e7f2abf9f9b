package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Request is one request to the image service.
type Request struct {
	Method string
	// Path is relative to Scope.Endpoint and escaped already, such as "v2/cloudimages/action"; it holds no query.
	Path  string
	Query url.Values
	// Header adds to or replaces what is set without it: Accept, User-Agent, and the Content-Type of a body. The
	// credentials' own cannot be replaced.
	Header http.Header
	// Body is sent as application/json unless Header says otherwise.
	Body []byte
	// Stream is a body that can be read only once, instead of Body. A request with one is never repeated. It is closed,
	// if it can be, by the time Do returns or soon after.
	Stream io.Reader
	// StreamLength is the number of bytes in Stream. 0 or less: not known, and sent in chunks.
	StreamLength int64
}

// Do sends one request, signed in, and returns the answer whatever its status, its body unread; the caller closes it.
// From status 300 on the body has been read, and secrets in it are hidden. When the token was refused (401, or the
// gateway's APIGW.0307) it signs in again, once for all callers, and sends the request a second time, a POST too,
// since it was refused; a Stream is not sent again, and its refusal returned. With an access key there is nothing to
// renew and the refusal is returned.
//
// An error means that there was no answer, or that signing in failed (*SignInError); ErrNotSent marks the errors
// after which the request has surely not been carried out. Do repeats nothing else and sets no time limit.
func (s *Session) Do(ctx context.Context, req *Request) (*http.Response, error) {
	if err := req.check(); err != nil {
		return nil, notSentError{err}
	}
	state, err := s.connectUnlessRefused(ctx)
	if err != nil {
		return nil, err
	}
	resp, err := s.send(ctx, state, req)
	if err != nil {
		return nil, err
	}

	expired, err := s.checkRefusal(resp)
	if err != nil {
		return nil, err
	}
	if !expired {
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

func (r *Request) check() error {
	if r.Stream != nil && r.Body != nil {
		return errors.New("Unable to send a request with both Body and Stream")
	}
	if strings.ContainsAny(r.Path, "?#") {
		return errors.New("Unable to send a request with a query in its path")
	}
	return nil
}

// connectUnlessRefused is connect, or the refusal of a later sign-in: the token that it should have replaced is dead.
func (s *Session) connectUnlessRefused(ctx context.Context) (*signedIn, error) {
	if err := ctx.Err(); err != nil {
		return nil, notSentError{err}
	}
	s.mu.Lock()
	refusal := s.refusal
	s.mu.Unlock()
	if refusal != nil {
		return nil, notSentError{refusal}
	}
	return s.connect(ctx)
}
