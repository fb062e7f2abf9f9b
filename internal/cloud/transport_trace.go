package cloud

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// requestTrace is what is known of one request on its way. It travels in the request's context, which sign-in
// requests do not share.
type requestTrace struct {
	// length is that of a streamed body: gophercloud cannot set it, and without it the body goes in chunks. 0 or less: not
	// known.
	length   int64
	progress atomic.Int32
}

// How far a request has come.
const (
	notBegun     = iota // the transport does not know of it yet
	unknown             // the transport has it and reports nothing
	unconnected         // the transport looks for a connection
	onConnection        // a connection may carry it
)

type traceKey struct{}

func (t *requestTrace) attach(ctx context.Context) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

// surelyNotSent reports, after an error, whether no byte of the request can have left.
func (t *requestTrace) surelyNotSent() bool {
	progress := t.progress.Load()
	return progress == notBegun || progress == unconnected
}

// tracingTransport is the innermost one: it watches whether a request reaches a connection.
type tracingTransport struct{ next http.RoundTripper }

// RoundTrip watches a request that has a trace in its context and lets others pass.
//
// What counts is GotConn and no later hook: when the context ends, the transport's writer may still be about to
// write. The transport itself takes another connection when one that it kept has died; it does so with a POST only if
// nothing of it was written, so that GetConn can take it back.
func (t *tracingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	trace, ok := req.Context().Value(traceKey{}).(*requestTrace)
	if !ok {
		return t.next.RoundTrip(req)
	}
	if err := req.Context().Err(); err != nil {
		closeBody(req)
		return nil, err
	}

	trace.progress.Store(unknown)
	traced := req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { trace.progress.Store(unconnected) },
		GotConn: func(httptrace.GotConnInfo) { trace.progress.Store(onConnection) },
	}))
	if trace.length > 0 {
		traced.ContentLength = trace.length
	}
	return t.next.RoundTrip(traced)
}
