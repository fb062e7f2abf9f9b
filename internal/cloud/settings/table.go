package settings

// setting is a row of the table: the places that can give it.
type setting struct {
	name Name
	// group ties alternatives together: the highest source that gives one of them silences the lower ones for all of them.
	group string
	// mostDirect: of alternatives that one source gives, only those count that it gives most directly. A user's own
	// domain, by name or id, goes before one that is given for everything.
	mostDirect bool
	block      func(*Config) string // nil: the block cannot give it
	env        []string             // the first one set counts
	file       []string             // keys of a clouds.yaml entry, in its auth section or else in the entry itself
}

// table has every setting, in the order in which messages list them.
var table = []setting{
	{
		name: Cloud, block: func(c *Config) string { return c.Cloud },
		env: []string{"OS_CLOUD"},
	},
	{
		name: AuthURL, block: func(c *Config) string { return c.AuthURL },
		env: []string{"OS_AUTH_URL"}, file: []string{"auth_url"},
	},
	{
		name: Region, block: func(c *Config) string { return c.Region },
		env: []string{"OS_REGION_NAME", "OS_REGION"}, file: []string{"region_name"},
	},
	{
		name: UserName, group: "user", block: func(c *Config) string { return c.UserName },
		env: []string{"OS_USERNAME"}, file: []string{"username", "user_name"},
	},
	{
		name: UserID, group: "user", block: func(c *Config) string { return c.UserID },
		env: []string{"OS_USER_ID"}, file: []string{"user_id"},
	},
	{
		name: Password, block: func(c *Config) string { return c.Password },
		env: []string{"OS_PASSWORD"}, file: []string{"password"},
	},
	{
		name: Passcode, block: func(c *Config) string { return c.Passcode },
		env: []string{"OS_PASSCODE"}, file: []string{"passcode"},
	},
	{
		name: Token, block: func(c *Config) string { return c.Token },
		env: []string{"OS_TOKEN", "OS_AUTH_TOKEN"}, file: []string{"token", "auth_token"},
	},
	{
		name: DomainName, group: "domain", mostDirect: true, block: func(c *Config) string { return c.DomainName },
		env: []string{"OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"}, file: []string{"user_domain_name", "domain_name"},
	},
	{
		name: DomainID, group: "domain", mostDirect: true, block: func(c *Config) string { return c.DomainID },
		env: []string{"OS_USER_DOMAIN_ID", "OS_DOMAIN_ID"}, file: []string{"user_domain_id", "domain_id"},
	},
	// An id, for want of any other domain; openrc files have "default" there even where that is not the user's.
	{name: DefaultDomain, env: []string{"OS_DEFAULT_DOMAIN"}, file: []string{"default_domain"}},
	{
		name: ProjectName, group: "project", block: func(c *Config) string { return c.ProjectName },
		env: []string{"OS_PROJECT_NAME", "OS_TENANT_NAME"}, file: []string{"project_name", "tenant_name"},
	},
	{
		name: ProjectID, group: "project", block: func(c *Config) string { return c.ProjectID },
		env: []string{"OS_PROJECT_ID", "OS_TENANT_ID"}, file: []string{"project_id", "tenant_id"},
	},
	{
		name: ProjectDomainName, group: "project domain",
		env: []string{"OS_PROJECT_DOMAIN_NAME"}, file: []string{"project_domain_name"},
	},
	{
		name: ProjectDomainID, group: "project domain",
		env: []string{"OS_PROJECT_DOMAIN_ID"}, file: []string{"project_domain_id"},
	},
	{
		name: AccessKey, block: func(c *Config) string { return c.AccessKey },
		env: []string{"OS_ACCESS_KEY"}, file: []string{"ak", "access_key"},
	},
	{
		name: SecretKey, block: func(c *Config) string { return c.SecretKey },
		env: []string{"OS_SECRET_KEY"}, file: []string{"sk", "secret_key"},
	},
	{
		name: SecurityToken, block: func(c *Config) string { return c.SecurityToken },
		env: []string{"OS_SECURITY_TOKEN"}, file: []string{"security_token"},
	},
	{
		name: Endpoint, block: func(c *Config) string { return c.Endpoint },
		env: []string{"OS_IMAGE_ENDPOINT_OVERRIDE"}, file: []string{"image_endpoint_override", "ims_endpoint_override"},
	},
	{name: Interface, env: []string{"OS_ENDPOINT_TYPE", "OS_INTERFACE"}, file: []string{"endpoint_type", "interface"}},
	{
		name: CACert, block: func(c *Config) string { return c.CACert },
		env: []string{"OS_CACERT"}, file: []string{"cacert"},
	},
	{
		name: ClientCert, block: func(c *Config) string { return c.ClientCert },
		env: []string{"OS_CERT"}, file: []string{"cert"},
	},
	{
		name: ClientKey, block: func(c *Config) string { return c.ClientKey },
		env: []string{"OS_KEY"}, file: []string{"key"},
	},
	{
		name: Insecure, block: func(c *Config) string { return boolText(c.Insecure) },
		env: []string{"OS_INSECURE"}, file: []string{"insecure"},
	},
	{
		name: AgencyName, block: func(c *Config) string { return c.AgencyName },
		env: []string{"OS_AGENCY_NAME"}, file: []string{"agency_name"},
	},
	{
		name: AgencyDomainName, group: "agency domain", block: func(c *Config) string { return c.AgencyDomainName },
		env: []string{"OS_AGENCY_DOMAIN_NAME"}, file: []string{"agency_domain_name"},
	},
	{
		name: AgencyDomainID, group: "agency domain", block: func(c *Config) string { return c.AgencyDomainID },
		env: []string{"OS_AGENCY_DOMAIN_ID"}, file: []string{"agency_domain_id"},
	},
	{
		name: DelegatedProject, block: func(c *Config) string { return c.DelegatedProject },
		env: []string{"OS_DELEGATED_PROJECT"}, file: []string{"delegated_project"},
	},
	{
		name: ServerKeys, block: func(c *Config) string { return boolText(c.ServerKeys) },
		env: []string{"OS_SERVER_KEYS"}, file: []string{"server_keys"},
	},
	{name: MetadataURL, env: []string{"OS_METADATA_URL"}, file: []string{"metadata_url"}},
}

// settingNamed is the row of a setting; every name has one.
func settingNamed(name Name) setting {
	for _, row := range table {
		if row.name == name {
			return row
		}
	}
	panic("settings: no setting is called " + string(name))
}
