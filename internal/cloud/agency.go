package cloud

import (
	"context"
	"errors"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"
)

// baseCredential is a credential that an agency can stand on.
type baseCredential interface {
	credential
	// agent is a client whose requests the identity service takes for the user's. Its error is a *SignInError.
	agent(ctx context.Context) (*gophercloud.ProviderClient, error)
}

// agencyCredential acts for an agency of another account: it signs in with its base, and asks for a token of the agency with that.
type agencyCredential struct {
	s    *Session
	base baseCredential
	// huawei: the agency goes by the name that Huawei Cloud's reference gives it.
	huawei bool
	// done: this has worked before, so that a refusal is one of what the base has left.
	done bool
}

// renewable: the agency's token dies, and the base gets another; whether the base still can shows then.
func (c *agencyCredential) renewable() (bool, string) { return true, "" }

func (c *agencyCredential) signIn(ctx context.Context) (*signedIn, error) {
	client, err := c.base.agent(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := c.assume(ctx, client)
	if err != nil {
		return nil, c.explain(err)
	}
	c.done = true
	return c.s.enter(answer)
}

// explain says of a refusal which of the two steps it is about.
func (c *agencyCredential) explain(err error) error {
	var refusal *SignInError
	if !errors.As(err, &refusal) || !refusal.Definite || refusal.Reason != "" {
		return err
	}
	_, why := c.base.renewable()
	if c.done && why != "" && refusal.Status == http.StatusUnauthorized {
		refusal.Reason = why
	} else {
		refusal.Reason = "the agency is refused"
	}
	return err
}

// assume asks for a token of the agency. Both public SDKs call it xrole_name, as Open Telekom Cloud's reference does; Huawei Cloud's
// reference says agency_name. A service that does not know the one is asked with the other.
func (c *agencyCredential) assume(ctx context.Context, client *gophercloud.ProviderClient) (*tokenAnswer, error) {
	answer, err := c.ask(ctx, client)
	var refusal *SignInError
	if !c.done && errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest {
		c.huawei = !c.huawei
		if other, again := c.ask(ctx, client); again == nil {
			return other, nil
		}
		c.huawei = !c.huawei
	}
	return answer, err
}

func (c *agencyCredential) ask(ctx context.Context, client *gophercloud.ProviderClient) (*tokenAnswer, error) {
	address := identityURL(c.s.settings.AuthURL()) + "auth/tokens"
	answer := &tokenAnswer{}
	err := c.s.ask(ctx, question{method: http.MethodPost, url: address, send: func(ctx context.Context) error {
		var body struct {
			Token *tokenAnswer `json:"token"`
		}
		body.Token = answer
		resp, err := client.Request(ctx, http.MethodPost, address, &gophercloud.RequestOpts{ //nolint:bodyclose // gophercloud closes it after decoding
			JSONBody: c.request(), JSONResponse: &body, OkCodes: []int{http.StatusCreated},
		})
		if err == nil {
			answer.ID = resp.Header.Get("X-Subject-Token")
		}
		return err
	}})
	return answer, err
}

// request is the body of the second step (IAM API reference, Obtaining an Agency Token).
func (c *agencyCredential) request() map[string]any {
	set := c.s.settings
	name := "xrole_name"
	if c.huawei {
		name = "agency_name"
	}
	role := map[string]any{name: set.get(nameAgency)}
	domain := map[string]any{}
	if id := set.get(nameAgencyDomainID); id != "" {
		role["domain_id"], domain["id"] = id, id
	} else {
		role["domain_name"], domain["name"] = set.get(nameAgencyDomainName), set.get(nameAgencyDomainName)
	}
	project := set.get(nameDelegatedProject)
	if project == "" {
		project = set.Region() // every domain has a project of that name
	}
	return map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"assume_role"}, "assume_role": role},
		"scope":    map[string]any{"project": map[string]any{"name": project, "domain": domain}},
	}}
}
