package image

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// operation is one call of Create, Read, Update or Delete: what it works on, and where its result goes.
type operation struct {
	*imageResource
	verb        verb
	model       model         // the plan of Create and Update, the state of Read and Delete
	planned     tftypes.Value // what the result must not contradict; nothing for Read and Delete
	state       *tfsdk.State
	identity    *tfsdk.ResourceIdentity
	private     framework.Private
	diagnostics *diag.Diagnostics

	client *ims.Client  // of the place where the image is
	scope  *cloud.Scope // of that place
	record record

	sights    map[string]*ims.Sight // of the images that are waited for, by id
	searching time.Time             // this machine's time when the search for a lost answer's image began
	delivered bool                  // the image has its file, or needs none
	lost      error                 // why the answer to the request of this operation was lost
}

// begin reads the record and finds the place where the image is. A provider that is signed in to another project than
// the image's would take it for gone.
func (o *operation) begin(ctx context.Context, of *imageModel) error {
	o.record = readRecord(ctx, o.private, of)
	o.sights = map[string]*ims.Sight{}
	client, scope, err := o.clientOf(ctx, o.model)
	if err != nil {
		return err
	}
	if owner := of.Owner.ValueString(); owner != "" && owner != scope.ProjectID {
		return fmt.Errorf("the image belongs to project %s, and the provider is signed in to project %s of region %s. "+
			"Configure the provider for the image's project and region; or, to manage the image no longer, take the resource "+
			"out of "+
			"the state with `terraform state rm` (or `tofu state rm`)", owner, scope.ProjectID, scope.Region)
	}
	o.client, o.scope = client, scope
	return nil
}

// end writes the record.
func (o *operation) end(ctx context.Context) {
	o.diagnostics.Append(o.record.save(ctx, o.private)...)
}

// accept notes the job that makes the image.
func (o *operation) accept(job ims.StartedJob) {
	m := o.record.Making
	m.JobID, m.JobSince, m.JobEnded = job.ID, o.client.Now(), time.Time{}
	o.model.common().JobID = types.StringValue(job.ID)
}

// conclude does what the table says about a sighting, and tells whether there is an image to go on with.
func (o *operation) conclude(ctx context.Context, seen sighting) (proceed bool) {
	verdict := verdicts[o.verb][seen.outcome]
	words := o.words(seen)
	switch verdict.Effect {
	case framework.SaveRecord:
		o.saveUnfinished(ctx, seen.image)
	case framework.SaveComplete:
		o.saveImage(ctx, seen.image)
	case framework.RemoveState:
		o.state.RemoveResource(ctx)
	case framework.Proceed:
		return true
	case framework.KeepState:
	}
	verdict.Report(words, adviceOnCodes, seen.err, o.diagnostics)
	return false
}

// words are what stands in braces in the verdicts.
func (o *operation) words(seen sighting) map[string]string {
	m := o.model.common()
	words := map[string]string{
		"noun":       o.kind.noun,
		"name":       fmt.Sprintf("%q", m.Name.ValueString()),
		"image":      m.ID.ValueString(),
		"tainted":    taintAdvice(m),
		"job":        "",
		"since":      "",
		"candidates": "",
		"reason":     "",
	}
	if making := o.record.Making; making != nil {
		words["image"] = cmp.Or(making.ImageID, words["image"])
		if since := making.Request.Since; !since.IsZero() {
			words["since"] = " at " + since.UTC().Format(time.RFC3339)
		}
	}
	if job := m.JobID.ValueString(); job != "" {
		words["job"] = " (job " + job + ")"
	}
	if words["image"] == "" {
		words["image"] = words["name"]
	}
	if unclear, ok := ims.IsUnclear(seen.err); ok {
		var list strings.Builder
		for _, image := range unclear.Candidates {
			fmt.Fprintf(&list, "\n  %s  %s  %s", image.ID, image.CreatedAt, image.Name)
		}
		words["candidates"] = list.String()
	}
	if seen.reason != nil {
		words["reason"] = seen.reason.Error()
	}
	return words
}

// inWords names what is waited for.
func (o *operation) inWords() string {
	m := o.record.Making
	switch {
	case m == nil:
		return o.kind.noun
	case m.JobID != "":
		return "job " + m.JobID
	case m.ImageID != "":
		return "image " + m.ImageID
	default:
		return fmt.Sprintf("image %q", m.Request.Name)
	}
}

// saveImage puts a finished image into the state.
func (o *operation) saveImage(ctx context.Context, image *ims.Image) {
	m := o.model.common()
	m.read(image, o.Tags)
	o.model.readArguments(image)
	framework.SetIfUnset(&m.JobID, types.StringNull())
	if isUnderWay(image.Status) {
		o.setState(ctx)
		return
	}
	o.findParts(ctx)
	o.setState(ctx)
	o.record.Making = nil
}

// saveUnfinished puts what is known into the state: the plan, and of the image its id. What only the finished image has
// is null.
func (o *operation) saveUnfinished(ctx context.Context, image *ims.Image) {
	if o.verb == reading && image != nil {
		o.saveImage(ctx, image)
		return
	}
	m := o.model.common()
	m.ID = framework.StringOrNull(o.record.Making.ImageID)
	if parts := o.record.Making.Parts; len(parts) > 0 {
		o.model.setParts(parts)
	}
	m.Owner = types.StringValue(o.scope.ProjectID)
	o.setState(ctx)
}

// setState writes the model, with all that was planned in its place.
func (o *operation) setState(ctx context.Context) {
	o.diagnostics.Append(o.state.Set(ctx, o.model)...)
	o.state.Raw = withoutUnknown(overlay(o.planned, o.state.Raw))
	o.identify(ctx)
}

func (o *operation) identify(ctx context.Context) {
	if o.identity != nil {
		o.diagnostics.Append(o.identity.Set(ctx, newIdentity(o.scope.Region, o.model.common().ID))...)
	}
}

// fail adds an error in the provider's wording: "Unable to <verb> <noun>".
func (r *imageResource) fail(diagnostics *diag.Diagnostics, verb, sentence string, err error, advice string) {
	diagnostics.AddError("Unable to "+verb+" "+r.kind.noun, adviceOnCodes.Detail(sentence, err, advice))
}

// taintAdvice goes with errors of a creation that leave an image: engines taint what was created with an error.
func taintAdvice(m *imageModel) string {
	then := "deletes this image"
	if m.DeletionPolicy.ValueString() == policyRetain {
		then = "leaves this image in the cloud, as deletion_policy says,"
	}
	return "The next apply " + then + " and makes a new one; to keep this one instead, run `terraform untaint` (or " +
		"`tofu untaint`) on the resource first."
}

// overlay is the result with all that was planned and known in its place: engines refuse a result that contradicts the
// plan.
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
