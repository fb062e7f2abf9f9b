package emulator

import (
	"slices"
	"time"
)

// Region is where the tenants are; see [FarRegion] for the other one.
const Region = "eu-de"

// Tenant is a user with a project, and everything it may sign in with.
type Tenant struct {
	DomainName, DomainID   string
	ProjectName, ProjectID string
	UserName, UserID       string
	Password               string
	AccessKey, SecretKey   string // permanent keys
}

// The tenants. An image of [Owner] can be shared with [Receiver], of the same domain. None can act in another's
// project, but [Agent], of a domain of its own, may act for the agency [Builders].
var (
	Owner = Tenant{
		DomainName: "emulator", DomainID: "d0000000000000000000000000000001",
		ProjectName: "eu-de", ProjectID: "a0000000000000000000000000000001",
		UserName: "builder", UserID: "b0000000000000000000000000000001",
		Password:  "not-a-real-password-of-builder",
		AccessKey: "EMULATORBUILDER00001", SecretKey: "not-a-real-secret-key-of-builder-0000001",
	}
	Receiver = Tenant{
		DomainName: "emulator", DomainID: "d0000000000000000000000000000001",
		ProjectName: "eu-de_receiver", ProjectID: "a0000000000000000000000000000002",
		UserName: "receiver", UserID: "b0000000000000000000000000000002",
		Password:  "not-a-real-password-of-receiver",
		AccessKey: "EMULATORRECEIVER0001", SecretKey: "not-a-real-secret-key-of-receiver-000002",
	}
	Agent = Tenant{
		DomainName: "partner", DomainID: "d0000000000000000000000000000003",
		ProjectName: "eu-de", ProjectID: "a0000000000000000000000000000003",
		UserName: "agent", UserID: "b0000000000000000000000000000003",
		Password:  "not-a-real-password-of-agent",
		AccessKey: "EMULATORAGENT0000001", SecretKey: "not-a-real-secret-key-of-agent-000000003",
	}
)

// Agency lets the users of one domain act in another.
type Agency struct {
	Name, ID string
	For      Tenant // in whose project and domain
	Trusted  string // the id of the domain whose users may
}

// Builders lets [Agent] act in the project of [Owner].
var Builders = Agency{
	Name: "image-builders", ID: "e0000000000000000000000000000001", For: Owner, Trusted: Agent.DomainID,
}

func agencies() []Agency { return []Agency{Builders} }

// cloudProjectID owns the public images.
const cloudProjectID = "c0000000000000000000000000000000"

// accessKey is what a signature can be checked with.
type accessKey struct {
	tenant        Tenant
	secret        string
	securityToken string    // of temporary keys
	expires       time.Time // zero: never
}

func tenants() []Tenant { return []Tenant{Owner, Receiver, Agent} }

func tenantOfUser(userID string) (Tenant, bool) {
	for _, t := range tenants() {
		if t.UserID == userID {
			return t, true
		}
	}
	return Tenant{}, false
}

func tenantOfProject(projectID string) (Tenant, bool) {
	for _, t := range tenants() {
		if t.ProjectID == projectID {
			return t, true
		}
	}
	return Tenant{}, false
}

// IssueToken signs t in, as a password would, and returns the token.
func (e *Emulator) IssueToken(t Tenant) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	token, _ := e.issue(session{UserID: t.UserID, ProjectID: t.ProjectID, Methods: []string{"password"}})
	e.save()
	return token
}

// RevokeTokens makes every token so far invalid.
func (e *Emulator) RevokeTokens() {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.world.Tokens)
	e.save()
}

// IssueTemporaryKeys gives t keys that are valid only together with the security token. They do not survive a restart.
func (e *Emulator) IssueTemporaryKeys(t Tenant) (ak, sk, securityToken string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.issueKeys(t, time.Time{})
}

func (e *Emulator) issueKeys(t Tenant, expires time.Time) (ak, sk, securityToken string) {
	ak, sk, securityToken = "EMULATORTEMPORARY"+randomHex(4), randomHex(20), randomHex(64)
	e.told = append(e.told, sk, securityToken)
	e.keys[ak] = accessKey{tenant: t, secret: sk, securityToken: securityToken, expires: expires}
	return ak, sk, securityToken
}

// SetPasscodes switches t's second factor on: from now on its password needs one of the codes, and each works once.
// They do not survive a restart.
func (e *Emulator) SetPasscodes(t Tenant, codes ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.passcodes[t.UserID] = map[string]bool{}
	for _, code := range codes {
		e.passcodes[t.UserID][code] = true
	}
}

// Told are the secrets that the emulator has given out: tokens, and the secret parts of temporary keys. Tests look for
// them where they must not be.
func (e *Emulator) Told() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.told)
}

// SetPassword changes t's password. It does not survive a restart.
func (e *Emulator) SetPassword(t Tenant, password string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.passwords[t.UserID] = password
}
