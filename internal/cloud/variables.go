package cloud

import "strconv"

// Names of the settings: what messages call them and, but for the internal ones, the attributes of the provider block.
const (
	nameCloud             = "cloud"
	nameAuthURL           = "auth_url"
	nameRegion            = "region"
	nameUserName          = "user_name"
	nameUserID            = "user_id"
	namePassword          = "password"
	namePasscode          = "passcode"
	nameToken             = "token"
	nameDomainName        = "domain_name"
	nameDomainID          = "domain_id"
	nameDefaultDomain     = "default_domain"
	nameProjectName       = "project_name"
	nameProjectID         = "project_id"
	nameProjectDomainName = "project_domain_name"
	nameProjectDomainID   = "project_domain_id"
	nameAccessKey         = "access_key"
	nameSecretKey         = "secret_key"
	nameSecurityToken     = "security_token"
	nameEndpoint          = "endpoint"
	nameInterface         = "interface"
	nameCACert            = "cacert_file"
	nameClientCert        = "client_cert_file"
	nameClientKey         = "client_key_file"
	nameInsecure          = "insecure"
	nameAgency            = "assume_role.agency_name"
	nameAgencyDomainName  = "assume_role.domain_name"
	nameAgencyDomainID    = "assume_role.domain_id"
	nameDelegatedProject  = "assume_role.delegated_project"
	nameServerKeys        = "server_keys"
	nameMetadataURL       = "metadata_url"
)

// variable is a row of the table of settings: the places that can say it.
type variable struct {
	name string
	// group ties alternatives together: the highest source that says one of them silences the lower ones for all of them.
	group string
	// nearest: of alternatives that one source says, those alone count that it says most directly. A user's own domain, by name or id,
	// goes before one that is said of everything.
	nearest bool
	block   func(*Config) string // nil: the block cannot say it
	env     []string             // the first one set counts
	file    []string             // keys of a clouds.yaml entry, looked for in its auth section, then in the entry itself
}

