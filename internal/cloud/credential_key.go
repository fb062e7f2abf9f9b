package cloud

import (
	"context"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// keyCredential signs every request with an access key; no token is involved. What it asks is the id of a project
// given by name, and the catalog if the endpoint is neither given nor derived.
type keyCredential struct {
	s *Session
	// fetch gets keys that can be renewed. Nil: the settings have them.
	fetch func(ctx context.Context) (accessKeys, error)
	keys  accessKeys
}

// accessKeys are an access key, its secret key, and what temporary ones have besides.
type accessKeys struct {
	access, secret, token settings.Secret
	expires               time.Time // zero: never, or not known
}

func (s *Session) newKeyCredential() *keyCredential {
	get := func(name settings.Name) settings.Secret { return settings.NewSecret(s.settings.Get(name)) }
	return &keyCredential{s: s, keys: accessKeys{
		access: get(settings.AccessKey), secret: get(settings.SecretKey), token: get(settings.SecurityToken),
	}}
}

// perhapsExpired is the reason for people why temporary keys are refused: no service gives one.
const perhapsExpired = "the keys are refused; they are temporary, and have perhaps expired"

// renewable: of given keys only temporary ones die, and those cannot be renewed. A refusal of others goes to the
// caller as it is.
func (c *keyCredential) renewable() (bool, string) {
	if c.fetch == nil && c.keys.token.Reveal() != "" {
		return false, perhapsExpired
	}
	return c.fetch != nil, ""
}

func (c *keyCredential) signIn(ctx context.Context) (*signedIn, error) {
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}

	set := c.s.settings
	scope := Scope{
		ProjectID: set.Get(settings.ProjectID), ProjectName: set.Get(settings.ProjectName), BodyLimit: signedBodyLimit,
	}
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
	return &signedIn{client: c.client(scope.ProjectID, ""), scope: scope, expires: c.keys.expires}, nil
}

// refresh gets new keys, if they are of the kind that can be renewed.
func (c *keyCredential) refresh(ctx context.Context) error {
	if c.fetch == nil {
		return nil
	}
	keys, err := c.fetch(ctx)
	if err == nil {
		c.keys = keys
		c.s.addSecrets(keys.secret, keys.token)
	}
	return err
}

// client signs for a project or, without one, for the account or for neither.
func (c *keyCredential) client(projectID, domainID string) *gophercloud.ProviderClient {
	return c.s.newClient(&signingTransport{
		next: c.s.plain, now: c.s.now, projectID: projectID, domainID: domainID,
		accessKey: c.keys.access, secretKey: c.keys.secret, securityToken: c.keys.token,
	})
}

// userClient signs for the user's own account, as both public SDKs do: the identity service must know whose request
// it is.
func (c *keyCredential) userClient(ctx context.Context) (*gophercloud.ProviderClient, error) {
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	domainID, err := c.findDomain(ctx)
	if err != nil {
		return nil, err
	}
	return c.client("", domainID), nil
}
