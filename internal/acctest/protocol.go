package acctest

import (
	"maps"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// Protocol is the configured provider as an engine talks to it.
type Protocol struct {
	tfprotov6.ProviderServer
	Schemas *tfprotov6.GetProviderSchemaResponse

	identities map[string]*tfprotov6.ResourceIdentitySchema
	t          testing.TB
}

// Protocol starts the provider in this process and signs the tenant in. more are further arguments of the provider
// block.
func (c *Cloud) Protocol(t testing.TB, tenant emulator.Tenant, more ...map[string]any) *Protocol {
	t.Helper()
	return c.Configured(t, With(map[string]any{
		"user_name": tenant.UserName, "password": tenant.Password, "domain_name": tenant.DomainName,
		"project_name": tenant.ProjectName,
	}, more...))
}

// Configured starts the provider in this process, for this cloud's region and with these arguments.
func (c *Cloud) Configured(t testing.TB, arguments map[string]any) *Protocol {
	t.Helper()
	p := c.Unconfigured(t)
	block := With(map[string]any{"auth_url": c.URL + "/v3", "region": emulator.Region}, arguments)
	configured, err := p.ConfigureProvider(
		t.Context(), &tfprotov6.ConfigureProviderRequest{Config: p.Value(p.Schemas.Provider, block)},
	)
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(Diagnostics(configured.Diagnostics), err)
	}
	return p
}

// Unconfigured is the provider before it knows any cloud.
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
		identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return &Protocol{server, schemas, identities.IdentitySchemas, t}
	}
	return nil
}

func (p *Protocol) identityType(typeName string) tftypes.Type {
	return p.identities[typeName].ValueType()
}

// Value is an object of the schema with these arguments: strings, numbers, booleans, [tftypes.UnknownValue], and slices
// and maps of arguments. All others are null, and all other blocks are not there.
func (p *Protocol) Value(schema *tfprotov6.Schema, arguments map[string]any) *tfprotov6.DynamicValue {
	p.t.Helper()
	value, err := tfprotov6.NewDynamicValue(schema.ValueType(), p.object(schema, arguments))
	if err != nil {
		p.t.Fatal(err)
	}
	return &value
}

func (p *Protocol) object(schema *tfprotov6.Schema, arguments map[string]any) tftypes.Value {
	p.t.Helper()
	given := map[string]any{}
	for _, block := range schema.Block.BlockTypes {
		switch block.Nesting {
		case tfprotov6.SchemaNestedBlockNestingModeList, tfprotov6.SchemaNestedBlockNestingModeSet:
			given[block.TypeName] = []any{}
		default:
		}
	}
	maps.Copy(given, arguments)
	return p.argument(schema.ValueType(), given)
}

// argument is a value of the type. It fails the test for an attribute that the type does not have.
func (p *Protocol) argument(of tftypes.Type, argument any) tftypes.Value {
	p.t.Helper()
	if argument == nil || argument == tftypes.UnknownValue {
		return tftypes.NewValue(of, argument)
	}
	given := reflect.ValueOf(argument)
	several := func(element tftypes.Type) tftypes.Value {
		elements := []tftypes.Value{}
		for i := range given.Len() {
			elements = append(elements, p.argument(element, given.Index(i).Interface()))
		}
		return tftypes.NewValue(of, elements)
	}
	switch of := of.(type) {
	case tftypes.List:
		return several(of.ElementType)
	case tftypes.Set:
		return several(of.ElementType)
	case tftypes.Map:
		elements := map[string]tftypes.Value{}
		for key, element := range given.Seq2() {
			elements[key.String()] = p.argument(of.ElementType, element.Interface())
		}
		return tftypes.NewValue(of, elements)
	case tftypes.Object:
		values := map[string]tftypes.Value{}
		for name, attribute := range of.AttributeTypes {
			values[name] = tftypes.NewValue(attribute, nil)
		}
		for key, element := range given.Seq2() {
			attribute, ok := of.AttributeTypes[key.String()]
			if !ok {
				p.t.Fatalf("there is no argument %s", key)
			}
			values[key.String()] = p.argument(attribute, element.Interface())
		}
		return tftypes.NewValue(of, values)
	default:
		return tftypes.NewValue(of, argument)
	}
}

// Look reads a data source, if its configuration is valid. It returns what it finds as text, see [Managed.Attributes].
func (p *Protocol) Look(typeName string, arguments map[string]any) (found map[string]string, diagnostics []string) {
	p.t.Helper()
	schema := p.Schemas.DataSourceSchemas[typeName]
	config := p.Value(schema, arguments)
	valid, err := p.ValidateDataResourceConfig(
		p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: config},
	)
	if err != nil {
		p.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return nil, Diagnostics(valid.Diagnostics)
	}
	read, err := p.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	if diagnostics = Diagnostics(read.Diagnostics); len(diagnostics) > 0 {
		return nil, diagnostics
	}
	state, err := read.State.Unmarshal(schema.ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	return flat(p.t, state), nil
}

// Listed is one thing that a list resource finds.
type Listed struct {
	Name               string
	Identity, Resource map[string]string // the latter is nil unless resources are asked for
}

// List asks a list resource, if its configuration is valid, as engines do that are newer than those that the suite has.
func (p *Protocol) List(
	typeName string, arguments map[string]any, limit int64, resources bool,
) (found []Listed, diagnostics []string) {
	p.t.Helper()
	lister, ok := p.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider lists nothing")
	}
	config := p.Value(p.Schemas.ListResourceSchemas[typeName], arguments)
	valid, err := lister.ValidateListResourceConfig(
		p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: config},
	)
	if err != nil {
		p.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return nil, Diagnostics(valid.Diagnostics)
	}
	stream, err := lister.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: config, Limit: limit, IncludeResource: resources,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for result := range stream.Results {
		diagnostics = append(diagnostics, Diagnostics(result.Diagnostics)...)
		if result.Identity == nil {
			continue
		}
		one := Listed{Name: result.DisplayName, Identity: p.Strings(result.Identity.IdentityData, p.identityType(typeName))}
		if resources {
			one.Resource = p.Strings(result.Resource, p.Schemas.ResourceSchemas[typeName].ValueType())
		}
		found = append(found, one)
	}
	return found, diagnostics
}

// Strings are an object's attributes as text; see [Managed.Attributes].
func (p *Protocol) Strings(value *tfprotov6.DynamicValue, of tftypes.Type) map[string]string {
	p.t.Helper()
	object, err := value.Unmarshal(of)
	if err != nil {
		p.t.Fatal(err)
	}
	return flat(p.t, object)
}

// Unknown is an argument that is known only after an apply of something else.
var Unknown any = tftypes.UnknownValue
