package image

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// operation is one call of Create, Read, Update or Delete: the resource, and where its result goes.
type operation struct {
	*imageResource
	images      *ims.Client   // of the place where the image is
	region      string        // of that place
	project     string        // id; of that place
	planned     tftypes.Value // what the result must not contradict; nothing for Read and Delete
	state       *tfsdk.State
	identity    *tfsdk.ResourceIdentity
	private     framework.Private
	diagnostics *diag.Diagnostics
}

// read brings the state up to date.
func (o *operation) read(ctx context.Context, state model) {
	if err := o.enter(ctx, state); err != nil {
		o.fail(o.diagnostics, "read", "", err, "")
		return
	}
	m := state.common()
	o.identify(ctx, m.ID)

	var image *ims.Image
	var err error
	if m.finished() {
		image, err = o.readUnlisted(ctx, m.ID.ValueString())
	} else {
		image, err = o.look(ctx, state)
	}
	if reason := o.notArrived(ctx, image, err); reason != "" {
		o.diagnostics.AddError("Unable to move "+o.kind.noun, reason)
		return
	}
	_, unclear := ims.IsUnclear(err)
	switch {
	case ims.IsNotFound(err) || errors.Is(err, errGone):
		if parts := state.parts(); len(parts) > 0 {
			o.diagnostics.AddWarning("The data disk images of a "+o.kind.noun+" that is gone are left", fmt.Sprintf(
				"Image %s (%q) is gone; the images that were made with it need not be: %s. They are no longer managed. Delete them when nobody needs them.",
				m.ID.ValueString(), m.Name.ValueString(), strings.Join(parts, ", ")))
		}
		o.state.RemoveResource(ctx)
	case unclear:
		o.failUnclear("read", err, true)
	case err != nil:
		o.fail(o.diagnostics, "read", "", err, "")
	case image != nil:
		if image.Status == ims.StatusKilled {
			o.diagnostics.AddWarning("The "+o.kind.noun+" was killed", fmt.Sprintf("The service killed image %s (%q): it cannot be used. The plan replaces it.", image.ID, image.Name))
		}
		o.keep(ctx, state, image)
	}
}

// update changes an image to what is planned, or goes on waiting for one whose making was cut.
func (o *operation) update(ctx context.Context, plan, state model) {
	if err := o.enter(ctx, state); err != nil {
		o.fail(o.diagnostics, "update", "", err, "")
		return
	}
	planned, current := plan.common(), state.common()
	if planned.JobID.IsUnknown() {
		planned.JobID = current.JobID
	}
	if planned.ID.IsUnknown() {
		planned.ID = current.ID
	}
	if !framework.IsWhollyKnown(planned.TagsAll) {
		planned.TagsAll = framework.StringMap(o.Tags.All(framework.Strings(planned.Tags)))
	}
	if !current.finished() {
		image, err := o.resume(ctx, plan, state)
		if err != nil {
			o.cutUpdate(ctx, plan, err)
			return
		}
		o.settle(ctx, plan, image, "The next apply changes it in place.")
		return
	}
	if _, moved := framework.WasMoved(ctx, o.private); moved { // planned without a refresh
		image, err := o.images.Image(ctx, current.ID.ValueString())
		if reason := o.notArrived(ctx, image, err); reason != "" {
			o.diagnostics.AddError("Unable to move "+o.kind.noun, reason)
			return
		}
	}
	present, _ := framework.GetPrivate[[]string](ctx, o.private, keyPresent)
	// A refresh that did not know yet what is ignored has those tags in the state.
	current.TagsAll = framework.StringMap(o.Tags.Visible(framework.Strings(current.TagsAll)))
	image, err := changesTo(planned, current, present).send(ctx, o.images, current.ID.ValueString())
	if err != nil {
		o.fail(o.diagnostics, "update", "", err, "")
		return
	}
	o.diagnostics.Append(framework.SetPrivate(ctx, o.private, keyImported, nil)...)
	if image == nil {
		// Nothing to send: the state only records.
		o.state.Raw = overlay(o.planned, o.state.Raw)
		o.identify(ctx, current.ID)
		return
	}
	o.keep(ctx, plan, image)
}

