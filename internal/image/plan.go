package image

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// planDestroy refuses to plan what Delete would refuse.
func (r *imageResource) planDestroy(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	state := r.kind.newModel()
	if resp.Diagnostics.Append(req.State.Get(ctx, state)...); resp.Diagnostics.HasError() {
		return
	}
	known := readRecord(ctx, req.Private, state.common())
	if m := state.common(); known.isProtected(m) && m.DeletionPolicy.ValueString() != policyRetain {
		resp.Diagnostics.AddAttributeError(path.Root("protected"), "Unable to delete "+r.kind.noun, protectedAdvice(m))
	}
}

// planCreate checks what an image is to be made with, and fills in what is known beforehand.
func (r *imageResource) planCreate(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	plan := r.checkConfiguration(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	r.planCommon(ctx, plan, req, resp)
	asked := r.kind.asked()
	resp.Diagnostics.Append(
		planComputed(req, resp, nil, func(name string) bool { return slices.Contains(asked, name) })...)
}

// planUpdate plans an image that is there, or that is still being made.
func (r *imageResource) planUpdate(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	plan, state := r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.Append(req.State.Get(ctx, state)...); resp.Diagnostics.HasError() {
		return
	}
	planned, current := plan.common(), state.common()
	r.planCommon(ctx, plan, req, resp)

	known := readRecord(ctx, req.Private, current)
	resp.RequiresReplace = r.replacedBy(ctx, plan, state, known, req, resp)
	if len(resp.RequiresReplace) > 0 {
		r.checkReplace(plan, state, known, &resp.Diagnostics) // the engine has the new image planned after this
		return
	}
	if known.isUnfinished(current) {
		// The update waits for the image, and then knows what only the image can tell.
		asked, settled := r.kind.asked(), r.kind.settled()
		resp.Diagnostics.Append(planComputed(req, resp, tftypes.UnknownValue, func(name string) bool {
			return name != "job_id" && !slices.Contains(settled, name) && (name != "id" || current.ID.IsNull()) &&
				!slices.Contains(asked, name)
		})...)
		return
	}
	if !planned.Firmware.Equal(current.Firmware) {
		checkFirmware(&resp.Diagnostics, current.Architecture, planned.Firmware)
	}
	if !changesTo(planned, current, nil).empty() || !framework.IsWhollyKnown(planned.TagsAll) ||
		framework.AnyUnknown(planned.changeable()...) {
		resp.Diagnostics.Append(
			planComputed(req, resp, tftypes.UnknownValue, func(name string) bool { return name == "updated_at" })...)
	}
}

// planCommon plans what the provider block has a say in: the tags and the enterprise project.
func (r *imageResource) planCommon(
	ctx context.Context,
	plan model,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	if r.ProviderData == nil {
		return
	}
	m := plan.common()
	checkMemory(m, &resp.Diagnostics)
	m.TagsAll = types.MapUnknown(types.StringType)
	if framework.IsWhollyKnown(m.Tags) && !r.Tags.Unknown {
		all := r.Tags.All(framework.Strings(m.Tags))
		m.TagsAll = framework.StringMap(all)
		for _, fault := range tagFaults(all, len(all)) {
			resp.Diagnostics.AddAttributeError(
				path.Root("tags"),
				"Invalid tag",
				fault+" This includes the provider's default_tags.",
			)
		}
		for key := range m.Tags.Elements() {
			if r.Tags.Ignores(key) {
				resp.Diagnostics.AddAttributeError(path.Root("tags").AtMapKey(key), "Ignored tag", fmt.Sprintf(
					"The provider's ignore_tags names the tag %q: it is neither set nor removed. Take it out of tags, or out of "+
						"ignore_tags.",
					key,
				))
			}
		}
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("tags_all"), m.TagsAll)...)

	var configured types.String
	project := path.Root("enterprise_project_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, project, &configured)...)
	if configured.IsNull() && req.State.Raw.IsNull() && r.EnterpriseProjectID != "" {
		m.EnterpriseProjectID = types.StringValue(r.EnterpriseProjectID)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, project, m.EnterpriseProjectID)...)
	}
}

// checkConfiguration looks for what an image cannot be made with, and returns the plan.
func (r *imageResource) checkConfiguration(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) model {
	config, plan := r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.Append(req.Config.Get(ctx, config)...); !resp.Diagnostics.HasError() {
		r.kind.checkNew(config.common(), valuesIn(ctx, req.Config, &resp.Diagnostics), &resp.Diagnostics)
		if config, ok := config.(sourced); ok && r.ProviderData != nil && !resp.Diagnostics.HasError() {
			config.checkSource(ctx, r.Client, &resp.Diagnostics)
		}
	}
	return plan
}

