package settings

// Name is what messages call a setting: its attribute of the provider block, if it has one.
type Name string

// The settings. Some have no attribute: default_domain, project_domain_name, project_domain_id, interface,
// metadata_url.
const (
	Cloud             Name = "cloud"
	AuthURL           Name = "auth_url"
	Region            Name = "region"
	UserName          Name = "user_name"
	UserID            Name = "user_id"
	Password          Name = "password"
	Passcode          Name = "passcode"
	Token             Name = "token"
	DomainName        Name = "domain_name"
	DomainID          Name = "domain_id"
	DefaultDomain     Name = "default_domain"
	ProjectName       Name = "project_name"
	ProjectID         Name = "project_id"
	ProjectDomainName Name = "project_domain_name"
	ProjectDomainID   Name = "project_domain_id"
	AccessKey         Name = "access_key"
	SecretKey         Name = "secret_key"
	SecurityToken     Name = "security_token"
	Endpoint          Name = "endpoint"
	Interface         Name = "interface"
	CACert            Name = "cacert_file"
	ClientCert        Name = "client_cert_file"
	ClientKey         Name = "client_key_file"
	Insecure          Name = "insecure"
	AgencyName        Name = "assume_role.agency_name"
	AgencyDomainName  Name = "assume_role.domain_name"
	AgencyDomainID    Name = "assume_role.domain_id"
	DelegatedProject  Name = "assume_role.delegated_project"
	ServerKeys        Name = "server_keys"
	MetadataURL       Name = "metadata_url"
)
