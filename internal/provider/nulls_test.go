package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// collection is a map, set or list that a configuration can set, anywhere in a schema.
type collection struct {
	names   []string                          // of the attributes on the way to it
	of      tftypes.Type                      // its type
	holding func(tftypes.Value) tftypes.Value // the configuration that has this value of it, and nothing else
}

// collections are those of an object; holding is what holds the object.
func collections(
	of tftypes.Object, settable func(name string) bool, within []string, holding func(tftypes.Value) tftypes.Value,
) []collection {
	var all []collection
	for _, name := range slices.Sorted(maps.Keys(of.AttributeTypes)) {
		if !settable(name) {
			continue
		}
		with := func(value tftypes.Value) tftypes.Value {
			values := map[string]tftypes.Value{}
			for other, kind := range of.AttributeTypes {
				values[other] = tftypes.NewValue(kind, nil)
			}
			values[name] = value
			return holding(tftypes.NewValue(of, values))
		}
		names := append(slices.Clone(within), name)
		always := func(string) bool { return true }
		switch kind := of.AttributeTypes[name].(type) {
		case tftypes.Object:
			all = append(all, collections(kind, always, names, with)...)
		case tftypes.List:
			if element, ok := kind.ElementType.(tftypes.Object); ok { // blocks
				all = append(all, collections(element, always, names, func(value tftypes.Value) tftypes.Value {
					return with(tftypes.NewValue(kind, []tftypes.Value{value}))
				})...)
				continue
			}
			all = append(all, collection{names, kind, with})
		case tftypes.Map, tftypes.Set:
			all = append(all, collection{names, kind, with})
		}
	}
	return all
}

// containing is a collection with one element of its own.
func containing(of tftypes.Type, element any) tftypes.Value {
	switch kind := of.(type) {
	case tftypes.Map:
		return tftypes.NewValue(of, map[string]tftypes.Value{"kay": tftypes.NewValue(kind.ElementType, element)})
	case tftypes.Set:
		return tftypes.NewValue(of, []tftypes.Value{tftypes.NewValue(kind.ElementType, element)})
	case tftypes.List:
		return tftypes.NewValue(of, []tftypes.Value{tftypes.NewValue(kind.ElementType, element)})
	default:
		return tftypes.NewValue(of, element)
	}
}

// TestNullElements: no map, set or list of a configuration takes an element that is null, be it of the provider, a
// resource, a data source, a list resource or an action, and all of them take one that is unknown. The error names the
// key.
func TestNullElements(t *testing.T) {
	t.Parallel()
	p := acctest.Start(t, emulator.Options{}).Protocol(t, emulator.Owner)
	seen := 0
	for where, schema := range schemasOf(t, p) {
		object, ok := schema.ValueType().(tftypes.Object)
		if !ok {
			t.Fatal(where)
		}
		computed := map[string]bool{}
		for _, attribute := range schema.Block.Attributes {
			computed[attribute.Name] = !attribute.Optional && !attribute.Required
		}
		settable := func(name string) bool { return !computed[name] && name != "timeouts" }
		for _, each := range collections(object, settable, nil, func(v tftypes.Value) tftypes.Value { return v }) {
			seen++
			at := where + "." + strings.Join(each.names, ".")
			told := validated(t, p, where, each.holding(containing(each.of, nil)))
			if !slices.ContainsFunc(told, func(problem *tfprotov6.Diagnostic) bool {
				_, isMap := each.of.(tftypes.Map)
				return strings.Contains(problem.Detail, "is null") && strings.Contains(problem.Detail, "Leave") &&
					(!isMap || strings.Contains(problem.Detail, `"kay"`)) &&
					strings.Contains(problem.Attribute.String(), each.names[len(each.names)-1])
			}) {
				t.Errorf("%s takes a null: %s", at, acctest.Diagnostics(told))
			}
			for _, problem := range validated(t, p, where, each.holding(containing(each.of, tftypes.UnknownValue))) {
				if strings.Contains(problem.Detail, "null") {
					t.Errorf("%s takes no unknown element: %s", at, problem.Detail)
				}
			}
		}
	}
	if t.Log(seen); seen < 30 {
		t.Errorf("only %d collections were tried", seen)
	}
}

// schemasOf are all schemas that a configuration follows, by the kind of block and the type.
func schemasOf(t *testing.T, p *acctest.Protocol) map[string]*tfprotov6.Schema {
	t.Helper()
	all := map[string]*tfprotov6.Schema{"provider": p.Schemas.Provider}
	for name, schema := range p.Schemas.ResourceSchemas {
		all["resource "+name] = schema
	}
	for name, schema := range p.Schemas.DataSourceSchemas {
		all["data "+name] = schema
	}
	for name, schema := range p.Schemas.ListResourceSchemas {
		all["list "+name] = schema
	}
	for name, schema := range p.Schemas.ActionSchemas {
		all["action "+name] = schema.Schema
	}
	return all
}

// validated is what the provider says of a configuration.
func validated(t *testing.T, p *acctest.Protocol, where string, config tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	value, err := tfprotov6.NewDynamicValue(config.Type(), config)
	if err != nil {
		t.Fatal(err)
	}
	server, ok := p.ProviderServer.(interface {
		tfprotov6.ListResourceServer
		tfprotov6.ActionServer
	})
	if !ok {
		t.Fatal("the provider has no lists or actions")
	}
	ctx := t.Context()
	told := func(diagnostics []*tfprotov6.Diagnostic, err error) []*tfprotov6.Diagnostic {
		if err != nil {
			t.Fatal(err)
		}
		return diagnostics
	}
	switch kind, name, _ := strings.Cut(where, " "); kind {
	case "resource":
		req := &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: &value}
		resp, err := p.ValidateResourceConfig(ctx, req)
		return told(resp.Diagnostics, err)
	case "data":
		req := &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: &value}
		resp, err := p.ValidateDataResourceConfig(ctx, req)
		return told(resp.Diagnostics, err)
	case "list":
		req := &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: &value}
		resp, err := server.ValidateListResourceConfig(ctx, req)
		return told(resp.Diagnostics, err)
	case "action":
		req := &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: &value}
		resp, err := server.ValidateActionConfig(ctx, req)
		return told(resp.Diagnostics, err)
	default:
		req := &tfprotov6.ValidateProviderConfigRequest{Config: &value}
		resp, err := p.ValidateProviderConfig(ctx, req)
		return told(resp.Diagnostics, err)
	}
}
