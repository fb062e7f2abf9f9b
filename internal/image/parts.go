package image

import (
	"context"
)

// findParts puts the images that were made besides into the model. When no job named them, because the answer was lost, they
// are searched for.
func (o *operation) findParts(ctx context.Context) {
	m := o.record.Making
	if m == nil {
		return
	}
	if len(m.Parts) > 0 {
		o.model.setParts(m.Parts)
		return
	}
	sent := o.model.partsSent(ctx)
	if m.Request.Since.IsZero() || len(sent) == 0 || len(o.model.parts()) > 0 {
		return
	}

	find := o.client.FindCreated
	if o.verb == reading {
		find = o.client.LookForCreated // reading does not wait
	}
	var ids []string
	for _, part := range sent {
		part.Since = m.Request.Since
		image, err := find(ctx, part)
		if err != nil {
			o.diagnostics.AddWarning("Unable to find a part of the "+o.kind.noun,
				"The answer to the request that made the image was lost. It is not clear which data disk image belongs to it: "+
					"that one is not in the state and is not deleted with the image. Look for it, and delete it when nobody needs it."+
					"\n\n"+part.Origin+": "+err.Error())
			continue
		}
		ids = append(ids, image.ID)
	}
	o.model.setParts(ids)
}
