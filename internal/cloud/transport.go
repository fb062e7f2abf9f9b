package cloud

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/gophercloud/gophercloud/v2"
)

// newTransport is a pool of connections of its own. It sets no limit on a whole request: those differ by request.
func newTransport(config *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 15 * time.Second,
		ForceAttemptHTTP2:   true, // a custom TLS configuration switches it off
		// Without pings a dead HTTP/2 connection is noticed only after minutes, and it carries all requests.
		HTTP2:               &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     90 * time.Second,
	}
}

// newMetadataTransport goes by no proxy: the address means the server itself, and to another machine it means that
// one's keys.
func newMetadataTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 2 * time.Second}
	return &http.Transport{DialContext: dialer.DialContext, MaxIdleConns: 1, IdleConnTimeout: 10 * time.Second}
}

// newClient is a gophercloud client on a transport. It neither repeats nor re-authenticates on its own, and follows
// no redirect.
func (s *Session) newClient(transport http.RoundTripper) *gophercloud.ProviderClient {
	client := &gophercloud.ProviderClient{HTTPClient: http.Client{Transport: transport, CheckRedirect: keepRedirect}}
	if s.userAgent != "" {
		client.UserAgent.Prepend(s.userAgent)
	}
	client.UseTokenLock()
	return client
}

// closeBody does what a RoundTripper owes a request that it does not pass on.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// staysBroken reports whether the next connection will break like this one: a certificate refused, a host that does
// not exist.
func staysBroken(err error) bool {
	var name *net.DNSError
	if errors.As(err, &name) && name.IsNotFound {
		return true
	}
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) ||
		errors.As(err, &invalid)
}
