package image

import (
	"context"
	"fmt"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// delete deletes an image, or leaves it, as the state says: a destroy has no configuration.
func (o *operation) delete(ctx context.Context) {
	m := o.model.common()
	o.record = readRecord(ctx, o.private, m)
	if m.DeletionPolicy.ValueString() == policyRetain {
		o.diagnostics.AddWarning("The "+o.kind.noun+" is left in the cloud", fmt.Sprintf(
			"%s is not deleted, since its deletion_policy is %s. It is no longer managed and stays billed%s.",
			m.called(), policyRetain, o.words(sighting{})["job"]))
		return
	}
	if o.record.isProtected(m) {
		o.diagnostics.AddError("Unable to delete "+o.kind.noun, protectedAdvice(m)+
			" A resource that is tainted has to be untainted before, with `terraform untaint` (or `tofu untaint`).")
		return
	}
	if err := o.begin(ctx, m); err != nil {
		o.fail(o.diagnostics, "delete", "", err, "")
		return
	}

	id, parts := m.ID.ValueString(), o.model.parts()
	if o.record.isUnfinished(m) {
		if id, parts = o.resolve(ctx); id == "" {
			return
		}
	}
	err := o.remove(ctx, id, o.model.deleteBackup().ValueBoolPointer())
	for _, part := range parts {
		if err == nil {
			err = o.remove(ctx, part, nil)
		}
	}
	if err != nil {
		o.fail(o.diagnostics, "delete", "", err, "")
	}
}

// resolve finds the image of an unfinished resource, and waits for it as far as that takes. Without an id there is
// nothing to delete, or an error.
func (o *operation) resolve(ctx context.Context) (id string, parts []string) {
	if m := o.record.Making; m == nil || m.ImageID == "" {
		if m != nil {
			defer o.client.Making(m.Request.Name)()
		}
		if !o.conclude(ctx, o.wait(ctx, ims.StartedJob{}, o.isFound)) {
			return "", nil
		}
	}
	o.findParts(ctx)
	return o.record.Making.ImageID, o.model.parts()
}

// remove deletes an image and waits until it is gone; one that is still being made, once it is. Gone is success. One
// that was
// never finished is deleted also where it was made protected: that protects nothing yet.
func (o *operation) remove(ctx context.Context, id string, deleteBackup *bool) error {
	err := o.client.Poll(ctx, ims.Polling{For: "image " + id}, func(ctx context.Context) (ims.Look, error) {
		err := o.deleteImage(ctx, id, deleteBackup)
		if ims.HasCode(err, ims.CodeBeingMade) {
			return ims.Look{Status: "being made"}, nil
		}
		return ims.Look{Done: true}, err
	})
	if err == nil {
		err = o.client.WaitGone(ctx, id)
	}
	if ims.IsNotFound(err) {
		return nil
	}
	return err
}

func (o *operation) deleteImage(ctx context.Context, id string, deleteBackup *bool) error {
	err := o.client.DeleteImage(ctx, id, deleteBackup)
	if !ims.HasCode(err, ims.CodeProtected) || !o.record.isUnfinished(o.model.common()) {
		return err
	}
	if protectErr := o.client.ProtectImage(ctx, id, false); protectErr != nil {
		return err
	}
	return o.client.DeleteImage(ctx, id, deleteBackup)
}
