package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

const keystoneTime = "2006-01-02T15:04:05.000000Z"

// authBody is a sign-in (Identity API v3, Password authentication and others; IAM API reference, Obtaining a User
// Token).
type authBody struct {
	Auth struct {
		Identity struct {
			Methods  []string `json:"methods"`
			Password struct {
				User authUser `json:"user"`
			} `json:"password"`
			Token struct {
				ID string `json:"id"`
			} `json:"token"`
			AssumeRole assumedRole `json:"assume_role"`
			TOTP       struct {
				User codedUser `json:"user"`
			} `json:"totp"`
		} `json:"identity"`
		Scope json.RawMessage `json:"scope"`
	} `json:"auth"`
}

type authUser struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Password string     `json:"password"`
	Domain   authDomain `json:"domain"`
}

type codedUser struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Passcode string     `json:"passcode"`
	Domain   authDomain `json:"domain"`
}

type authDomain struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type authScope struct {
	Project *struct {
		ID     string     `json:"id"`
		Name   string     `json:"name"`
		Domain authDomain `json:"domain"`
	} `json:"project"`
	Domain   *authDomain `json:"domain"`
	Unscoped *struct{}   `json:"unscoped"`
}

func wrongCredentials() *refusal {
	return keystone(http.StatusUnauthorized, "The username or password is wrong.")
}

// createToken is POST /v3/auth/tokens.
func (e *Emulator) createToken(c *call) (answer, error) {
	var body authBody
	if err := c.decodeKeystone(c.body, &body); err != nil {
		return answer{}, err
	}
	base, err := e.checkIdentity(c, &body)
	if err != nil {
		return answer{}, err
	}
	tenant, _ := tenantOfUser(base.UserID)
	wanted, err := c.scope(body.Auth.Scope, tenant)
	if err != nil {
		return answer{}, err
	}
	wanted.Methods, wanted.Agency, wanted.AgentID = body.Auth.Identity.Methods, base.Agency, base.AgentID
	token, issued := e.issue(wanted)
	c.session = issued
	return answer{
		status: http.StatusCreated, body: e.describeToken(c, issued), header: http.Header{"X-Subject-Token": {token}},
	}, nil
}

// checkIdentity is who signs in, for no project yet.
func (e *Emulator) checkIdentity(c *call, body *authBody) (session, error) {
	identity := &body.Auth.Identity
	if identity.Methods == nil {
		return session{}, keystone(http.StatusBadRequest, "The identity and its methods are missing.")
	}
	switch strings.Join(identity.Methods, " ") {
	case "":
		return session{}, keystone(http.StatusUnauthorized, "A method of signing in is missing.")
	case "password", "password totp":
		tenant, err := e.checkPassword(identity.Password.User)
		if err != nil {
			return session{}, err
		}
		return session{UserID: tenant.UserID}, e.checkPasscode(tenant, identity.TOTP.User)
	case "token":
		s, state := e.lookUp(identity.Token.ID)
		if state != tokenValid {
			return session{}, keystone(http.StatusUnauthorized, "The token is invalid or expired.")
		}
		return session{UserID: s.UserID, Agency: s.Agency, AgentID: s.AgentID}, nil
	case "assume_role":
		return e.assume(c, identity.AssumeRole)
	default:
		return session{}, keystone(http.StatusBadRequest, "Attempted to authenticate with an unsupported method.")
	}
}

// checkPasscode uses up a one-time code of a user with a second factor.
func (e *Emulator) checkPasscode(t Tenant, user codedUser) error {
	left, needed := e.passcodes[t.UserID]
	if !needed && user.Passcode == "" {
		return nil
	}
	if !left[user.Passcode] {
		return keystone(http.StatusUnauthorized, "The passcode is missing, wrong or used up.")
	}
	if !t.is(user.ID, user.Name, user.Domain) {
		return keystone(http.StatusUnauthorized, "The passcode is of another user than the password.")
	}
	delete(left, user.Passcode)
	return nil
}

// decodeKeystone is decode with Keystone's words.
func (c *call) decodeKeystone(content []byte, into any) error {
	part := &call{body: content}
	err := part.decode(into)
	if err == nil {
		return nil
	}
	r := keystone(http.StatusBadRequest, "The request body is not what the API reference documents.")
	r.unknown = isUnknown(err)
	return r
}