// replacedBy are the paths whose planned values no existing image can take: the one answer to "would it be replaced?".
func (r *imageResource) replacedBy(
	ctx context.Context,
	plan, state model,
	known record,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) path.Paths {
	configured := valuesIn(ctx, req.Config, &resp.Diagnostics)
	planned := valuesIn(ctx, req.Plan, &resp.Diagnostics)
	current := valuesIn(ctx, req.State, &resp.Diagnostics)
	// An import on a cloud that does not tell the source leaves it to the configuration, too.
	recorded := map[string]bool{}
	origin := (&ims.Image{DataOrigin: state.common().DataOrigin.ValueString()}).Origin().Kind
	sourceTold := origin != "" && origin != r.kind.silent
	for _, name := range r.kind.sources() {
		sourceTold = sourceTold || !current(name).IsNull()
	}
	for _, name := range r.kind.sources() {
		recorded[name] = known.Imported && !sourceTold
	}
	for _, name := range r.kind.unreturned() {
		recorded[name] = known.Imported
	}
	var replaced path.Paths
	for _, name := range r.kind.immutable() {
		before := current(name)
		if byDefault := r.kind.byDefault(name); byDefault != nil && before.IsNull() {
			before = byDefault
		}
		// An argument that is left out no longer matters: that is no reason for a new image.
		if isEmpty(configured(name)) || planned(name).Equal(before) {
			continue
		}
		if recorded[name] && (isEmpty(current(name)) || slices.Contains(known.Found, name)) || plan.excuses(state, name) {
			continue
		}
		replaced = append(replaced, path.Root(name))
	}
	if known.Failed || state.common().Status.ValueString() == ims.StatusKilled {
		// Engines replace only for an attribute that changes.
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), types.StringUnknown())...)
		replaced = append(replaced, path.Root("status"))
	}
	return replaced
}

// checkReplace refuses to replace an image that is protected, or by a plan that also changes what protects it: the
// state's values would decide, and that is not what the configuration says.
func (r *imageResource) checkReplace(plan, state model, known record, diagnostics *diag.Diagnostics) {
	planned, current := plan.common(), state.common()
	summary := "Unable to replace " + r.kind.noun
	if known.isProtected(current) && current.DeletionPolicy.ValueString() != policyRetain {
		diagnostics.AddAttributeError(path.Root("protected"), summary, protectedAdvice(current))
		return
	}
	for _, argument := range []struct {
		name          string
		before, after attr.Value
	}{
		{"deletion_policy", current.DeletionPolicy, planned.DeletionPolicy},
		{"protected", current.Protected, planned.Protected},
		{"delete_backup", state.deleteBackup(), plan.deleteBackup()},
	} {
		if !argument.after.Equal(argument.before) {
			diagnostics.AddAttributeError(path.Root(argument.name), summary, fmt.Sprintf(
				"This plan would replace image %s and change its %s from %s to %s at once. The old image would still be handled "+
					"according to the old value. "+
					"Apply the change of %s by itself first, then the one that replaces the image.",
				current.ID.ValueString(),
				argument.name,
				argument.before,
				argument.after,
				argument.name,
			))
		}
	}
}

func protectedAdvice(m *imageModel) string {
	return fmt.Sprintf(
		"%s is protected. Set protected = false and apply that first; or set deletion_policy = %q and apply that first, "+
			"to leave the image in the cloud.",
		m.called(),
		policyRetain,
	)
}

// planComputed plans a value, unknown or null, for computed attributes, save those that the configuration sets: an
// engine refuses a plan that contradicts the configuration.
func planComputed(
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
	value any,
	which func(name string) bool,
) diag.Diagnostics {
	var diagnostics diag.Diagnostics
	var planned, configured map[string]tftypes.Value
	if err := resp.Plan.Raw.As(&planned); err != nil {
		diagnostics.AddError("Unable to plan", err.Error())
		return diagnostics
	}
	if err := req.Config.Raw.As(&configured); err != nil {
		diagnostics.AddError("Unable to plan", err.Error())
		return diagnostics
	}
	for name, attribute := range req.Plan.Schema.GetAttributes() {
		if !attribute.IsComputed() || !configured[name].IsNull() || !which(name) {
			continue
		}
		planned[name] = tftypes.NewValue(planned[name].Type(), value)
	}
	resp.Plan.Raw = tftypes.NewValue(resp.Plan.Raw.Type(), planned)
	return diagnostics
}
