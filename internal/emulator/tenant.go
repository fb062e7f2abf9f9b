package emulator

// Region is the emulator's only region.
const Region = "eu-de"

// Tenant is a user with a project, and everything it may sign in with.
type Tenant struct {
	DomainName, DomainID   string
	ProjectName, ProjectID string
	UserName, UserID       string
	Password               string
	AccessKey, SecretKey   string // permanent keys
}

// The two tenants, of one domain. An image of [Owner] can be shared with [Receiver]. Neither can act in the other's project.
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
)

// cloudProjectID owns the public images.
const cloudProjectID = "c0000000000000000000000000000000"

// accessKey is what a signature can be checked with.
type accessKey struct {
	tenant        Tenant
	secret        string
	securityToken string // of temporary keys
}

func tenants() []Tenant { return []Tenant{Owner, Receiver} }

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
	ak, sk, securityToken = "EMULATORTEMPORARY"+randomHex(4), randomHex(20), randomHex(64)
	e.keys[ak] = accessKey{tenant: t, secret: sk, securityToken: securityToken}
	return ak, sk, securityToken
}

// SetPassword changes t's password. It does not survive a restart.
func (e *Emulator) SetPassword(t Tenant, password string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.passwords[t.UserID] = password
}
