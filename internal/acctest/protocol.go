package acctest

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// Protocol is the configured provider as an engine talks to it, for what the suite's engines do not know yet.
type Protocol struct {
	tfprotov6.ProviderServer
	Schemas *tfprotov6.GetProviderSchemaResponse

	t testing.TB
}

// Protocol starts the provider in this process and signs the tenant in.
func (c *Cloud) Protocol(t testing.TB, tenant emulator.Tenant) *Protocol {
	t.Helper()
	p := c.Unconfigured(t)
	configured, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: p.Value(p.Schemas.Provider, map[string]any{
		"auth_url": c.URL + "/v3", "region": emulator.Region, "user_name": tenant.UserName, "password": tenant.Password,
		"domain_name": tenant.DomainName, "project_name": tenant.ProjectName,
	})})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(configured, err)
	}
	return p
}

// Unconfigured is the provider before it is told of any cloud.
func (c *Cloud) Unconfigured(t testing.TB) *Protocol {
	t.Helper()
	for _, factory := range c.Factories() {
		server, err := factory()
		if err != nil {
			t.Fatal(err)
		}
		schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return &Protocol{server, schemas, t}
	}
	return nil
}

// Value is an object of the schema with these arguments: strings, numbers, booleans, and slices and maps of arguments; all others
// are null.
func (p *Protocol) Value(schema *tfprotov6.Schema, arguments map[string]any) *tfprotov6.DynamicValue {
	p.t.Helper()
	value, err := tfprotov6.NewDynamicValue(schema.ValueType(), p.argument(schema.ValueType(), arguments))
	if err != nil {
		p.t.Fatal(err)
	}
	return &value
}

func (p *Protocol) argument(of tftypes.Type, argument any) tftypes.Value {
	p.t.Helper()
	given := reflect.ValueOf(argument)
	if argument == nil {
		return tftypes.NewValue(of, nil)
	}
	several := func(element tftypes.Type) tftypes.Value {
		var elements []tftypes.Value
		for i := range given.Len() {
			elements = append(elements, p.argument(element, given.Index(i).Interface()))
		}
		return tftypes.NewValue(of, elements)
	}
	keyed := func(element func(key string) tftypes.Type) tftypes.Value {
		elements := map[string]tftypes.Value{}
		for _, key := range given.MapKeys() {
			elements[key.String()] = p.argument(element(key.String()), given.MapIndex(key).Interface())
		}
		return tftypes.NewValue(of, elements)
	}
	switch of := of.(type) {
	case tftypes.List:
		return several(of.ElementType)
	case tftypes.Set:
		return several(of.ElementType)
	case tftypes.Map:
		return keyed(func(string) tftypes.Type { return of.ElementType })
	case tftypes.Object:
		values := map[string]tftypes.Value{}
		for name, attribute := range of.AttributeTypes {
			var value any
			if element := given.MapIndex(reflect.ValueOf(name)); element.IsValid() {
				value = element.Interface()
			}
			values[name] = p.argument(attribute, value)
		}
		return tftypes.NewValue(of, values)
	default:
		return tftypes.NewValue(of, argument)
	}
}

// Look reads a data source, if its configuration is valid, and returns what it finds and what the provider tells.
func (p *Protocol) Look(typeName string, arguments map[string]any) (found map[string]tftypes.Value, told []string) {
	p.t.Helper()
	schema := p.Schemas.DataSourceSchemas[typeName]
	config := p.Value(schema, arguments)
	valid, err := p.ValidateDataResourceConfig(p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return nil, Told(valid.Diagnostics)
	}
	read, err := p.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	if told = Told(read.Diagnostics); len(told) > 0 {
		return nil, told
	}
	state, err := read.State.Unmarshal(schema.ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := state.As(&found); err != nil {
		p.t.Fatal(err)
	}
	return found, nil
}

// Strings are an object's attributes that are strings and not null.
func (p *Protocol) Strings(value *tfprotov6.DynamicValue, of tftypes.Type) map[string]string {
	p.t.Helper()
	object, err := value.Unmarshal(of)
	if err != nil {
		p.t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		p.t.Fatal(err)
	}
	strings := map[string]string{}
	for name, attribute := range attributes {
		var text string
		if attribute.Type().Is(tftypes.String) && !attribute.IsNull() && attribute.As(&text) == nil {
			strings[name] = text
		}
	}
	return strings
}

// ImageIdentity is the type of the identity of one image in one region.
var ImageIdentity = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"region": tftypes.String, "image_id": tftypes.String}}
