package cloud

import (
	"context"
	"errors"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// exchangeCredential, of a session in another region, exchanges the token that a passcode got the home session: the
// code is used up.
type exchangeCredential struct{ s *Session }

func (c *exchangeCredential) renewable() (bool, string) { return false, usedPasscode }

func (c *exchangeCredential) signIn(ctx context.Context) (*signedIn, error) {
	token, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	options := &tokens.AuthOptions{TokenID: token, Scope: projectScope(c.s.settings)}
	answer, err := c.s.createToken(ctx, options, false)

	var refusal *SignInError
	if errors.As(err, &refusal) && refusal.Status == http.StatusUnauthorized && refusal.Reason == "" {
		refusal.Reason = "the token of the provider's own region is not exchanged for one of this region, " +
			"and a passcode works only once"
	}
	if err != nil {
		return nil, err
	}
	return c.s.signedInWith(answer)
}

func (c *exchangeCredential) userClient(ctx context.Context) (*gophercloud.ProviderClient, error) {
	token, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	return c.s.tokenClient(token), nil
}

// token is the home session's, which signs in for it if need be.
func (c *exchangeCredential) token(ctx context.Context) (string, error) {
	if _, err := c.s.home.connect(ctx); err != nil {
		return "", err
	}
	token := c.s.home.keptToken()
	c.s.addSecrets(settings.NewSecret(token))
	return token, nil
}
