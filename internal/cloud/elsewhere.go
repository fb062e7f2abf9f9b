package cloud

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// In prepares a session for the project of the name in another region (empty: the one that is named like the region), with the same
// credentials, and asks nobody anything. Hosts that are called after this session's region are called after the other one there.
func (s *Session) In(region, project string) *Session {
	s.mu.Lock()
	home := s.settings.Region()
	if s.state != nil {
		home = s.state.scope.Region
	}
	s.mu.Unlock()

	settings := *s.settings
	settings.values = maps.Clone(s.settings.values)
	set := func(name, text string) {
		settings.values[name] = value{text: newSecret(text), from: "the place of the image"}
	}
	set(nameRegion, region)
	if given(settings.values, nameAgency) {
		set(nameDelegatedProject, cmp.Or(project, region)) // the user's own project is where it was
	} else {
		delete(settings.values, nameProjectID)
		set(nameProjectName, cmp.Or(project, region))
	}
	// An endpoint that is not called after a region serves this one alone: the other region's is looked for.
	for name, needed := range map[string]bool{nameAuthURL: true, nameEndpoint: false} {
		there, moved := hostIn(settings.get(name), home, region)
		if moved {
			settings.values[name] = value{text: newSecret(there), from: settings.values[name].from}
		} else if !needed {
			delete(settings.values, name)
		}
	}
	other := &Session{
		settings: &settings, home: s, userAgent: s.userAgent, plain: s.plain, metadata: s.metadata, now: s.now, pause: s.pause, jitter: rand.Float64,
	}
	other.credential = other.newCredential()
	return other
}

// hostIn is a URL with one region in place of another in its host, and whether there was one.
func hostIn(address, home, region string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || home == "" {
		return address, false
	}
	labels := strings.Split(u.Host, ".")
	at := slices.Index(labels, home)
	if at < 0 {
		return address, false
	}
	labels[at] = region
	u.Host = strings.Join(labels, ".")
	return u.String(), true
}

// exchangeCredential stands on the token that a passcode got the home session: the code is used up.
type exchangeCredential struct{ s *Session }

func (c *exchangeCredential) renewable() (bool, string) { return false, usedPasscode }

func (c *exchangeCredential) signIn(ctx context.Context) (*signedIn, error) {
	token, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := c.s.createToken(ctx, &tokens.AuthOptions{TokenID: token, Scope: projectScope(c.s.settings)}, false)
	var refusal *SignInError
	if errors.As(err, &refusal) && refusal.Status == http.StatusUnauthorized && refusal.Reason == "" {
		refusal.Reason = "the token of the provider's own region is not exchanged for one of this region, and a passcode works only once"
	}
	if err != nil {
		return nil, err
	}
	return c.s.enter(answer)
}

func (c *exchangeCredential) agent(ctx context.Context) (*gophercloud.ProviderClient, error) {
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
	c.s.learn(newSecret(token))
	return token, nil
}
