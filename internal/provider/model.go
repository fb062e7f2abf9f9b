package provider

import (
	"cmp"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// providerModel is the provider block.
type providerModel struct {
	Cloud         types.String `tfsdk:"cloud"`
	AuthURL       types.String `tfsdk:"auth_url"`
	Region        types.String `tfsdk:"region"`
	UserName      types.String `tfsdk:"user_name"`
	UserID        types.String `tfsdk:"user_id"`
	Password      types.String `tfsdk:"password"`
	Passcode      types.String `tfsdk:"passcode"`
	Token         types.String `tfsdk:"token"`
	DomainName    types.String `tfsdk:"domain_name"`
	DomainID      types.String `tfsdk:"domain_id"`
	ProjectName   types.String `tfsdk:"project_name"`
	ProjectID     types.String `tfsdk:"project_id"`
	AccessKey     types.String `tfsdk:"access_key"`
	SecretKey     types.String `tfsdk:"secret_key"`
	SecurityToken types.String `tfsdk:"security_token"`
	ServerKeys    types.Bool   `tfsdk:"server_keys"`
	AssumeRole    types.Object `tfsdk:"assume_role"`
	Endpoint      types.String `tfsdk:"endpoint"`
	Insecure      types.Bool   `tfsdk:"insecure"`
	CACert        types.String `tfsdk:"cacert_file"`
	ClientCert    types.String `tfsdk:"client_cert_file"`
	ClientKey     types.String `tfsdk:"client_key_file"`

	EnterpriseProjectID types.String  `tfsdk:"enterprise_project_id"`
	DefaultTags         types.Map     `tfsdk:"default_tags"`
	IgnoreTags          types.Object  `tfsdk:"ignore_tags"`
	MaxRetries          types.Int64   `tfsdk:"max_retries"`
	RequestsPerSecond   types.Float64 `tfsdk:"requests_per_second"`
}

// signIn are the arguments that must be known before a request can be sent.
func (m *providerModel) signIn() map[string]attr.Value {
	return map[string]attr.Value{
		"cloud": m.Cloud, "auth_url": m.AuthURL, "region": m.Region,
		"user_name": m.UserName, "user_id": m.UserID, "password": m.Password, "passcode": m.Passcode,
		"token":       m.Token,
		"domain_name": m.DomainName, "domain_id": m.DomainID, "project_name": m.ProjectName, "project_id": m.ProjectID,
		"access_key": m.AccessKey, "secret_key": m.SecretKey, "security_token": m.SecurityToken,
		"server_keys": m.ServerKeys, "assume_role": m.AssumeRole,
		"endpoint": m.Endpoint, "insecure": m.Insecure,
		"cacert_file": m.CACert, "client_cert_file": m.ClientCert, "client_key_file": m.ClientKey,
	}
}

// unknown is an argument of signIn that is not known yet, the first by name; "" if all are.
func (m *providerModel) unknown() string {
	first := ""
	values := m.signIn()
	for name, value := range m.AssumeRole.Attributes() {
		values["assume_role."+name] = value
	}
	for name, value := range values {
		if value.IsUnknown() && (first == "" || name < first) {
			first = name
		}
	}
	return first
}

// signInConfig are the arguments of the block that say how to sign in.
func (m *providerModel) signInConfig() settings.Config {
	return settings.Config{
		Cloud: m.Cloud.ValueString(), AuthURL: m.AuthURL.ValueString(), Region: m.Region.ValueString(),
		UserName: m.UserName.ValueString(), UserID: m.UserID.ValueString(), Password: m.Password.ValueString(),
		Passcode: m.Passcode.ValueString(), Token: m.Token.ValueString(),
		DomainName: m.DomainName.ValueString(), DomainID: m.DomainID.ValueString(),
		ProjectName: m.ProjectName.ValueString(), ProjectID: m.ProjectID.ValueString(),
		AccessKey: m.AccessKey.ValueString(), SecretKey: m.SecretKey.ValueString(),
		SecurityToken: m.SecurityToken.ValueString(), ServerKeys: m.ServerKeys.ValueBoolPointer(),
		AgencyName: m.agency("agency_name"), AgencyDomainName: m.agency("domain_name"), AgencyDomainID: m.agency("domain_id"),
		DelegatedProject: m.agency("delegated_project"),
		Endpoint:         m.Endpoint.ValueString(), Insecure: m.Insecure.ValueBoolPointer(),
		CACert: m.CACert.ValueString(), ClientCert: m.ClientCert.ValueString(), ClientKey: m.ClientKey.ValueString(),
	}
}

// agency is an argument of assume_role; "" if there is none.
func (m *providerModel) agency(name string) string {
	value, ok := m.AssumeRole.Attributes()[name].(types.String)
	if !ok {
		return ""
	}
	return value.ValueString()
}

func (m *providerModel) tagPolicy() framework.TagPolicy {
	policy := framework.TagPolicy{
		Default: map[string]string{}, Unknown: m.DefaultTags.IsUnknown() || m.IgnoreTags.IsUnknown(),
	}
	for key, value := range m.DefaultTags.Elements() {
		policy.Unknown = policy.Unknown || value.IsUnknown()
		if value, ok := value.(types.String); ok {
			policy.Default[key] = value.ValueString()
		}
	}
	for name, list := range map[string]*[]string{"keys": &policy.IgnoreKeys, "key_prefixes": &policy.IgnoreKeyPrefixes} {
		set, _ := m.IgnoreTags.Attributes()[name].(types.Set)
		policy.Unknown = policy.Unknown || set.IsUnknown()
		for _, element := range set.Elements() {
			policy.Unknown = policy.Unknown || element.IsUnknown()
			if text, ok := element.(types.String); ok && text.ValueString() != "" {
				*list = append(*list, text.ValueString())
			}
		}
	}
	return policy
}

// maxRetries is negative, for the client, if there are to be none, and 0 if the block leaves it open.
func (m *providerModel) maxRetries() int {
	if !m.MaxRetries.IsNull() && !m.MaxRetries.IsUnknown() && m.MaxRetries.ValueInt64() == 0 {
		return -1
	}
	return int(m.MaxRetries.ValueInt64())
}

// enterpriseProject is where new images go; "" is also one that is known only after an apply.
func (m *providerModel) enterpriseProject(environment settings.Environment) string {
	if m.EnterpriseProjectID.IsUnknown() {
		return ""
	}
	fromEnvironment, _ := environment.Get("OS_ENTERPRISE_PROJECT_ID")
	return cmp.Or(m.EnterpriseProjectID.ValueString(), fromEnvironment)
}
