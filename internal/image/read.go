package image

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// read brings the state up to date.
func (o *operation) read(ctx context.Context) {
	m := o.model.common()
	if err := o.begin(ctx, m); err != nil {
		o.fail(o.diagnostics, "read", "", err, "")
		return
	}
	defer o.end(ctx)

	o.identify(ctx)
	if making := o.record.Making; making != nil {
		defer o.client.Making(making.Request.Name)()
	}
	seen := o.step(ctx)
	if reason := o.notArrived(ctx, seen.image, seen.err); reason != "" {
		o.diagnostics.AddError("Unable to move "+o.kind.noun, reason)
		return
	}
	if parts := o.model.parts(); seen.outcome == framework.Gone && len(parts) > 0 {
		o.diagnostics.AddWarning("The data disk images of a "+o.kind.noun+" that is gone are left", fmt.Sprintf(
			"Image %s (%q) is gone; the images that were made with it need not be: %s. They are no longer managed. "+
				"Delete them when nobody needs them.", m.ID.ValueString(), m.Name.ValueString(), strings.Join(parts, ", ")))
	}
	if seen.outcome == framework.FailedAndLeft {
		o.model.setParts(o.record.Making.Parts)
		o.record.Failed = true
	}
	o.conclude(ctx, seen)
	if o.record.Failed {
		o.record.Making = nil
	}
}