// delete deletes an image, or leaves it, as the state says: a destroy has no configuration.
func (o *operation) delete(ctx context.Context, state model) {
	m := state.common()
	if m.DeletionPolicy.ValueString() == policyRetain {
		o.diagnostics.AddWarning("The "+o.kind.noun+" is left in the cloud", fmt.Sprintf("%s is not deleted, since its deletion_policy is %s. It is no longer managed and stays billed%s.",
			m.called(), policyRetain, jobClause(state)))
		return
	}
	if m.isProtected() {
		o.diagnostics.AddError("Unable to delete "+o.kind.noun, protectedAdvice(m)+
			" A resource that is tainted has to be untainted before, with `terraform untaint` (or `tofu untaint`).")
		return
	}
	if err := o.enter(ctx, state); err != nil {
		o.fail(o.diagnostics, "delete", "", err, "")
		return
	}
	id := m.ID.ValueString()
	if id == "" {
		if id = o.resolve(ctx, state); id == "" {
			return
		}
	}
	if !m.finished() {
		o.findParts(ctx, state)
	}
	err := o.remove(ctx, id, state.deleteBackup().ValueBoolPointer())
	for _, part := range state.parts() {
		if err == nil {
			err = o.remove(ctx, part, nil)
		}
	}
	if err != nil {
		o.fail(o.diagnostics, "delete", "", err, "")
	}
}

// resolve waits for an unfinished image that is to be deleted, and returns its id: none if there is no image, or after an error.
func (o *operation) resolve(ctx context.Context, state model) string {
	image, err := o.resume(ctx, state, state)
	unclear, isUnclear := ims.IsUnclear(err)
	created, _ := framework.GetPrivate[ims.Created](ctx, o.private, keyCreated)
	patience, _ := state.common().Timeouts.Create(ctx, defaultTimeouts.Create)
	switch {
	case err == nil:
		return image.ID
	case ims.IsJobFailure(err):
		return state.common().ID.ValueString() // what the job left, if anything
	case ims.IsNotFound(err), errors.Is(err, errGone), isUnclear && len(unclear.Candidates) == 0 && !o.mayAppear(created, patience):
	case isUnclear:
		o.failUnclear("delete", err, true)
	default:
		o.fail(o.diagnostics, "delete", "The image is still being made, and can be deleted only then.", err, "")
	}
	return ""
}

// keep puts an image into the state, and what later calls need into private state.
func (o *operation) keep(ctx context.Context, m model, image *ims.Image) {
	m.common().read(image, o.Tags)
	m.readArguments(image)
	framework.SetIfUnset(&m.common().JobID, types.StringNull())
	if !isUnderWay(image.Status) {
		o.findParts(ctx, m)
	}
	o.diagnostics.Append(o.state.Set(ctx, m)...)
	o.state.Raw = withoutUnknown(overlay(o.planned, o.state.Raw))
	o.identify(ctx, types.StringValue(image.ID))
	o.diagnostics.Append(framework.SetPrivate(ctx, o.private, keyPresent, presentAttributes(image))...)
	if !isUnderWay(image.Status) {
		o.diagnostics.Append(framework.SetPrivate(ctx, o.private, keyCreated, nil)...)
	}
}

func (o *operation) identify(ctx context.Context, id types.String) {
	if o.identity != nil {
		o.diagnostics.Append(o.identity.Set(ctx, framework.NewImageIdentity(o.region, id))...)
	}
}

// fail adds an error in the provider's wording: "Unable to <verb> <noun>".
func (r *imageResource) fail(diagnostics *diag.Diagnostics, verb, sentence string, err error, advice string) {
	diagnostics.AddError("Unable to "+verb+" "+r.kind.noun, framework.Detail(sentence, err, advice))
}

// overlay is the result with all that was planned and known in its place: engines refuse a result that contradicts the plan.
func overlay(planned, result tftypes.Value) tftypes.Value {
	var plannedValues, values map[string]tftypes.Value
	if planned.IsNull() || planned.As(&plannedValues) != nil || result.As(&values) != nil {
		return result
	}
	for name, value := range plannedValues {
		if value.IsFullyKnown() {
			values[name] = value
		}
	}
	return tftypes.NewValue(result.Type(), values)
}

// withoutUnknown is the value with null for all that is not known.
func withoutUnknown(value tftypes.Value) tftypes.Value {
	known, err := tftypes.Transform(value, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
	if err != nil {
		return value
	}
	return known
}
