package acctest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// Managed is one resource that a test manages on the protocol, as an engine does: it plans, applies, refreshes, imports
// and destroys, keeps what the provider returns, and holds it to what engines demand. It is for all that takes no
// engine, and for what no engine can be made to do. TestManagedLikeEngine holds it against a real one.
type Managed struct {
	State    tftypes.Value
	Private  []byte
	Identity map[string]string // as of the last call; nil: none
	Tainted  bool              // its creation failed: the next apply replaces it

	protocol *Protocol
	typeName string
	schema   *tfprotov6.Schema
	identity *tfprotov6.ResourceIdentityData
	t        testing.TB
}

// Manage begins with a resource that does not exist.
func (p *Protocol) Manage(typeName string) *Managed {
	p.t.Helper()
	schema := p.Schemas.ResourceSchemas[typeName]
	if schema == nil {
		p.t.Fatalf("the provider has no resource %s", typeName)
	}
	m := &Managed{protocol: p, typeName: typeName, schema: schema, t: p.t}
	m.State = m.nothing()
	return m
}

// Through goes on with another provider.
func (m *Managed) Through(p *Protocol) { m.protocol = p }

// Action is what a plan does with a resource.
type Action string

// What a plan can do.
const (
	Keep    Action = "keep"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
)

// Plan is what the provider makes of a configuration.
type Plan struct {
	Action      Action   // "" if the configuration or the plan is refused
	Replaces    []string // the attributes whose change makes another resource; none if that is tainted
	Diagnostics []string

	arguments map[string]any
	state     tftypes.Value
	private   []byte
}

// Plan validates a configuration and plans it.
func (m *Managed) Plan(arguments map[string]any) *Plan {
	m.t.Helper()
	config := m.value(arguments)
	valid, err := m.protocol.ValidateResourceConfig(m.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: m.typeName, Config: m.dynamic(config),
	})
	if err != nil {
		m.t.Fatal(err)
	}
	plan := &Plan{arguments: arguments, Diagnostics: Diagnostics(valid.Diagnostics)}
	if haveError(valid.Diagnostics) {
		return plan
	}

	prior, private, identity := m.State, m.Private, m.identity
	if m.Tainted {
		prior, private, identity = m.nothing(), nil, nil
	}
	if !m.plan(plan, config, prior, private, identity) {
		return plan
	}
	switch {
	case m.Tainted:
		plan.Action = Replace
	case m.State.IsNull():
		plan.Action = Create
	case plan.state.Equal(m.State):
		plan.Action = Keep
	case len(plan.Replaces) > 0:
		// Engines plan once more, as if there were nothing, and hand on what the provider keeps for itself, as they do of
		// what a refresh found gone.
		if replaces := plan.Replaces; m.plan(plan, config, m.nothing(), plan.private, nil) {
			plan.Action, plan.Replaces = Replace, replaces
		}
	default:
		plan.Action = Update
	}
	return plan
}

