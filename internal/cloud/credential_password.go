package cloud

import (
	"context"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// passwordCredential signs in with user name, password and, if there is one, a one-time code.
type passwordCredential struct{ s *Session }

// usedPasscode is the reason for people why a token that a passcode got is not renewed.
const usedPasscode = "the token has expired or was revoked, and a passcode works only once"

func (c *passwordCredential) renewable() (bool, string) {
	if c.hasPasscode() {
		return false, usedPasscode
	}
	return true, ""
}

func (c *passwordCredential) hasPasscode() bool { return c.s.settings.Has(settings.Passcode) }

func (c *passwordCredential) signIn(ctx context.Context) (*signedIn, error) {
	answer, err := c.token(ctx, projectScope(c.s.settings))
	if err != nil {
		return nil, err
	}
	return c.s.signedInWith(answer)
}

// userClient signs in for the project if one is given, else for the domain: the permission to act for an agency may
// be of either.
func (c *passwordCredential) userClient(ctx context.Context) (*gophercloud.ProviderClient, error) {
	if kept := c.s.keptToken(); kept != "" {
		return c.s.tokenClient(kept), nil
	}

	set := c.s.settings
	scope := projectScope(set)
	if scope == (tokens.Scope{}) {
		if scope.DomainID, scope.DomainName = set.Domain(); scope.DomainID != "" {
			scope.DomainName = "" // gophercloud refuses both
		}
	}
	answer, err := c.token(ctx, scope)
	if err != nil {
		return nil, err
	}
	return c.s.tokenClient(answer.ID), nil
}

func (c *passwordCredential) token(ctx context.Context, scope tokens.Scope) (*tokenAnswer, error) {
	options := &passwordOptions{AuthOptions: tokens.AuthOptions{Scope: scope}, set: c.s.settings}
	answer, err := c.s.createToken(ctx, options, c.hasPasscode())
	if err == nil && c.hasPasscode() {
		c.s.keepToken(answer.ID)
	}
	return answer, err
}

// keepToken keeps the token that a passcode got: for an agency, and for sessions in other regions.
func (s *Session) keepToken(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.passcodeToken = settings.NewSecret(id)
}

func (s *Session) keptToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passcodeToken.Reveal()
}

// passwordOptions write a sign-in's identity themselves: gophercloud refuses a user's name beside an id, and names
// the user in the same way for both methods.
type passwordOptions struct {
	tokens.AuthOptions
	set *settings.Settings
}

// ToTokenV3CreateMap is the body of the request. Open Telekom Cloud's reference has one form for a second factor: the
// password goes with the user's name and domain, the code with the id.
func (o *passwordOptions) ToTokenV3CreateMap(scope map[string]any) (map[string]any, error) {
	identity := map[string]any{"methods": []string{"password"}}
	user := o.user(settings.UserID)
	if code := o.set.Get(settings.Passcode); code != "" {
		user["passcode"] = code
		identity["methods"], identity["totp"] = []string{"password", "totp"}, map[string]any{"user": user}
		user = o.user(settings.UserName)
	}
	user["password"] = o.set.Get(settings.Password)
	identity["password"] = map[string]any{"user": user}

	auth := map[string]any{"identity": identity}
	if scope != nil {
		auth["scope"] = scope
	}
	return map[string]any{"auth": auth}, nil
}

// user names the user by id, or by name and domain: as preferred, where that is possible.
func (o *passwordOptions) user(preferred settings.Name) map[string]any {
	id, name := o.set.Get(settings.UserID), o.set.Get(settings.UserName)
	domainID, domainName := o.set.Domain()
	if id != "" && (preferred == settings.UserID || name == "" || domainID+domainName == "") {
		return map[string]any{"id": id}
	}

	domain := map[string]any{"name": domainName}
	if domainID != "" {
		domain = map[string]any{"id": domainID}
	}
	return map[string]any{"name": name, "domain": domain}
}
