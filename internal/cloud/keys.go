package cloud

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// keyCredential signs every request with an access key; no token is involved. What it asks is the id of a project given by name, and the
// catalog where the endpoint is neither given nor derived.
type keyCredential struct{ s *Session }

// renewable: nothing dies but temporary keys, and those cannot be renewed; a refusal goes to the caller as it is.
func (c *keyCredential) renewable() (bool, string) { return false, "" }

func (c *keyCredential) signIn(ctx context.Context) (*signedIn, error) {
	set := c.s.settings
	scope := Scope{ProjectID: set.get(nameProjectID), ProjectName: set.get(nameProjectName)}
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
	return &signedIn{client: c.client(scope.ProjectID), scope: scope}, nil
}

// client signs for a project, or for none.
func (c *keyCredential) client(projectID string) *gophercloud.ProviderClient {
	set := c.s.settings
	return c.s.newClient(&signingTransport{
		next: c.s.plain, now: c.s.now, projectID: projectID,
		accessKey: newSecret(set.get(nameAccessKey)), secretKey: newSecret(set.get(nameSecretKey)), securityToken: newSecret(set.get(nameSecurityToken)),
	})
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
	return c.s.ask(ctx, question{method: http.MethodGet, url: address, send: func(ctx context.Context) error {
		_, err := client.Request( //nolint:bodyclose // gophercloud closes it after decoding
			ctx, http.MethodGet, address, &gophercloud.RequestOpts{JSONResponse: answer, OkCodes: []int{http.StatusOK}},
		)
		return err
	}})
}
