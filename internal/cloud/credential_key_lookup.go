package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// findDomain asks for the id of the account that the keys belong to.
func (c *keyCredential) findDomain(ctx context.Context) (string, error) {
	set := c.s.settings
	if id := set.Get(settings.DomainID); id != "" {
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

	name := set.Get(settings.DomainName)
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
		return "", c.s.definiteError(fmt.Sprintf("the access key sees no domain called %q", name))
	default:
		return "", c.s.definiteError(
			fmt.Sprintf("the access key sees %d domains. Give domain_name or domain_id of its own", len(ids)))
	}
}

// findProject asks for the project of that name.
func (c *keyCredential) findProject(ctx context.Context, name string) (string, error) {
	query := canonicalQuery(url.Values{"name": {name}})
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

	domainID, _ := c.s.settings.ProjectDomain()
	var ids []string
	for _, p := range answer.Projects {
		if p.Name == name && (domainID == "" || p.DomainID == "" || p.DomainID == domainID) {
			ids = append(ids, p.ID)
		}
	}
	switch len(ids) {
	case 0:
		return "", c.s.definiteError(fmt.Sprintf("the access key sees no project called %q", name))
	case 1:
		return ids[0], nil
	default:
		return "", c.s.definiteError(
			fmt.Sprintf("the access key sees %d projects called %q. Give project_id", len(ids), name))
	}
}

// findCatalog asks for the catalog, unless the endpoint is known without it: that saves a request at every start.
func (c *keyCredential) findCatalog(ctx context.Context, scope Scope) ([]tokens.CatalogEntry, error) {
	set := c.s.settings
	if set.Has(settings.Endpoint) {
		return nil, nil
	}
	if _, ok := derivedPlace(set.Get(settings.AuthURL), set.Get(settings.Region)); ok {
		return nil, nil
	}
	var answer struct {
		Catalog []tokens.CatalogEntry `json:"catalog"`
	}
	err := c.get(ctx, scope.ProjectID, "auth/catalog", &answer)
	return answer.Catalog, err
}

// get sends a signed GET to the identity service.
func (c *keyCredential) get(ctx context.Context, projectID, path string, answer any) error {
	client := c.client(projectID, "")
	address := identityURL(c.s.settings.Get(settings.AuthURL)) + path
	send := func(ctx context.Context) error {
		options := &gophercloud.RequestOpts{JSONResponse: answer, OkCodes: []int{http.StatusOK}}
		//nolint:bodyclose // gophercloud closes it after decoding
		_, err := client.Request(ctx, http.MethodGet, address, options)
		return err
	}
	err := c.s.sendSignIn(ctx, signInRequest{method: http.MethodGet, url: address, send: send})

	var refusal *SignInError
	if errors.As(err, &refusal) && refusal.Status == http.StatusUnauthorized && refusal.Reason == "" {
		_, refusal.Reason = c.renewable()
	}
	return err
}
