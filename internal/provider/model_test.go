package provider

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// modelOf is a provider block with these arguments, as the engine would send it.
func modelOf(t *testing.T, arguments map[string]tftypes.Value) *providerModel {
	t.Helper()
	schema := providerSchema()
	kind, ok := schema.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the provider block is no object")
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	for name, value := range arguments {
		if _, known := values[name]; !known {
			t.Fatalf("there is no argument %s", name)
		}
		values[name] = value
	}
	var model providerModel
	config := tfsdk.Config{Schema: schema, Raw: tftypes.NewValue(kind, values)}
	if diagnostics := config.Get(t.Context(), &model); diagnostics.HasError() {
		t.Fatal(diagnostics)
	}
	return &model
}

func words(text string) tftypes.Value { return tftypes.NewValue(tftypes.String, text) }

func assumeRole(argument, text string) tftypes.Value {
	kinds, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
	for _, name := range []string{"agency_name", "domain_name", "domain_id", "delegated_project"} {
		kinds[name], values[name] = tftypes.String, tftypes.NewValue(tftypes.String, nil)
	}
	values[argument] = words(text)
	return tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, values)
}

// TestSignInArguments: every argument of the provider block reaches its own field of settings.Config, and no other.
// What is not about signing in is in TestOtherArguments.
func TestSignInArguments(t *testing.T) {
	fields := map[string]string{
		"cloud": "Cloud", "auth_url": "AuthURL", "region": "Region", "user_name": "UserName", "user_id": "UserID",
		"password": "Password",
		"passcode": "Passcode", "token": "Token", "domain_name": "DomainName", "domain_id": "DomainID",
		"project_name": "ProjectName",
		"project_id":   "ProjectID", "access_key": "AccessKey", "secret_key": "SecretKey", "security_token": "SecurityToken",
		"endpoint": "Endpoint", "cacert_file": "CACert", "client_cert_file": "ClientCert", "client_key_file": "ClientKey",
		"server_keys": "ServerKeys", "insecure": "Insecure",
		"assume_role.agency_name": "AgencyName", "assume_role.domain_name": "AgencyDomainName",
		"assume_role.domain_id":         "AgencyDomainID",
		"assume_role.delegated_project": "DelegatedProject",
	}
	others := []string{"enterprise_project_id", "default_tags", "ignore_tags", "max_retries", "requests_per_second"}
	seen := map[string]bool{"assume_role": true}
	for _, name := range others {
		seen[name] = true
	}
	for name, field := range fields {
		seen[name] = true
		arguments := map[string]tftypes.Value{name: words("value of " + name)}
		var want any = "value of " + name
		yes := true
		if name == "server_keys" || name == "insecure" {
			arguments[name], want = tftypes.NewValue(tftypes.Bool, true), &yes
		}
		if argument, ok := strings.CutPrefix(name, "assume_role."); ok {
			arguments = map[string]tftypes.Value{"assume_role": assumeRole(argument, "value of "+name)}
		}
		var expected settings.Config
		reflect.ValueOf(&expected).Elem().FieldByName(field).Set(reflect.ValueOf(want))
		got := modelOf(t, arguments).signInConfig()
		if !reflect.DeepEqual(got, expected) {
			t.Errorf("%s does not become %s, or not that alone", name, field)
		}
	}
	if n := reflect.TypeFor[settings.Config]().NumField(); n != len(fields) {
		t.Errorf("settings.Config has %d fields, and %d arguments are tried", n, len(fields))
	}
	for name := range providerSchema().Attributes {
		if !seen[name] {
			t.Errorf("%s is not tried", name)
		}
	}
}

func TestOtherArguments(t *testing.T) {
	set := tftypes.Set{ElementType: tftypes.String}
	tags := tftypes.Map{ElementType: tftypes.String}
	ignored := func(keys, prefixes tftypes.Value) tftypes.Value {
		return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"keys": set, "key_prefixes": set}},
			map[string]tftypes.Value{"keys": keys, "key_prefixes": prefixes})
	}
	list := func(text string) tftypes.Value { return tftypes.NewValue(set, []tftypes.Value{words(text)}) }
	model := modelOf(t, map[string]tftypes.Value{
		"enterprise_project_id": words("e1"),
		"default_tags":          tftypes.NewValue(tags, map[string]tftypes.Value{"a": words("1")}),
		"ignore_tags":           ignored(list("k"), list("p.")), "max_retries": tftypes.NewValue(tftypes.Number, 7),
		"requests_per_second": tftypes.NewValue(tftypes.Number, 2.5),
	})
	want := framework.TagPolicy{
		Default: map[string]string{"a": "1"}, IgnoreKeys: []string{"k"}, IgnoreKeyPrefixes: []string{"p."},
	}
	if diff := cmp.Diff(want, model.tagPolicy()); diff != "" {
		t.Error(diff)
	}
	environment := settings.Environment{
		Lookup: func(name string) (string, bool) { return "e2", name == "OS_ENTERPRISE_PROJECT_ID" },
	}
	if model.maxRetries() != 7 || model.RequestsPerSecond.ValueFloat64() != 2.5 ||
		model.enterpriseProject(environment) != "e1" {
		t.Errorf("%d retries, %v requests, enterprise project %q", model.maxRetries(), model.RequestsPerSecond,
			model.enterpriseProject(environment))
	}
	if model.signInConfig() != (settings.Config{}) {
		t.Error("they are no credentials")
	}
	none := modelOf(t, map[string]tftypes.Value{"max_retries": tftypes.NewValue(tftypes.Number, 0)})
	if none.maxRetries() >= 0 || modelOf(t, nil).maxRetries() != 0 || none.enterpriseProject(environment) != "e2" {
		t.Errorf("%d retries when none are wanted, %d when nothing is said", none.maxRetries(), modelOf(t, nil).maxRetries())
	}
}
