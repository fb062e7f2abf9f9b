package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// update changes an image to what is planned, or goes on waiting for one whose making was cut.
func (o *operation) update(ctx context.Context, state model) {
	planned, current := o.model.common(), state.common()
	if planned.JobID.IsUnknown() {
		planned.JobID = current.JobID
	}
	if planned.ID.IsUnknown() {
		planned.ID = current.ID
	}
	o.completeTags(planned)
	if err := o.begin(ctx, current); err != nil {
		o.fail(o.diagnostics, "update", "", err, "")
		return
	}
	defer o.end(ctx)

	if o.record.isUnfinished(current) {
		o.resume(ctx)
		return
	}
	if o.record.Moved != nil { // planned without a refresh
		image, err := o.client.Image(ctx, current.ID.ValueString())
		if reason := o.notArrived(ctx, image, err); reason != "" {
			o.diagnostics.AddError("Unable to move "+o.kind.noun, reason)
			return
		}
	}
	// A refresh that did not know yet what is ignored has those tags in the state.
	current.TagsAll = framework.StringMap(o.Tags.Visible(framework.Strings(current.TagsAll)))
	image, err := changesTo(planned, current, nil).send(ctx, o.client, current.ID.ValueString())
	switch {
	case isProtectionRefused(err):
		if image != nil { // the rest was changed: the state says what is so
			o.planned = tftypes.Value{}
			o.saveImage(ctx, image)
		}
		o.fail(o.diagnostics, "update", protectionRefused, err, protectionAdvice)
		return
	case err != nil:
		o.fail(o.diagnostics, "update", "", err, "")
		return
	}
	o.record.Imported = false
	if image == nil { // nothing to send: the state only records
		o.state.Raw = overlay(o.planned, o.state.Raw)
		o.identify(ctx)
		return
	}
	o.saveImage(ctx, image)
}
