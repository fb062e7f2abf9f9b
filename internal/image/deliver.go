package image

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// discardLimit is how long deleting an image without data may take; an interrupt does not shorten it.
const discardLimit = 2 * time.Minute

// deliveryError says that an image did not get its data, and holds nothing.
type deliveryError struct{ err error }

func (e *deliveryError) Error() string { return e.err.Error() }
func (e *deliveryError) Unwrap() error { return e.err }

// deliver takes an image whose id is known to its end: it gives it its data where the kind makes images in two steps, and
// waits until it can be used.
func (o *operation) deliver(ctx context.Context, made model, id string) (*ims.Image, error) {
	m := made.common()
	m.ID = types.StringValue(id)
	o.images.MarkMade(id)
	job, err := made.deliver(ctx, o.images, id)
	if err != nil {
		return nil, err
	}
	if job.ID != "" {
		m.JobID = types.StringValue(job.ID)
	}
	return o.follow(ctx, id, job)
}

// follow waits for the job that makes an image whose id is known, if there is one, and until the image can be used.
func (o *operation) follow(ctx context.Context, id string, job ims.StartedJob) (*ims.Image, error) {
	if job.ID != "" {
		if _, err := o.Client.Wait(ctx, "create "+o.kind.noun, job); err != nil && !ims.IsNotFound(err) {
			return nil, err
		}
	}
	return o.waitActive(ctx, id)
}

// Lists may leave out an image that is not finished, or only just. Glance knows it: it alone says that an image is gone.

// readUnlisted reads an image, listed or not.
func (o *operation) readUnlisted(ctx context.Context, id string) (*ims.Image, error) {
	image, err := o.images.Image(ctx, id)
	if !ims.IsNotFound(err) {
		return image, err
	}
	if image, err = o.images.GlanceImage(ctx, id); err == nil && image.IsDeleted() {
		return nil, fmt.Errorf("image %s is %s: %w", id, image.Status, ims.ErrNotFound)
	}
	return image, err
}

// waitActive waits until an image can be used and is listed, or was killed.
func (o *operation) waitActive(ctx context.Context, id string) (*ims.Image, error) {
	for {
		image, err := o.images.WaitActive(ctx, id)
		if !ims.IsNotFound(err) {
			return image, err
		}
		if _, err := o.readUnlisted(ctx, id); err != nil {
			return nil, err
		}
	}
}

// discard deletes what is left of an image that will get no data, and tells why. What cannot be deleted, or may have its data after
// all, is kept in the state.
func (o *operation) discard(ctx context.Context, plan model, sentence string, err error) {
	limited, stop := context.WithTimeout(context.WithoutCancel(ctx), discardLimit)
	defer stop()
	id := plan.common().ID.ValueString()
	image, left := o.images.GlanceImage(limited, id)
	switch {
	case left == nil && isUnderWay(image.Status):
		left = o.images.DeleteImage(limited, id, nil)
	case left == nil:
		left = fmt.Errorf("it is %s", image.Status)
	}
	if left != nil && !ims.IsNotFound(left) {
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", sentence+" Image "+id+" was not deleted: "+left.Error()+".", err, "The state has the image; the next plan looks at it.")
		return
	}
	o.fail(o.diagnostics, "create", sentence+" What was registered for the image is deleted.", err, "")
}

// remove deletes an image and waits until it is gone; one that is still being made, once it is. Gone is success.
func (o *operation) remove(ctx context.Context, id string, deleteBackup *bool) error {
	err := o.images.DeleteImage(ctx, id, deleteBackup)
	if ims.HasCode(err, ims.CodeBeingMade) {
		if _, err = o.waitActive(ctx, id); err == nil {
			err = o.images.DeleteImage(ctx, id, deleteBackup)
		}
	}
	if err == nil {
		err = o.images.WaitGone(ctx, id)
	}
	if ims.IsNotFound(err) {
		return nil
	}
	return err
}

// findParts looks for the images that a request made besides, when no job tells them: its answer was lost.
func (o *operation) findParts(ctx context.Context, m model) {
	created, ok := framework.GetPrivate[ims.Created](ctx, o.private, keyCreated)
	sent := m.partsSent(ctx)
	if !ok || len(sent) == 0 || len(m.parts()) > 0 {
		return
	}
	find := o.images.FindCreated
	if o.planned.IsNull() {
		find = o.images.LookForCreated // reading does not wait
	}
	var ids []string
	for _, part := range sent {
		part.Since = created.Since
		image, err := find(ctx, part)
		if err != nil {
			o.diagnostics.AddWarning("Unable to find a part of the "+o.kind.noun, "The answer to the request that made the image was lost. It is not clear which data disk image belongs to it: "+
				"that one is not in the state and is not deleted with the image. Look for it, and delete it when nobody needs it.\n\n"+part.Origin+": "+err.Error())
			continue
		}
		ids = append(ids, image.ID)
	}
	m.setParts(ids)
}
