package acctest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Managed is one resource that a test manages on the protocol, as an engine does: it plans, applies, refreshes and destroys, and
// keeps what the provider returns. It is for what takes many runs of an engine, or what no engine can be made to do.
type Managed struct {
	State    tftypes.Value
	Private  []byte
	Identity map[string]string // as of the last call

	protocol *Protocol
	typeName string
	schema   *tfprotov6.Schema
	identity *tfprotov6.ResourceIdentityData
	t        testing.TB

	identityType tftypes.Type
}

// Manage begins with a resource that does not exist.
func (p *Protocol) Manage(typeName string) *Managed {
	p.t.Helper()
	schema := p.Schemas.ResourceSchemas[typeName]
	if schema == nil {
		p.t.Fatalf("the provider has no resource %s", typeName)
	}
	identities, err := p.GetResourceIdentitySchemas(p.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		p.t.Fatal(err)
	}
	return &Managed{
		State: tftypes.NewValue(schema.ValueType(), nil), protocol: p, typeName: typeName, schema: schema, t: p.t,
		identityType: identities.IdentitySchemas[typeName].ValueType(),
	}
}

// Plan is what the provider makes of a configuration, if that is valid; replace are the attributes that make a new resource of it.
func (m *Managed) Plan(arguments map[string]any) (planned *tfprotov6.PlanResourceChangeResponse, replace []string) {
	m.t.Helper()
	config := m.protocol.Value(m.schema, arguments)
	valid, err := m.protocol.ValidateResourceConfig(m.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: m.typeName, Config: config})
	if err != nil {
		m.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return &tfprotov6.PlanResourceChangeResponse{Diagnostics: valid.Diagnostics}, nil
	}
	planned, err = m.protocol.PlanResourceChange(m.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.typeName, Config: config, ProposedNewState: m.dynamic(m.proposed(arguments)), PriorState: m.dynamic(m.State),
		PriorPrivate: m.Private, PriorIdentity: m.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	for _, path := range planned.RequiresReplace {
		if name, ok := path.Steps()[0].(tftypes.AttributeName); ok {
			replace = append(replace, string(name))
		}
	}
	return planned, replace
}

// IsEmpty tells whether a plan changes nothing.
func (m *Managed) IsEmpty(plan *tfprotov6.PlanResourceChangeResponse) bool {
	m.t.Helper()
	planned, err := plan.PlannedState.Unmarshal(m.schema.ValueType())
	if err != nil {
		m.t.Fatal(err)
	}
	return planned.Equal(m.State)
}

// Apply plans a configuration and applies the plan, also when that means to delete and to create. It returns what the provider
// tells, as "summary: detail".
func (m *Managed) Apply(ctx context.Context, arguments map[string]any) []string {
	m.t.Helper()
	planned, replace := m.Plan(arguments) //nolint:contextcheck // planning is not what a test interrupts
	if told := Told(planned.Diagnostics); len(told) > 0 {
		return told
	}
	if len(replace) > 0 {
		if told := m.Destroy(ctx); !m.State.IsNull() {
			return told
		}
		m.Private = planned.PlannedPrivate                                // as engines do
		if planned, _ = m.Plan(arguments); len(planned.Diagnostics) > 0 { //nolint:contextcheck // as above
			return Told(planned.Diagnostics)
		}
	}
	return m.apply(ctx, m.protocol.Value(m.schema, arguments), planned.PlannedState, planned.PlannedPrivate)
}

// Destroy applies a plan to destroy.
func (m *Managed) Destroy(ctx context.Context) []string {
	m.t.Helper()
	nothing := m.dynamic(tftypes.NewValue(m.schema.ValueType(), nil))
	planned, err := m.protocol.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.typeName, Config: nothing, ProposedNewState: nothing, PriorState: m.dynamic(m.State), PriorPrivate: m.Private, PriorIdentity: m.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	if told := Told(planned.Diagnostics); len(told) > 0 {
		return told
	}
	return m.apply(ctx, nothing, nothing, planned.PlannedPrivate)
}

func (m *Managed) apply(ctx context.Context, config, planned *tfprotov6.DynamicValue, private []byte) []string {
	m.t.Helper()
	applied, err := m.protocol.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: m.typeName, Config: config, PlannedState: planned, PriorState: m.dynamic(m.State), PlannedPrivate: private, PlannedIdentity: m.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.take(applied.NewState, applied.Private, applied.NewIdentity)
	return Told(applied.Diagnostics)
}

// Refresh reads the resource and returns what the provider tells.
func (m *Managed) Refresh() []string {
	m.t.Helper()
	read, err := m.protocol.ReadResource(m.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: m.typeName, CurrentState: m.dynamic(m.State), Private: m.Private, CurrentIdentity: m.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.take(read.NewState, read.Private, read.NewIdentity)
	return Told(read.Diagnostics)
}

// Import takes an existing resource over.
func (m *Managed) Import(id string) []string {
	m.t.Helper()
	imported, err := m.protocol.ImportResourceState(m.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: m.typeName, ID: id})
	if err != nil {
		m.t.Fatal(err)
	}
	for _, resource := range imported.ImportedResources {
		m.take(resource.State, resource.Private, resource.Identity)
	}
	return Told(imported.Diagnostics)
}

