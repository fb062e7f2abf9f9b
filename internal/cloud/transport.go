package cloud

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// newTransport is a pool of connections of its own. It sets no limit on a whole request: those differ by request.
func newTransport(settings *Settings) *http.Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSClientConfig:     settings.tlsConfig(),
		TLSHandshakeTimeout: 15 * time.Second,
		ForceAttemptHTTP2:   true, // a custom TLS configuration switches it off
		// Without pings a dead HTTP/2 connection is noticed only after minutes, and it carries all requests.
		HTTP2:               &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     90 * time.Second,
	}
}

// attempt is what is known of one request on its way. It travels in the request's context, which sign-in requests do not share.
type attempt struct {
	// length is that of a streamed body: gophercloud cannot say it, and without it the body goes in chunks. 0 or less: not known.
	length   int64
	progress atomic.Int32
}

// How far an attempt has come.
const (
	notBegun     = iota // the transport does not know of it yet
	unknown             // the transport has it and says nothing
	unconnected         // the transport looks for a connection
	onConnection        // a connection may carry it
)

type attemptKey struct{}

func (a *attempt) attach(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// surelyNotSent tells, after an error, that no byte of the request can have left.
func (a *attempt) surelyNotSent() bool {
	progress := a.progress.Load()
	return progress == notBegun || progress == unconnected
}

// tracingTransport is the innermost one: it watches whether a request reaches a connection.
type tracingTransport struct{ next http.RoundTripper }

// RoundTrip watches a request that has an attempt in its context and lets others pass.
//
// What counts is GotConn and no later hook: when the context ends, the transport's writer may still be about to write. The transport itself
// takes another connection when one that it kept has died; it does so with a POST only if nothing of it was written, so that GetConn can
// take it back.
func (t *tracingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	record, ok := req.Context().Value(attemptKey{}).(*attempt)
	if !ok {
		return t.next.RoundTrip(req)
	}
	if err := req.Context().Err(); err != nil {
		closeBody(req)
		return nil, err
	}
	record.progress.Store(unknown)
	traced := req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { record.progress.Store(unconnected) },
		GotConn: func(httptrace.GotConnInfo) { record.progress.Store(onConnection) },
	}))
	if record.length > 0 {
		traced.ContentLength = record.length
	}
	return t.next.RoundTrip(traced)
}

// closeBody does what a RoundTripper owes a request that it does not pass on.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// staysBroken tells of a broken connection that the next one will break likewise: a certificate refused, a host that does not exist.
func staysBroken(err error) bool {
	var name *net.DNSError
	if errors.As(err, &name) && name.IsNotFound {
		return true
	}
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}
