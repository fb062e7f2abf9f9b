package cloud

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// agencyCredential acts for an agency of another account: it signs in with its base, and asks for a token of the
// agency with that.
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
	client, err := c.base.userClient(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := c.assumeRole(ctx, client)
	if err != nil {
		return nil, c.explain(err)
	}
	c.done = true
	return c.s.signedInWith(answer)
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

// assumeRole asks for a token of the agency. Both public SDKs call it xrole_name, as Open Telekom Cloud's reference
// does; Huawei Cloud's reference says agency_name. A service that does not know the one is asked with the other.
func (c *agencyCredential) assumeRole(ctx context.Context, client *gophercloud.ProviderClient) (*tokenAnswer, error) {
	answer, err := c.createToken(ctx, client)
	var refusal *SignInError
	if !c.done && errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest {
		c.huawei = !c.huawei
		if other, again := c.createToken(ctx, client); again == nil {
			return other, nil
		}
		c.huawei = !c.huawei
	}
	return answer, err
}

func (c *agencyCredential) createToken(ctx context.Context, client *gophercloud.ProviderClient) (*tokenAnswer, error) {
	address := identityURL(c.s.settings.Get(settings.AuthURL)) + "auth/tokens"
	answer := &tokenAnswer{}
	send := func(ctx context.Context) error {
		var body struct {
			Token *tokenAnswer `json:"token"`
		}
		body.Token = answer
		options := &gophercloud.RequestOpts{JSONBody: c.request(), JSONResponse: &body, OkCodes: []int{http.StatusCreated}}
		//nolint:bodyclose // gophercloud closes it after decoding
		resp, err := client.Request(ctx, http.MethodPost, address, options)
		if err == nil {
			answer.ID = resp.Header.Get(headerSubjectToken)
		}
		return err
	}
	err := c.s.sendSignIn(ctx, signInRequest{method: http.MethodPost, url: address, send: send})
	return answer, err
}

// request is the body of the second step (IAM API reference, Obtaining an Agency Token).
func (c *agencyCredential) request() map[string]any {
	set := c.s.settings
	nameKey := "xrole_name"
	if c.huawei {
		nameKey = "agency_name"
	}
	role := map[string]any{nameKey: set.Get(settings.AgencyName)}
	domain := map[string]any{}
	if id := set.Get(settings.AgencyDomainID); id != "" {
		role["domain_id"], domain["id"] = id, id
	} else {
		name := set.Get(settings.AgencyDomainName)
		role["domain_name"], domain["name"] = name, name
	}

	// Every domain has a project of each region's name.
	project := cmp.Or(set.Get(settings.DelegatedProject), set.Get(settings.Region))
	return map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"assume_role"}, "assume_role": role},
		"scope":    map[string]any{"project": map[string]any{"name": project, "domain": domain}},
	}}
}