// variables is the table of settings.
var variables = []variable{
	{name: nameCloud, block: func(c *Config) string { return c.Cloud }, env: []string{"OS_CLOUD"}},
	{name: nameAuthURL, block: func(c *Config) string { return c.AuthURL }, env: []string{"OS_AUTH_URL"}, file: []string{"auth_url"}},
	{name: nameRegion, block: func(c *Config) string { return c.Region }, env: []string{"OS_REGION_NAME", "OS_REGION"}, file: []string{"region_name"}},
	{
		name: nameUserName, group: "user", block: func(c *Config) string { return c.UserName },
		env: []string{"OS_USERNAME"}, file: []string{"username", "user_name"},
	},
	{name: nameUserID, group: "user", block: func(c *Config) string { return c.UserID }, env: []string{"OS_USER_ID"}, file: []string{"user_id"}},
	{name: namePassword, block: func(c *Config) string { return c.Password }, env: []string{"OS_PASSWORD"}, file: []string{"password"}},
	{name: namePasscode, block: func(c *Config) string { return c.Passcode }, env: []string{"OS_PASSCODE"}, file: []string{"passcode"}},
	{
		name: nameToken, block: func(c *Config) string { return c.Token },
		env: []string{"OS_TOKEN", "OS_AUTH_TOKEN"}, file: []string{"token", "auth_token"},
	},
	{
		name: nameDomainName, group: "domain", nearest: true, block: func(c *Config) string { return c.DomainName },
		env: []string{"OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"}, file: []string{"user_domain_name", "domain_name"},
	},
	{
		name: nameDomainID, group: "domain", nearest: true, block: func(c *Config) string { return c.DomainID },
		env: []string{"OS_USER_DOMAIN_ID", "OS_DOMAIN_ID"}, file: []string{"user_domain_id", "domain_id"},
	},
	// An id, for want of any other domain; openrc files have "default" there even where that is not the user's.
	{name: nameDefaultDomain, env: []string{"OS_DEFAULT_DOMAIN"}, file: []string{"default_domain"}},
	{
		name: nameProjectName, group: "project", block: func(c *Config) string { return c.ProjectName },
		env: []string{"OS_PROJECT_NAME", "OS_TENANT_NAME"}, file: []string{"project_name", "tenant_name"},
	},
	{
		name: nameProjectID, group: "project", block: func(c *Config) string { return c.ProjectID },
		env: []string{"OS_PROJECT_ID", "OS_TENANT_ID"}, file: []string{"project_id", "tenant_id"},
	},
	{name: nameProjectDomainName, group: "project domain", env: []string{"OS_PROJECT_DOMAIN_NAME"}, file: []string{"project_domain_name"}},
	{name: nameProjectDomainID, group: "project domain", env: []string{"OS_PROJECT_DOMAIN_ID"}, file: []string{"project_domain_id"}},
	{name: nameAccessKey, block: func(c *Config) string { return c.AccessKey }, env: []string{"OS_ACCESS_KEY"}, file: []string{"ak", "access_key"}},
	{name: nameSecretKey, block: func(c *Config) string { return c.SecretKey }, env: []string{"OS_SECRET_KEY"}, file: []string{"sk", "secret_key"}},
	{
		name: nameSecurityToken, block: func(c *Config) string { return c.SecurityToken },
		env: []string{"OS_SECURITY_TOKEN"}, file: []string{"security_token"},
	},
	{
		name: nameEndpoint, block: func(c *Config) string { return c.Endpoint },
		env: []string{"OS_IMAGE_ENDPOINT_OVERRIDE"}, file: []string{"image_endpoint_override", "ims_endpoint_override"},
	},
	{name: nameInterface, env: []string{"OS_ENDPOINT_TYPE", "OS_INTERFACE"}, file: []string{"endpoint_type", "interface"}},
	{name: nameCACert, block: func(c *Config) string { return c.CACert }, env: []string{"OS_CACERT"}, file: []string{"cacert"}},
	{name: nameClientCert, block: func(c *Config) string { return c.ClientCert }, env: []string{"OS_CERT"}, file: []string{"cert"}},
	{name: nameClientKey, block: func(c *Config) string { return c.ClientKey }, env: []string{"OS_KEY"}, file: []string{"key"}},
	{name: nameInsecure, block: func(c *Config) string { return boolText(c.Insecure) }, env: []string{"OS_INSECURE"}, file: []string{"insecure"}},
	{name: nameAgency, block: func(c *Config) string { return c.AgencyName }, env: []string{"OS_AGENCY_NAME"}, file: []string{"agency_name"}},
	{
		name: nameAgencyDomainName, group: "agency domain", block: func(c *Config) string { return c.AgencyDomainName },
		env: []string{"OS_AGENCY_DOMAIN_NAME"}, file: []string{"agency_domain_name"},
	},
	{
		name: nameAgencyDomainID, group: "agency domain", block: func(c *Config) string { return c.AgencyDomainID },
		env: []string{"OS_AGENCY_DOMAIN_ID"}, file: []string{"agency_domain_id"},
	},
	{
		name: nameDelegatedProject, block: func(c *Config) string { return c.DelegatedProject },
		env: []string{"OS_DELEGATED_PROJECT"}, file: []string{"delegated_project"},
	},
	{
		name: nameServerKeys, block: func(c *Config) string { return boolText(c.ServerKeys) },
		env: []string{"OS_SERVER_KEYS"}, file: []string{"server_keys"},
	},
	{name: nameMetadataURL, env: []string{"OS_METADATA_URL"}, file: []string{"metadata_url"}},
}

func boolText(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// variableNamed returns the row of a setting; every name constant has one.
func variableNamed(name string) variable {
	for _, v := range variables {
		if v.name == name {
			return v
		}
	}
	panic("cloud: no setting is called " + name)
}
