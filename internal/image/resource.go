package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// imageResource is the resource of every kind of image.
type imageResource struct {
	kind *kind
	*framework.ProviderData
}

var (
	_ resource.ResourceWithConfigure        = &imageResource{}
	_ resource.ResourceWithConfigValidators = &imageResource{}
	_ resource.ResourceWithIdentity         = &imageResource{}
	_ resource.ResourceWithModifyPlan       = &imageResource{}
	_ resource.ResourceWithImportState      = &imageResource{}
	_ resource.ResourceWithMoveState        = &imageResource{}
)

func (r *imageResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.kind.name
	// An image that is being made has no id yet: its identity gets one later, once.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *imageResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schemaOf(ctx, r.kind)
}

func (r *imageResource) IdentitySchema(
	_ context.Context,
	_ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identitySchema()
}

func (r *imageResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = framework.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *imageResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return r.kind.validators
}

func (r *imageResource) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	switch {
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	default:
		r.planUpdate(ctx, req, resp)
	}
}

func (r *imageResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := r.kind.newModel()
	if resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...); resp.Diagnostics.HasError() {
		return
	}
	limited, cancel, ok := framework.Within(
		ctx,
		plan.common().Timeouts.Create,
		r.kind.timeouts().Create,
		&resp.Diagnostics,
	)
	if !ok {
		return
	}
	defer cancel()

	op := &operation{
		imageResource: r, verb: creating, model: plan, planned: req.Plan.Raw,
		state: &resp.State, identity: resp.Identity, private: resp.Private, diagnostics: &resp.Diagnostics,
	}
	op.create(limited, ctx)
}

func (r *imageResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := r.kind.newModel()
	if resp.Diagnostics.Append(req.State.Get(ctx, state)...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, ok := framework.Within(ctx, state.common().Timeouts.Read, defaultTimeouts.Read, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	op := &operation{
		imageResource: r, verb: reading, model: state,
		state: &resp.State, identity: resp.Identity, private: resp.Private, diagnostics: &resp.Diagnostics,
	}
	op.read(ctx)
}

func (r *imageResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, state := r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, state)...); resp.Diagnostics.HasError() {
		return
	}
	configured, fallback := plan.common().Timeouts.Update, defaultTimeouts.Update
	if known := readRecord(ctx, req.Private, state.common()); known.isUnfinished(state.common()) {
		configured, fallback = plan.common().Timeouts.Create, r.kind.timeouts().Create
	}
	ctx, cancel, ok := framework.Within(ctx, configured, fallback, &resp.Diagnostics)
	if !ok {
		return
	}
	defer cancel()

	op := &operation{
		imageResource: r, verb: updating, model: plan, planned: req.Plan.Raw,
		state: &resp.State, identity: resp.Identity, private: resp.Private, diagnostics: &resp.Diagnostics,
	}
	op.update(ctx, state)
}

func (r *imageResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := r.kind.newModel()
	if resp.Diagnostics.Append(req.State.Get(ctx, state)...); resp.Diagnostics.HasError() {
		return
	}
	timeout, diagnostics := state.common().Timeouts.Delete(ctx, defaultTimeouts.Delete)
	if known := readRecord(ctx, req.Private, state.common()); known.isUnfinished(state.common()) {
		// It may have to be waited for before it can be deleted.
		making, moreDiagnostics := state.common().Timeouts.Create(ctx, r.kind.timeouts().Create)
		timeout += making
		diagnostics.Append(moreDiagnostics...)
	}
	if resp.Diagnostics.Append(diagnostics...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	op := &operation{
		imageResource: r,
		verb:          deleting,
		model:         state,
		state:         &resp.State,
		private:       req.Private,
		diagnostics:   &resp.Diagnostics,
	}
	op.delete(ctx)
}