func (e *Emulator) checkPassword(user authUser) (Tenant, error) {
	if user.ID == "" && (user.Name == "" || user.Domain == authDomain{}) || user.Password == "" {
		return Tenant{}, keystone(http.StatusBadRequest, "The user needs an id or a name and a domain, and a password.")
	}
	for _, t := range tenants() {
		if t.is(user.ID, user.Name, user.Domain) && user.Password == e.passwords[t.UserID] {
			return t, nil
		}
	}
	return Tenant{}, wrongCredentials()
}

// is tells whether a user is t: by id, or by name and domain.
func (t Tenant) is(id, name string, domain authDomain) bool {
	return id == t.UserID || id == "" && name == t.UserName && t.inDomain(domain)
}

func (t Tenant) inDomain(d authDomain) bool {
	return d.ID == t.DomainID || d.ID == "" && d.Name == t.DomainName
}

// scope is what a tenant's token is for.
func (c *call) scope(content json.RawMessage, t Tenant) (session, error) {
	s := session{UserID: t.UserID}
	if len(content) == 0 || string(content) == "null" || string(content) == `"unscoped"` {
		return s, nil
	}
	var scope authScope
	if err := c.decodeKeystone(content, &scope); err != nil {
		return s, err
	}
	switch {
	case scope.Project != nil:
		p := scope.Project
		if p.ID == "" && (p.Name == "" || p.Domain == authDomain{}) {
			// IAM, unlike Keystone, takes the user's own domain for a project without one.
			if p.Name == "" {
				return s, keystone(http.StatusBadRequest, "The project needs an id or a name.")
			}
			p.Domain.ID = t.DomainID
		}
		in, exists := t.in(p.ID, p.Name)
		if !exists || p.ID == "" && !t.inDomain(p.Domain) {
			return s, keystone(http.StatusUnauthorized, "The user has no access to the project.")
		}
		s.ProjectID = in.ProjectID
	case scope.Domain != nil:
		if !t.inDomain(*scope.Domain) {
			return s, keystone(http.StatusUnauthorized, "The user has no access to the domain.")
		}
		s.DomainID = t.DomainID
	}
	return s, nil
}

func describeUser(t Tenant) map[string]any {
	return map[string]any{
		"id": t.UserID, "name": t.UserName, "domain": map[string]any{"id": t.DomainID, "name": t.DomainName},
		"password_expires_at": "",
	}
}

// describeToken is a token's body.
func (e *Emulator) describeToken(c *call, s session) map[string]any {
	t, _ := tenantOfUser(s.UserID)
	domain := map[string]any{"id": t.DomainID, "name": t.DomainName}
	token := map[string]any{
		"methods": s.Methods, "issued_at": s.IssuedAt.UTC().Format(keystoneTime),
		"expires_at": s.ExpiresAt.UTC().Format(keystoneTime), "user": describeUser(t),
	}
	if agent, ok := tenantOfUser(s.AgentID); ok {
		token["assumed_by"] = map[string]any{"user": describeUser(agent)}
		token["user"] = map[string]any{"id": s.Agency, "name": t.DomainName + "/" + agencyName(s.Agency), "domain": domain}
	}
	if s.ProjectID != "" || s.DomainID != "" {
		token["roles"] = []any{map[string]any{"id": "0", "name": "te_admin"}, map[string]any{"id": "0", "name": "ims_adm"}}
		if !c.query.Has("nocatalog") {
			token["catalog"] = e.catalog(c, s)
		}
	}
	if s.ProjectID != "" {
		in, _ := t.in(s.ProjectID, "")
		token["project"] = map[string]any{"id": in.ProjectID, "name": in.ProjectName, "domain": domain}
	}
	if s.DomainID != "" {
		token["domain"] = domain
	}
	return map[string]any{"token": token}
}

// catalog lists Keystone and, for a project, IMS.
func (e *Emulator) catalog(c *call, s session) []any {
	entry := func(name, kind, region, url string) any {
		return map[string]any{"id": "service-" + kind, "name": name, "type": kind, "endpoints": []any{map[string]any{
			"id": "endpoint-" + kind, "interface": "public", "region": region, "region_id": region, "url": url,
		}}}
	}
	entries := []any{entry("keystone", "identity", Region, c.url()+"/v3")}
	if s.ProjectID != "" && !e.options.Switches.DeliverCatalogWithoutImage {
		entries = append(entries, entry("ims", "image", regionOf(s.ProjectID), c.url()))
	}
	return entries
}

