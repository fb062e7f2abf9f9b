package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// keyCredential signs every request with an access key; no token is involved. What it asks is the id of a project given by name, and the
// catalog where the endpoint is neither given nor derived.
type keyCredential struct {
	s *Session
	// fetch gets keys that can be renewed. Nil: the settings have them.
	fetch func(ctx context.Context) (accessKeys, error)
	keys  accessKeys
}

// accessKeys are an access key, its secret key, and what temporary ones have besides.
type accessKeys struct {
	access, secret, token secret
	expires               time.Time // zero: never, or not known
}

func (s *Session) newKeyCredential() *keyCredential {
	set := s.settings
	return &keyCredential{s: s, keys: accessKeys{
		access: newSecret(set.get(nameAccessKey)), secret: newSecret(set.get(nameSecretKey)), token: newSecret(set.get(nameSecurityToken)),
	}}
}

// perhapsExpired is what to tell of temporary keys that are refused: no service says why.
const perhapsExpired = "the keys are refused; they are temporary, and have perhaps expired"

// renewable: nothing of given keys dies but temporary ones, and those cannot be renewed. A refusal of others goes to the caller as it is.
func (c *keyCredential) renewable() (bool, string) {
	if c.fetch == nil && c.keys.token.reveal() != "" {
		return false, perhapsExpired
	}
	return c.fetch != nil, ""
}

func (c *keyCredential) signIn(ctx context.Context) (*signedIn, error) {
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	set := c.s.settings
	scope := Scope{ProjectID: set.get(nameProjectID), ProjectName: set.get(nameProjectName), BodyLimit: signedBodyLimit}
	if scope.ProjectID == "" {
		id, err := c.findProject(ctx, scope.ProjectName)
		if err != nil {
			return nil, err
		}
		scope.ProjectID = id
	}
	catalog, err := c.findCatalog(ctx, scope)
	if err != nil {
		return nil, err
	}
	if err := c.s.locate(&scope, catalog); err != nil {
		return nil, err
	}
	return &signedIn{client: c.client(scope.ProjectID), scope: scope, expires: c.keys.expires}, nil
}

func (c *keyCredential) refresh(ctx context.Context) error {
	if c.fetch == nil {
		return nil
	}
	keys, err := c.fetch(ctx)
	if err == nil {
		c.keys = keys
		c.s.learn(keys.secret, keys.token)
	}
	return err
}

// client signs for a project, or for none.
func (c *keyCredential) client(projectID string) *gophercloud.ProviderClient {
	return c.s.newClient(c.signer(projectID, ""))
}

func (c *keyCredential) signer(projectID, domainID string) *signingTransport {
	return &signingTransport{
		next: c.s.plain, now: c.s.now, projectID: projectID, domainID: domainID,
		accessKey: c.keys.access, secretKey: c.keys.secret, securityToken: c.keys.token,
	}
}

// agent signs for the user's own account, as both public SDKs do: the identity service wants to know whose request it is.
func (c *keyCredential) agent(ctx context.Context) (*gophercloud.ProviderClient, error) {
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	domainID, err := c.findDomain(ctx)
	if err != nil {
		return nil, err
	}
	return c.s.newClient(c.signer("", domainID)), nil
}

// findDomain asks for the id of the account that the keys belong to.
func (c *keyCredential) findDomain(ctx context.Context) (string, error) {
	set := c.s.settings
	if id := set.get(nameDomainID); id != "" {
		return id, nil
	}
	var answer struct {
		Domains []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"domains"`
	}
	if err := c.get(ctx, "", "auth/domains", &answer); err != nil {
		return "", err
	}
	name := set.get(nameDomainName)
	var ids []string
	for _, d := range answer.Domains {
		if name == "" || d.Name == name {
			ids = append(ids, d.ID)
		}
	}
	switch {
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) == 0 && name != "":
		return "", c.s.failure(fmt.Sprintf("the access key sees no domain called %q", name))
	default:
		return "", c.s.failure(fmt.Sprintf("the access key sees %d domains. Give domain_name or domain_id of its own", len(ids)))
	}
}

// findProject asks for the project of that name.
func (c *keyCredential) findProject(ctx context.Context, name string) (string, error) {
	query := canonicalQuery(map[string][]string{"name": {name}})
	var answer struct {
		Projects []struct {
			ID       string `json:"id"`
			Name     string `json:"name"`
			DomainID string `json:"domain_id"`
		} `json:"projects"`
	}
	if err := c.get(ctx, "", "projects?"+query, &answer); err != nil {
		return "", err
	}
	domainID, _ := c.s.settings.projectDomain()
	var ids []string
	for _, p := range answer.Projects {
		if p.Name == name && (domainID == "" || p.DomainID == "" || p.DomainID == domainID) {
			ids = append(ids, p.ID)
		}
	}
	switch len(ids) {
	case 0:
		return "", c.s.failure(fmt.Sprintf("the access key sees no project called %q", name))
	case 1:
		return ids[0], nil
	default:
		return "", c.s.failure(fmt.Sprintf("the access key sees %d projects called %q. Give project_id", len(ids), name))
	}
}

// findCatalog asks for the catalog, unless the endpoint is known without it: a request saved at every start.
func (c *keyCredential) findCatalog(ctx context.Context, scope Scope) ([]tokens.CatalogEntry, error) {
	set := c.s.settings
	if given(set.values, nameEndpoint) {
		return nil, nil
	}
	if _, ok := derivedPlace(set.AuthURL(), set.Region()); ok {
		return nil, nil
	}
	var answer struct {
		Catalog []tokens.CatalogEntry `json:"catalog"`
	}
	err := c.get(ctx, scope.ProjectID, "auth/catalog", &answer)
	return answer.Catalog, err
}

func (c *keyCredential) get(ctx context.Context, projectID, path string, answer any) error {
	client := c.client(projectID)
	address := identityURL(c.s.settings.AuthURL()) + path
	err := c.s.ask(ctx, question{method: http.MethodGet, url: address, send: func(ctx context.Context) error {
		_, err := client.Request( //nolint:bodyclose // gophercloud closes it after decoding
			ctx, http.MethodGet, address, &gophercloud.RequestOpts{JSONResponse: answer, OkCodes: []int{http.StatusOK}},
		)
		return err
	}})
	var refusal *SignInError
	if errors.As(err, &refusal) && refusal.Status == http.StatusUnauthorized && refusal.Reason == "" {
		_, refusal.Reason = c.renewable()
	}
	return err
}
