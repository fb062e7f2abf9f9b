package cloud

import (
	"context"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// headerSubjectToken has the token that an answer is about.
const headerSubjectToken = "X-Subject-Token"

// tokenAnswer is what the identity service says of a token.
type tokenAnswer struct {
	ID      string                `json:"-"`
	Project tokens.Project        `json:"project"`
	Catalog []tokens.CatalogEntry `json:"catalog"`
}

// createToken asks for a token. once: the options hold a one-time code.
func (s *Session) createToken(ctx context.Context, options tokens.AuthOptionsBuilder, once bool) (*tokenAnswer, error) {
	service := s.identityService()
	answer := &tokenAnswer{}
	send := func(ctx context.Context) error {
		result := tokens.Create(ctx, service, options)
		if result.Err != nil {
			return result.Err
		}
		answer.ID = result.Header.Get(headerSubjectToken)
		return result.ExtractInto(answer)
	}
	url := service.Endpoint + "auth/tokens"
	err := s.sendSignIn(ctx, signInRequest{method: http.MethodPost, url: url, once: once, send: send})
	return answer, err
}

// readToken asks which project a token is for.
func (s *Session) readToken(ctx context.Context, id string) (*tokenAnswer, error) {
	service := s.identityService()
	service.TokenID = id
	answer := &tokenAnswer{ID: id} // not every cloud repeats the token in its answer
	send := func(ctx context.Context) error {
		result := tokens.Get(ctx, service, id)
		if result.Err != nil {
			return result.Err
		}
		return result.ExtractInto(answer)
	}
	url := service.Endpoint + "auth/tokens"
	err := s.sendSignIn(ctx, signInRequest{method: http.MethodGet, url: url, send: send})
	return answer, err
}

func (s *Session) identityService() *gophercloud.ServiceClient {
	endpoint := identityURL(s.settings.Get(settings.AuthURL))
	return &gophercloud.ServiceClient{ProviderClient: s.newClient(s.plain), Endpoint: endpoint}
}

// signedInWith makes a token a sign-in: it finds the image service.
func (s *Session) signedInWith(answer *tokenAnswer) (*signedIn, error) {
	if answer.ID == "" {
		return nil, s.definiteError("the identity service answered without a token")
	}
	if answer.Project.ID == "" {
		return nil, s.definiteError("the identity service answered with a token for no project")
	}

	scope := Scope{ProjectID: answer.Project.ID, ProjectName: answer.Project.Name}
	if err := s.locate(&scope, answer.Catalog); err != nil {
		return nil, err
	}
	return &signedIn{client: s.tokenClient(answer.ID), scope: scope}, nil
}

// tokenClient sends a token with every request.
func (s *Session) tokenClient(token string) *gophercloud.ProviderClient {
	client := s.newClient(s.plain)
	client.TokenID = token
	s.addSecrets(settings.NewSecret(token))
	return client
}