// subject is the token that a request is about.
func (e *Emulator) subject(c *call) (string, session, error) {
	token := c.request.Header.Get("X-Subject-Token")
	s, state := e.lookUp(token)
	if state != tokenValid {
		return "", session{}, keystone(http.StatusNotFound, "Could not find token.")
	}
	return token, s, nil
}

// showToken is GET /v3/auth/tokens.
func (e *Emulator) showToken(c *call) (answer, error) {
	token, s, err := e.subject(c)
	if err != nil {
		return answer{}, err
	}
	got := ok(e.describeToken(c, s))
	got.header = http.Header{"X-Subject-Token": {token}}
	return got, nil
}

// revokeToken is DELETE /v3/auth/tokens.
func (e *Emulator) revokeToken(c *call) (answer, error) {
	token, _, err := e.subject(c)
	if err != nil {
		return answer{}, err
	}
	delete(e.world.Tokens, hashToken(token))
	return noContent(), nil
}

// showCatalog is GET /v3/auth/catalog.
func (e *Emulator) showCatalog(c *call) (answer, error) {
	s := c.session
	if isSigned(c.request) && s.ProjectID == "" {
		t, _ := tenantOfUser(s.UserID)
		s.ProjectID = t.ProjectID
	}
	links := map[string]any{"self": c.url() + c.request.URL.Path}
	return ok(map[string]any{"catalog": e.catalog(c, s), "links": links}), nil
}

func selfLink(c *call) map[string]any {
	return map[string]any{"self": c.url() + c.request.URL.Path, "previous": nil, "next": nil}
}

func describeProject(c *call, t Tenant) map[string]any {
	return map[string]any{
		"id": t.ProjectID, "name": t.ProjectName, "domain_id": t.DomainID, "parent_id": t.DomainID, "description": "",
		"enabled": true, "is_domain": false, "links": map[string]any{"self": c.url() + "/v3/projects/" + t.ProjectID},
	}
}

// listProjects is GET /v3/projects and GET /v3/auth/projects: those that the user may use.
func (e *Emulator) listProjects(c *call) (answer, error) {
	t, _ := tenantOfUser(c.session.UserID)
	projects := []any{}
	name := c.query.Get("name")
	for _, p := range t.projects() {
		if (name == "" || name == p.ProjectName) && slices.Contains([]string{"", t.DomainID}, c.query.Get("domain_id")) {
			projects = append(projects, describeProject(c, p))
		}
	}
	return ok(map[string]any{"projects": projects, "links": selfLink(c)}), nil
}

// showProject is GET /v3/projects/{project}.
func (e *Emulator) showProject(c *call) (answer, error) {
	t, _ := tenantOfUser(c.session.UserID)
	in, exists := t.in(c.vars["project"], "")
	if !exists {
		return answer{}, keystone(http.StatusNotFound, "Could not find project: "+c.vars["project"]+".")
	}
	return ok(map[string]any{"project": describeProject(c, in)}), nil
}

// listDomains is GET /v3/auth/domains.
func (e *Emulator) listDomains(c *call) (answer, error) {
	t, _ := tenantOfUser(c.session.UserID)
	domains := []any{}
	if name := c.query.Get("name"); name == "" || name == t.DomainName {
		domains = append(domains, map[string]any{"id": t.DomainID, "name": t.DomainName, "enabled": true, "description": ""})
	}
	return ok(map[string]any{"domains": domains, "links": selfLink(c)}), nil
}

// showKeystone is GET /v3.
func (e *Emulator) showKeystone(c *call) (answer, error) {
	return ok(map[string]any{"version": map[string]any{
		"id": "v3.6", "status": "stable", "updated": time.Date(2016, 4, 4, 0, 0, 0, 0, time.UTC).Format(dateFormat),
		"links": []any{map[string]any{"rel": "self", "href": strings.TrimSuffix(c.url(), "/") + "/v3/"}},
		"media-types": []any{
			map[string]any{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"},
		},
	}}), nil
}
