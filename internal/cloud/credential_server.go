package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// The metadata service of a server (ECS user guide, Obtaining Metadata): the temporary keys of the agency that the
// server was given.
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
	return &keyCredential{s: s, fetch: s.fetchServerKeys}
}

// fetchServerKeys asks the metadata service for keys.
func (s *Session) fetchServerKeys(ctx context.Context) (accessKeys, error) {
	token, err := s.fetchMetadataToken(ctx)
	if err != nil {
		return accessKeys{}, err
	}
	header := http.Header{}
	if token != "" {
		header.Set("X-Metadata-Token", token)
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
		return accessKeys{}, s.definiteError("the metadata service's answer holds no keys; does this server have an agency?")
	}
	return accessKeys{
		access: settings.NewSecret(got.Access), secret: settings.NewSecret(got.Secret),
		token: settings.NewSecret(got.Token), expires: got.Expires,
	}, nil
}

// fetchMetadataToken is what a server may ask for besides, fetched with a PUT: that keeps others from asking through
// a careless web server. It is "" if the server has no such token: the keys come without.
func (s *Session) fetchMetadataToken(ctx context.Context) (string, error) {
	header := http.Header{"X-Metadata-Token-Ttl-Seconds": {"60"}}
	token, err := s.askMetadata(ctx, http.MethodPut, metadataTokenPath, header)

	var refusal *SignInError
	if errors.As(err, &refusal) &&
		(refusal.Status == http.StatusNotFound || refusal.Status == http.StatusMethodNotAllowed) {
		return "", nil
	}
	return strings.TrimSpace(string(token)), err
}

// askMetadata asks the metadata service, repeatedly if need be, and returns the answer's text.
func (s *Session) askMetadata(ctx context.Context, method, path string, header http.Header) ([]byte, error) {
	base := metadataURL
	if given := s.settings.Get(settings.MetadataURL); given != "" {
		base = given
	}
	address := strings.TrimRight(base, "/") + "/" + path
	var content []byte
	send := func(ctx context.Context) error {
		var err error
		content, err = s.sendMetadata(ctx, method, address, header)
		return err
	}
	err := s.sendSignIn(ctx, signInRequest{method: method, url: address, send: send})

	var refusal *SignInError
	if errors.As(err, &refusal) && refusal.Reason == "" {
		refusal.Reason = "the metadata service gives no keys; is this a server of the cloud, with an agency?"
	}
	return content, err
}

// sendMetadata sends one request to the metadata service. Its error is gophercloud's if the service refuses.
func (s *Session) sendMetadata(ctx context.Context, method, address string, header http.Header) ([]byte, error) {
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
			URL: address, Method: method, Expected: []int{http.StatusOK},
			Actual: resp.StatusCode, Body: content, ResponseHeader: resp.Header,
		}
	}
	return content, err
}
