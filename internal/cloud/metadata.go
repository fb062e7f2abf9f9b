package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2"
)

// The metadata service of a server (ECS user guide, Obtaining Metadata): the temporary keys of the agency that the server was given.
const (
	metadataURL       = "http://169.254.169.254"
	metadataTokenPath = "meta-data/latest/api/token"
	metadataKeysPath  = "openstack/latest/securitykey"
	metadataLimit     = 5 * time.Second
	// largestMetadata bounds what is read of an answer, in bytes.
	largestMetadata = 64 << 10
)

// newServerCredential signs with the keys of the server that this runs on.
func (s *Session) newServerCredential() *keyCredential {
	return &keyCredential{s: s, fetch: s.serverKeys}
}

// newMetadataTransport goes by no proxy: the address means the server itself, and to another machine it means that one's keys.
func newMetadataTransport() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 2 * time.Second}
	return &http.Transport{DialContext: dialer.DialContext, MaxIdleConns: 1, IdleConnTimeout: 10 * time.Second}
}

// serverKeys asks the metadata service for keys. A server may ask for a token first, fetched with a PUT: that keeps others from asking
// through a careless web server. Where there is no such token, the keys come without.
func (s *Session) serverKeys(ctx context.Context) (accessKeys, error) {
	token, err := s.askMetadata(ctx, http.MethodPut, metadataTokenPath, http.Header{"X-Metadata-Token-Ttl-Seconds": {"60"}})
	var refusal *SignInError
	if errors.As(err, &refusal) && (refusal.Status == http.StatusNotFound || refusal.Status == http.StatusMethodNotAllowed) {
		token, err = nil, nil
	}
	if err != nil {
		return accessKeys{}, err
	}
	header := http.Header{}
	if len(token) > 0 {
		header.Set("X-Metadata-Token", strings.TrimSpace(string(token)))
	}
	content, err := s.askMetadata(ctx, http.MethodGet, metadataKeysPath, header)
	if err != nil {
		return accessKeys{}, err
	}
	var body struct {
		Credential struct {
			Access  string    `json:"access"`
			Secret  string    `json:"secret"`
			Token   string    `json:"securitytoken"`
			Expires time.Time `json:"expires_at"`
		} `json:"credential"`
	}
	got := &body.Credential
	if json.Unmarshal(content, &body) != nil || got.Access == "" || got.Secret == "" || got.Token == "" {
		return accessKeys{}, s.failure("the metadata service's answer holds no keys; does this server have an agency?")
	}
	return accessKeys{newSecret(got.Access), newSecret(got.Secret), newSecret(got.Token), got.Expires}, nil
}

// askMetadata asks the metadata service and returns the answer's text.
func (s *Session) askMetadata(ctx context.Context, method, path string, header http.Header) ([]byte, error) {
	base := metadataURL
	if given := s.settings.get(nameMetadataURL); given != "" {
		base = given
	}
	address := strings.TrimRight(base, "/") + "/" + path
	var content []byte
	err := s.ask(ctx, question{method: method, url: address, send: func(ctx context.Context) error {
		var err error
		content, err = s.fetchMetadata(ctx, method, address, header)
		return err
	}})
	var refusal *SignInError
	if errors.As(err, &refusal) && refusal.Reason == "" {
		refusal.Reason = "the metadata service gives no keys; is this a server of the cloud, with an agency?"
	}
	return content, err
}

func (s *Session) fetchMetadata(ctx context.Context, method, address string, header http.Header) ([]byte, error) {
	limited, stop := context.WithTimeout(ctx, metadataLimit)
	defer stop()
	req, err := http.NewRequestWithContext(limited, method, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header = header.Clone()
	resp, err := s.metadata.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(resp.Body, largestMetadata))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = gophercloud.ErrUnexpectedResponseCode{
			URL: address, Method: method, Expected: []int{http.StatusOK}, Actual: resp.StatusCode, Body: content, ResponseHeader: resp.Header,
		}
	}
	return content, err
}
