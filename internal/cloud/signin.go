package cloud

import (
	"context"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// credential is a way in at work.
type credential interface {
	// signIn asks the identity service for all that requests need. Its error is a *SignInError.
	signIn(ctx context.Context) (*signedIn, error)
	// renewable tells whether signIn can replace a token that has died. If not, why is what to tell people, or empty if nothing ever dies.
	renewable() (ok bool, why string)
}

func (s *Session) newCredential() credential {
	var base baseCredential
	switch values := s.settings.values; {
	case given(values, nameServerKeys):
		base = s.newServerCredential()
	case given(values, nameAccessKey):
		base = s.newKeyCredential()
	case given(values, nameToken):
		base = &tokenCredential{s}
	case s.home != nil && given(values, namePasscode):
		base = &exchangeCredential{s}
	default:
		base = &passwordCredential{s}
	}
	if forAgency(s.settings.values) {
		return &agencyCredential{s: s, base: base}
	}
	return base
}

// passwordCredential signs in with user name, password and, if there is one, a one-time code.
type passwordCredential struct{ s *Session }

// usedPasscode is what to tell of a dead token that a passcode got.
const usedPasscode = "the token has expired or was revoked, and a passcode works only once"

func (c *passwordCredential) renewable() (bool, string) {
	if c.coded() {
		return false, usedPasscode
	}
	return true, ""
}

func (c *passwordCredential) coded() bool { return given(c.s.settings.values, namePasscode) }

func (c *passwordCredential) signIn(ctx context.Context) (*signedIn, error) {
	answer, err := c.token(ctx, projectScope(c.s.settings))
	if err != nil {
		return nil, err
	}
	return c.s.enter(answer)
}

// agent signs in for the project if one is given, else for the domain: the permission to act for an agency may be of either.
func (c *passwordCredential) agent(ctx context.Context) (*gophercloud.ProviderClient, error) {
	if kept := c.s.keptToken(); kept != "" {
		return c.s.tokenClient(kept), nil
	}
	set := c.s.settings
	scope := projectScope(set)
	if scope == (tokens.Scope{}) {
		if scope.DomainID, scope.DomainName = set.domain(); scope.DomainID != "" {
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
	answer, err := c.s.createToken(ctx, c.options(scope), c.coded())
	if err == nil && c.coded() {
		c.s.keepToken(answer.ID)
	}
	return answer, err
}

func (c *passwordCredential) options(scope tokens.Scope) tokens.AuthOptionsBuilder {
	return &passwordOptions{AuthOptions: tokens.AuthOptions{Scope: scope}, set: c.s.settings}
}

// passwordOptions write a sign-in's identity themselves: gophercloud refuses a user's name beside an id, and tells both methods the same.
type passwordOptions struct {
	tokens.AuthOptions
	set *Settings
}

// ToTokenV3CreateMap is the body of the request. Open Telekom Cloud's reference has one form for a second factor: the password goes with
// the user's name and domain, the code with the id.
func (o *passwordOptions) ToTokenV3CreateMap(scope map[string]any) (map[string]any, error) {
	identity := map[string]any{"methods": []string{"password"}}
	user := o.user(nameUserID)
	if code := o.set.get(namePasscode); code != "" {
		user["passcode"] = code
		identity["methods"], identity["totp"] = []string{"password", "totp"}, map[string]any{"user": user}
		user = o.user(nameUserName)
	}
	user["password"] = o.set.get(namePassword)
	identity["password"] = map[string]any{"user": user}
	auth := map[string]any{"identity": identity}
	if scope != nil {
		auth["scope"] = scope
	}
	return map[string]any{"auth": auth}, nil
}

// user names the user by id, or by name and domain: as preferred, where it can.
func (o *passwordOptions) user(preferred string) map[string]any {
	id, name := o.set.get(nameUserID), o.set.get(nameUserName)
	domainID, domainName := o.set.domain()
	if id != "" && (preferred == nameUserID || name == "" || domainID+domainName == "") {
		return map[string]any{"id": id}
	}
	domain := map[string]any{"name": domainName}
	if domainID != "" {
		domain = map[string]any{"id": domainID}
	}
	return map[string]any{"name": name, "domain": domain}
}

func projectScope(set *Settings) tokens.Scope {
	if id := set.get(nameProjectID); id != "" {
		return tokens.Scope{ProjectID: id}
	}
	scope := tokens.Scope{ProjectName: set.get(nameProjectName)}
	if scope.ProjectName == "" {
		return tokens.Scope{}
	}
	if scope.DomainID, scope.DomainName = set.projectDomain(); scope.DomainID != "" {
		scope.DomainName = ""
	}
	return scope
}

// tokenCredential uses a token that was made elsewhere.
type tokenCredential struct{ s *Session }

func (c *tokenCredential) renewable() (bool, string) {
	return false, "the token has expired or was revoked, and a token given as such cannot be renewed"
}

// agent uses the token as it is.
func (c *tokenCredential) agent(context.Context) (*gophercloud.ProviderClient, error) {
	return c.s.tokenClient(c.s.settings.get(nameToken)), nil
}

// signIn looks what the token is good for. If that is another project than the one wanted, or none, the token is exchanged.
func (c *tokenCredential) signIn(ctx context.Context) (*signedIn, error) {
	set := c.s.settings
	answer, err := c.s.readToken(ctx, set.get(nameToken))
	if err != nil {
		return nil, err
	}
	scope := projectScope(set)
	if scope.ProjectID == "" && scope.ProjectName == "" {
		if answer.Project.ID == "" {
			return nil, c.s.failure("the token is for no project. Give project_name or project_id")
		}
		return c.s.enter(answer)
	}
	if !answer.isFor(scope) {
		if scope.ProjectName != "" && scope.DomainID == "" && scope.DomainName == "" {
			return nil, c.s.failure("the token is for another project. Give domain_name or domain_id, to find the one called project_name")
		}
		if answer, err = c.s.createToken(ctx, &tokens.AuthOptions{TokenID: set.get(nameToken), Scope: scope}, false); err != nil {
			return nil, err
		}
	}
	return c.s.enter(answer)
}

// tokenAnswer is what the identity service says of a token.
type tokenAnswer struct {
	ID      string                `json:"-"`
	Project tokens.Project        `json:"project"`
	Catalog []tokens.CatalogEntry `json:"catalog"`
}

func (a *tokenAnswer) isFor(scope tokens.Scope) bool {
	if scope.ProjectID != "" {
		return a.Project.ID == scope.ProjectID
	}
	if a.Project.ID == "" || a.Project.Name != scope.ProjectName {
		return false
	}
	domain := a.Project.Domain
	return (scope.DomainID == "" || domain.ID == scope.DomainID) && (scope.DomainName == "" || domain.Name == scope.DomainName)
}

// createToken asks for a token. once: the options hold a one-time code.
func (s *Session) createToken(ctx context.Context, options tokens.AuthOptionsBuilder, once bool) (*tokenAnswer, error) {
	service := s.identityService()
	answer := &tokenAnswer{}
	err := s.ask(ctx, question{
		method: http.MethodPost, url: service.Endpoint + "auth/tokens", once: once,
		send: func(ctx context.Context) error {
			result := tokens.Create(ctx, service, options)
			if result.Err != nil {
				return result.Err
			}
			answer.ID = result.Header.Get("X-Subject-Token")
			return result.ExtractInto(answer)
		},
	})
	return answer, err
}

// readToken asks what a token is good for.
func (s *Session) readToken(ctx context.Context, id string) (*tokenAnswer, error) {
	service := s.identityService()
	service.TokenID = id
	answer := &tokenAnswer{ID: id} // not every cloud repeats the token in its answer
	err := s.ask(ctx, question{
		method: http.MethodGet, url: service.Endpoint + "auth/tokens",
		send: func(ctx context.Context) error {
			result := tokens.Get(ctx, service, id)
			if result.Err != nil {
				return result.Err
			}
			return result.ExtractInto(answer)
		},
	})
	return answer, err
}

func (s *Session) identityService() *gophercloud.ServiceClient {
	return &gophercloud.ServiceClient{ProviderClient: s.newClient(s.plain), Endpoint: identityURL(s.settings.AuthURL())}
}

// enter makes a token a sign-in: it finds the image service.
func (s *Session) enter(answer *tokenAnswer) (*signedIn, error) {
	if answer.ID == "" {
		return nil, s.failure("the identity service answered without a token")
	}
	if answer.Project.ID == "" {
		return nil, s.failure("the identity service answered with a token for no project")
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
	s.learn(newSecret(token))
	return client
}

// locate completes a scope with the endpoint and the region: given by the user, of the catalog, or derived from the identity service's host.
func (s *Session) locate(scope *Scope, catalog []tokens.CatalogEntry) error {
	set := s.settings
	found, listed, err := imagePlace(catalog, set.availability(), set.Region(), scope.ProjectName)
	derived, derivable := derivedPlace(set.AuthURL(), set.Region())
	given := set.get(nameEndpoint)
	switch {
	case given != "":
		scope.Endpoint = withoutVersion(given)
	case err != nil:
		return s.failure(err.Error())
	case listed:
		scope.Endpoint = found.endpoint
	case derivable:
		scope.Endpoint = derived.endpoint
	default:
		return s.failure("the catalog has no image service, and its address cannot be derived from auth_url. Give endpoint")
	}
	for _, region := range []string{set.Region(), found.region, derived.region, regionOfProject(scope.ProjectName)} {
		if region != "" {
			scope.Region = region
			return nil
		}
	}
	return s.failure("the region is not known. Give region")
}

// failure is a definite failure that no server told.
func (s *Session) failure(reason string) *SignInError {
	return &SignInError{Way: s.settings.way.name, Reason: reason, Sources: s.settings.Sources(), Definite: true}
}