// Move takes a resource of another provider over, of which this is the state.
func (m *Managed) Move(from string, state []byte) {
	m.t.Helper()
	moved, err := m.protocol.MoveResourceState(m.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.example.com/some/peer", SourceTypeName: from, SourceState: &tfprotov6.RawState{JSON: state}, TargetTypeName: m.typeName,
	})
	if err != nil || len(moved.Diagnostics) > 0 {
		m.t.Fatal(moved, err)
	}
	value, err := moved.TargetState.Unmarshal(m.schema.ValueType())
	if err != nil {
		m.t.Fatal(err)
	}
	m.State, m.Private, m.identity = value, moved.TargetPrivate, moved.TargetIdentity
}

// take keeps a result. An identity that once has an id may not get another one, nor lose it.
func (m *Managed) take(state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) {
	m.t.Helper()
	value, err := state.Unmarshal(m.schema.ValueType())
	if err != nil {
		m.t.Fatal(err)
	}
	m.State, m.Private, m.identity = value, private, identity
	if value.IsNull() || identity == nil {
		m.Identity, m.identity = nil, nil
		return
	}
	before := m.Identity
	m.Identity = m.protocol.Strings(identity.IdentityData, m.identityType)
	image := m.Attribute("id") + m.Attribute("image_id")
	if m.Identity["region"] == "" || m.Identity["image_id"] != image || before["image_id"] != "" && before["image_id"] != m.Identity["image_id"] {
		m.t.Errorf("the identity of image %q is %v, and was %v", image, m.Identity, before)
	}
}

// Attribute is an attribute of the state, as text; null is "".
func (m *Managed) Attribute(name string) string {
	m.t.Helper()
	var attributes map[string]tftypes.Value
	if err := m.State.As(&attributes); err != nil {
		m.t.Fatal(err)
	}
	value, ok := attributes[name]
	if !ok {
		return ""
	}
	var text string
	var truth bool
	switch {
	case value.IsNull():
		return ""
	case value.Type().Is(tftypes.Bool) && value.As(&truth) == nil:
		return fmt.Sprint(truth)
	case value.As(&text) == nil:
		return text
	}
	return value.String()
}

// Elements are the elements of an attribute of the state that is a list or a set of strings.
func (m *Managed) Elements(name string) []string {
	m.t.Helper()
	var attributes map[string]tftypes.Value
	var elements []tftypes.Value
	if m.State.As(&attributes) != nil || attributes[name].As(&elements) != nil {
		m.t.Fatalf("%s is no list", name)
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		if err := element.As(&texts[i]); err != nil {
			m.t.Fatal(err)
		}
	}
	return texts
}

// proposed is what an engine proposes: the configuration, and what was there of computed attributes that it leaves out.
func (m *Managed) proposed(arguments map[string]any) tftypes.Value {
	m.t.Helper()
	config, err := m.protocol.Value(m.schema, arguments).Unmarshal(m.schema.ValueType())
	if err != nil || m.State.IsNull() {
		return config
	}
	var values, before map[string]tftypes.Value
	if config.As(&values) != nil || m.State.As(&before) != nil {
		m.t.Fatal("the configuration is no object")
	}
	for _, attribute := range m.schema.Block.Attributes {
		if attribute.Computed && values[attribute.Name].IsNull() {
			values[attribute.Name] = before[attribute.Name]
		}
	}
	return tftypes.NewValue(config.Type(), values)
}

func (m *Managed) dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	m.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(m.schema.ValueType(), value)
	if err != nil {
		m.t.Fatal(err)
	}
	return &encoded
}

// Told are diagnostics as "summary: detail".
func Told(diagnostics []*tfprotov6.Diagnostic) []string {
	var told []string
	for _, problem := range diagnostics {
		told = append(told, problem.Severity.String()+" "+problem.Summary+": "+problem.Detail)
	}
	return told
}

// Through goes on with another provider.
func (m *Managed) Through(p *Protocol) { m.protocol = p }

// Silent fails the test if anything was told.
func Silent(t testing.TB, told []string) {
	t.Helper()
	if len(told) > 0 {
		t.Errorf("told: %s", strings.Join(told, "\n"))
	}
}

// Says fails the test unless something was told that has all of the words.
func Says(t testing.TB, told []string, words ...string) {
	t.Helper()
	if !slices.ContainsFunc(told, func(each string) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(each, word) })
	}) {
		t.Errorf("nothing told says %q:\n%s", words, strings.Join(told, "\n"))
	}
}
