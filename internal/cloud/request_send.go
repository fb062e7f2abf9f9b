package cloud

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
)

// send sends a request once. What a service says in refusing it holds no secret any more.
func (s *Session) send(ctx context.Context, state *signedIn, req *Request) (*http.Response, error) {
	trace := &requestTrace{}
	if req.Stream != nil {
		trace.length = req.StreamLength
	}
	address := state.scope.Endpoint + strings.TrimPrefix(req.Path, "/")
	if len(req.Query) > 0 {
		address += "?" + canonicalQuery(req.Query)
	}

	resp, err := state.client.Request(trace.attach(ctx), req.Method, address, req.options())
	switch {
	case err != nil && trace.surelyNotSent():
		return nil, notSentError{err}
	case err != nil:
		return nil, err
	case resp.StatusCode >= http.StatusMultipleChoices:
		s.redactBody(resp)
	}
	return resp, nil
}

// everyStatus are all statuses, each a fine one for gophercloud: of others it makes errors, some it repeats, and
// after some it signs in again in its own way.
var everyStatus = func() []int {
	var list []int
	for status := 100; status < 1000; status++ {
		list = append(list, status)
	}
	return list
}()

// ownHeaders are those of the credentials, which a request cannot replace.
var ownHeaders = []string{
	"X-Auth-Token", headerAuthorization, headerDate, headerProject, headerDomain, headerToken, headerContent,
}

// options are the request's body and headers for gophercloud.
func (r *Request) options() *gophercloud.RequestOpts {
	options := &gophercloud.RequestOpts{OkCodes: everyStatus, KeepResponseBody: true, MoreHeaders: map[string]string{}}
	switch {
	case r.Stream != nil:
		options.RawBody = r.Stream
		options.MoreHeaders["Content-Type"] = "application/octet-stream"
	case r.Body != nil:
		options.RawBody = bytes.NewReader(r.Body)
		options.MoreHeaders["Content-Type"] = "application/json"
	}

	for name, values := range r.Header {
		options.MoreHeaders[http.CanonicalHeaderKey(name)] = strings.Join(values, ", ")
	}
	for _, name := range ownHeaders {
		delete(options.MoreHeaders, name)
	}
	return options
}
