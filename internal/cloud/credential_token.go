package cloud

import (
	"context"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// tokenCredential uses a token that was made elsewhere.
type tokenCredential struct{ s *Session }

func (c *tokenCredential) renewable() (bool, string) {
	return false, "the token has expired or was revoked, and a token given as such cannot be renewed"
}

// userClient uses the token as it is.
func (c *tokenCredential) userClient(context.Context) (*gophercloud.ProviderClient, error) {
	return c.s.tokenClient(c.token()), nil
}

func (c *tokenCredential) token() string { return c.s.settings.Get(settings.Token) }

// signIn looks which project the token is for. If that is another than the one wanted, or none, the token is exchanged.
func (c *tokenCredential) signIn(ctx context.Context) (*signedIn, error) {
	answer, err := c.s.readToken(ctx, c.token())
	if err != nil {
		return nil, err
	}

	scope := projectScope(c.s.settings)
	switch {
	case scope == (tokens.Scope{}):
		if answer.Project.ID == "" {
			return nil, c.s.definiteError("the token is for no project. Give project_name or project_id")
		}
	case !answer.isFor(scope):
		if scope.ProjectName != "" && scope.DomainID == "" && scope.DomainName == "" {
			return nil, c.s.definiteError(
				"the token is for another project. Give domain_name or domain_id, to find the one called project_name")
		}
		answer, err = c.s.createToken(ctx, &tokens.AuthOptions{TokenID: c.token(), Scope: scope}, false)
		if err != nil {
			return nil, err
		}
	}
	return c.s.signedInWith(answer)
}

// isFor reports whether the token is for this project.
func (a *tokenAnswer) isFor(scope tokens.Scope) bool {
	if scope.ProjectID != "" {
		return a.Project.ID == scope.ProjectID
	}
	if a.Project.ID == "" || a.Project.Name != scope.ProjectName {
		return false
	}
	domain := a.Project.Domain
	return (scope.DomainID == "" || domain.ID == scope.DomainID) &&
		(scope.DomainName == "" || domain.Name == scope.DomainName)
}