// plan asks the provider for a plan. It returns false if that is refused.
func (m *Managed) plan(
	plan *Plan, config, prior tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData,
) bool {
	m.t.Helper()
	planned, err := m.protocol.PlanResourceChange(m.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.typeName, Config: m.dynamic(config), ProposedNewState: m.dynamic(m.proposed(config, prior)),
		PriorState: m.dynamic(prior), PriorPrivate: private, PriorIdentity: identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	for _, each := range Diagnostics(planned.Diagnostics) {
		if !slices.Contains(plan.Diagnostics, each) {
			plan.Diagnostics = append(plan.Diagnostics, each)
		}
	}
	if haveError(planned.Diagnostics) {
		return false
	}
	plan.state, plan.private, plan.Replaces = m.read(planned.PlannedState), planned.PlannedPrivate, nil
	for _, path := range planned.RequiresReplace {
		if name, ok := path.Steps()[0].(tftypes.AttributeName); ok {
			plan.Replaces = append(plan.Replaces, string(name))
		}
	}
	for _, problem := range againstConfig(m.schema.Block, config, prior, plan.state) {
		m.t.Errorf("the plan of %s is invalid: %s", m.typeName, problem)
	}
	return true
}

// Apply plans a configuration and carries the plan out. It returns the diagnostics of both.
func (m *Managed) Apply(ctx context.Context, arguments map[string]any) []string {
	m.t.Helper()
	plan := m.Plan(arguments) //nolint:contextcheck // planning is not what a test interrupts
	if plan.Action == "" {
		return plan.Diagnostics
	}
	return append(plan.Diagnostics, m.CarryOut(ctx, plan, arguments)...)
}

// CarryOut carries out a plan, with the arguments as they are known by then. It returns what is said besides the plan's
// diagnostics.
func (m *Managed) CarryOut(ctx context.Context, plan *Plan, arguments map[string]any) []string {
	m.t.Helper()
	var said []string
	switch plan.Action {
	case "":
		m.t.Fatal("a plan that was refused cannot be carried out")
	case Keep:
		return nil
	case Replace:
		if said = m.apply(ctx, m.nothing(), m.nothing(), plan.private, false); !m.State.IsNull() {
			return said
		}
	case Create, Update:
	}

	// Engines plan anew with what has become known, and hold it against the first plan.
	creates := m.State.IsNull()
	if creates {
		m.Private = nil
	}
	again := m.Plan(arguments) //nolint:contextcheck // planning is not what a test interrupts
	if again.Action == "" {
		return append(said, again.Diagnostics...)
	}
	if creates != (again.Action == Create) {
		m.t.Errorf("a plan to %s became one to %s", plan.Action, again.Action)
	}
	for _, problem := range inconsistencies("", plan.state, again.state) {
		m.t.Errorf("the final plan of %s differs from the first: %s", m.typeName, problem)
	}
	return append(said, m.apply(ctx, m.value(arguments), again.state, again.private, creates)...)
}

// Destroy applies a plan to destroy.
func (m *Managed) Destroy(ctx context.Context) []string {
	m.t.Helper()
	nothing := m.dynamic(m.nothing())
	planned, err := m.protocol.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.typeName, Config: nothing, ProposedNewState: nothing, PriorState: m.dynamic(m.State),
		PriorPrivate: m.Private, PriorIdentity: m.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	said := Diagnostics(planned.Diagnostics)
	if haveError(planned.Diagnostics) {
		return said
	}
	return append(said, m.apply(ctx, m.nothing(), m.nothing(), planned.PlannedPrivate, false)...)
}

func (m *Managed) apply(ctx context.Context, config, planned tftypes.Value, private []byte, creates bool) []string {
	m.t.Helper()
	applied, err := m.protocol.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: m.typeName, Config: m.dynamic(config), PlannedState: m.dynamic(planned), PriorState: m.dynamic(m.State),
		PlannedPrivate: private, PlannedIdentity: m.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	failed := haveError(applied.Diagnostics)
	m.keep(applied.NewState, applied.Private, applied.NewIdentity)
	m.Tainted = creates && failed && !m.State.IsNull()
	if !failed {
		for _, problem := range inconsistencies("", planned, m.State) {
			m.t.Errorf("the apply of %s differs from its plan: %s", m.typeName, problem)
		}
	}
	return Diagnostics(applied.Diagnostics)
}

// Refresh reads the resource, if there is one, and returns the diagnostics.
func (m *Managed) Refresh() []string {
	m.t.Helper()
	if m.State.IsNull() {
		return nil
	}
	read, err := m.protocol.ReadResource(m.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: m.typeName, CurrentState: m.dynamic(m.State), Private: m.Private, CurrentIdentity: m.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.keep(read.NewState, read.Private, read.NewIdentity)
	return Diagnostics(read.Diagnostics)
}

// Import takes an existing resource over and reads it.
func (m *Managed) Import(id string) []string {
	m.t.Helper()
	return m.take(&tfprotov6.ImportResourceStateRequest{TypeName: m.typeName, ID: id})
}

// ImportByIdentity takes the existing resource over that has this identity, and reads it.
func (m *Managed) ImportByIdentity(identity map[string]any) []string {
	m.t.Helper()
	of := m.protocol.identityType(m.typeName)
	data, err := tfprotov6.NewDynamicValue(of, m.protocol.argument(of, identity))
	if err != nil {
		m.t.Fatal(err)
	}
	return m.take(&tfprotov6.ImportResourceStateRequest{
		TypeName: m.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data},
	})
}

func (m *Managed) take(request *tfprotov6.ImportResourceStateRequest) []string {
	m.t.Helper()
	imported, err := m.protocol.ImportResourceState(m.t.Context(), request)
	if err != nil {
		m.t.Fatal(err)
	}
	said := Diagnostics(imported.Diagnostics)
	if haveError(imported.Diagnostics) {
		return said
	}
	for _, resource := range imported.ImportedResources {
		m.keep(resource.State, resource.Private, resource.Identity)
	}
	if said = append(said, m.Refresh()...); m.State.IsNull() {
		said = append(said, "ERROR Cannot import non-existent remote object: "+request.ID)
	}
	return said
}

// Move takes a resource of another provider over, of which this is the state.
func (m *Managed) Move(from string, state map[string]any) []string {
	m.t.Helper()
	text, err := json.Marshal(state)
	if err != nil {
		m.t.Fatal(err)
	}
	provider, _, _ := strings.Cut(from, "_")
	moved, err := m.protocol.MoveResourceState(m.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.example.com/" + provider + "/" + provider, SourceTypeName: from,
		SourceState: &tfprotov6.RawState{JSON: text}, TargetTypeName: m.typeName,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	if !haveError(moved.Diagnostics) {
		m.State, m.Private, m.identity = m.read(moved.TargetState), moved.TargetPrivate, moved.TargetIdentity
	}
	return Diagnostics(moved.Diagnostics)
}

// ExpectSettled fails the test unless a refresh has nothing to say and a plan nothing to do.
func (m *Managed) ExpectSettled(arguments map[string]any) {
	m.t.Helper()
	NoDiagnostics(m.t, m.Refresh())
	m.ExpectPlan(arguments, Keep)
}

// ExpectPlan fails the test unless the plan does this, without diagnostics.
func (m *Managed) ExpectPlan(arguments map[string]any, action Action) *Plan {
	m.t.Helper()
	before, plan := m.Attributes(), m.Plan(arguments)
	NoDiagnostics(m.t, plan.Diagnostics)
	if plan.Action != action {
		m.t.Errorf(
			"the plan is to %s for %v, not to %s:\n%s", plan.Action, plan.Replaces, action,
			cmp.Diff(before, flat(m.t, plan.state)),
		)
	}
	return plan
}

// ExpectApplied plans, expects the plan to do this, carries it out and expects it to leave nothing to do; all without
// diagnostics.
func (m *Managed) ExpectApplied(arguments map[string]any, action Action) {
	m.t.Helper()
	if plan := m.ExpectPlan(arguments, action); plan.Action != "" {
		NoDiagnostics(m.t, m.CarryOut(m.t.Context(), plan, arguments))
	}
	m.ExpectSettled(arguments)
}

// ExpectDestroyed destroys without diagnostics.
func (m *Managed) ExpectDestroyed() {
	m.t.Helper()
	NoDiagnostics(m.t, m.Destroy(m.t.Context()))
	if !m.State.IsNull() {
		m.t.Error("the resource is still in the state")
	}
}

// InterruptAt applies a configuration, and interrupts that when the first request comes that fits. It fails the test
// unless the resource is kept, with a warning.
func (m *Managed) InterruptAt(cloud *Cloud, arguments map[string]any, fits func(emulator.Request) bool) {
	m.t.Helper()
	ctx, interrupt := context.WithCancel(m.t.Context())
	defer interrupt()
	cloud.OnRequest(fits, interrupt)
	said := m.Apply(ctx, arguments)
	if len(said) != 1 || !strings.HasPrefix(said[0], "WARNING Interrupted") || m.State.IsNull() || m.Tainted {
		m.t.Fatalf("the interrupted apply ended with %q; the state is %v", said, m.State)
	}
}

// ExpireAt applies a configuration whose time is up when the first request comes that fits. It returns the diagnostics.
func (m *Managed) ExpireAt(cloud *Cloud, arguments map[string]any, fits func(emulator.Request) bool) []string {
	m.t.Helper()
	ctx, expire := Deadline(m.t)
	cloud.OnRequest(fits, expire)
	return m.Apply(ctx, arguments)
}

// keep keeps a result, which must be wholly known. An identity that once names an image may not come to name another,
// nor none.
func (m *Managed) keep(state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) {
	m.t.Helper()
	before := m.Identity
	m.State, m.Private, m.identity, m.Identity = m.read(state), private, identity, nil
	if !m.State.IsFullyKnown() {
		m.t.Errorf("%s is not wholly known: %v", m.typeName, m.State)
	}
	if m.State.IsNull() {
		m.identity = nil
	}
	if m.identity == nil {
		return
	}
	m.Identity = m.protocol.Strings(identity.IdentityData, m.protocol.identityType(m.typeName))
	attributes := m.Attributes()
	image := attributes["id"] + attributes["image_id"]
	if m.Identity["region"] == "" || m.Identity["image_id"] != image ||
		before["image_id"] != "" && !maps.Equal(before, m.Identity) {
		m.t.Errorf("the identity of image %q is %v, and was %v", image, m.Identity, before)
	}
}

func (m *Managed) nothing() tftypes.Value { return tftypes.NewValue(m.schema.ValueType(), nil) }

func (m *Managed) value(arguments map[string]any) tftypes.Value {
	m.t.Helper()
	return m.protocol.object(m.schema, arguments)
}

func (m *Managed) read(value *tfprotov6.DynamicValue) tftypes.Value {
	m.t.Helper()
	read, err := value.Unmarshal(m.schema.ValueType())
	if err != nil {
		m.t.Fatal(err)
	}
	return read
}

func (m *Managed) dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	m.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(m.schema.ValueType(), value)
	if err != nil {
		m.t.Fatal(err)
	}
	return &encoded
}
