package image

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// create makes the image of a plan.
func (o *operation) create(ctx context.Context, plan model) {
	m := plan.common()
	if !framework.IsWhollyKnown(m.TagsAll) {
		m.TagsAll = framework.StringMap(o.Tags.All(framework.Strings(m.Tags)))
	}
	var far *farError
	if err := o.enter(ctx, plan); errors.As(err, &far) {
		o.failFar(far)
		return
	} else if err != nil {
		o.fail(o.diagnostics, "create", "", err, "")
		return
	}
	// When an image is replaced, the engine hands the old one's private state on.
	for _, key := range []string{keyImported, keyFound, keyFailed, keyPresent} {
		o.diagnostics.Append(framework.SetPrivate(ctx, o.private, key, nil)...)
	}
	o.diagnostics.Append(framework.Arrived(ctx, o.private)...)
	defer o.images.Making(m.Name.ValueString())()
	created := describe(plan, o.images.Now())
	o.diagnostics.Append(framework.SetPrivate(ctx, o.private, keyCreated, created)...)

	job, err := plan.create(ctx, o.Client)
	var image *ims.Image
	switch {
	case err == nil && job.ImageID != "":
		image, err = o.deliver(ctx, plan, job.ImageID)
	case err == nil:
		m.JobID = types.StringValue(job.ID)
		image, err = o.await(ctx, plan, job, created)
	case ims.AnswerLost(err):
		image, err = o.adopt(ctx, plan, created, err)
	default:
		advice := ""
		if ims.HasCode(err, ims.CodeNoAPI) && o.images != o.Client {
			advice = "This cloud does not offer cross-region replication. Leave target_region out to replicate the image in its own region."
		}
		o.fail(o.diagnostics, "create", "The request was refused or could not be sent: no image was made.", err, advice)
		return
	}
	if err != nil {
		o.cutCreate(ctx, plan, err)
		return
	}
	o.settle(ctx, plan, image, taintAdvice(m))
}

// taintAdvice goes with errors of a creation that leave an image: engines taint what was created with an error.
func taintAdvice(m *imageModel) string {
	then := "deletes this image"
	if m.DeletionPolicy.ValueString() == policyRetain {
		then = "leaves this image in the cloud, as deletion_policy says,"
	}
	return "The next apply " + then + " and makes a new one; to keep this one instead, run `terraform untaint` (or `tofu untaint`) on the resource first."
}

// await waits for a job and returns its image, once that is usable.
func (o *operation) await(ctx context.Context, made model, job ims.StartedJob, created ims.Created) (*ims.Image, error) {
	finished, err := o.Client.Wait(ctx, "create "+o.kind.noun, job)
	if ims.IsNotFound(err) {
		// The record of the job is gone; its image need not be.
		image, err := o.images.FindCreated(ctx, created)
		if err != nil {
			return nil, err
		}
		return o.deliver(ctx, made, image.ID)
	}
	if err != nil {
		if finished != nil {
			keepLeft(made, finished.ImageIDs())
		}
		return nil, err
	}
	return o.imageOf(ctx, made, finished, o.waitActive)
}

// keepLeft notes the images that a job left although it failed.
func keepLeft(made model, ids []string) {
	if len(ids) > 0 {
		made.common().ID = types.StringValue(ids[0])
		made.setParts(ids[1:])
	}
}

// imageOf finds the image among those that a job made, and keeps the others as its parts. An only one is the image, whatever the
// service makes of it. It is [ims.ErrNotFound] while it cannot be read.
func (o *operation) imageOf(ctx context.Context, made model, job *ims.Job, read func(context.Context, string) (*ims.Image, error)) (*ims.Image, error) {
	var own *ims.Image
	var parts []string
	var missing error
	ids := job.ImageIDs()
	for _, id := range ids {
		o.images.MarkMade(id)
		image, err := read(ctx, id)
		switch {
		case ims.IsNotFound(err):
			missing = err
		case err != nil:
			return nil, err
		case own == nil && (len(ids) == 1 || o.kind.stands(image)):
			own = image
			continue
		}
		parts = append(parts, id)
	}
	if own == nil {
		return nil, cmp.Or(missing, fmt.Errorf("job %s succeeded and names no image", job.ID))
	}
	made.setParts(parts)
	return own, nil
}

// adopt finds the image of a request whose answer was lost. The request is never repeated: it may have been accepted.
func (o *operation) adopt(ctx context.Context, plan model, created ims.Created, lost error) (*ims.Image, error) {
	image, err := o.images.FindCreated(ctx, created)
	if err != nil {
		return nil, errors.Join(err, lost)
	}
	o.diagnostics.AddWarning("Adopted the "+o.kind.noun+" after its request's answer was lost", framework.Detail(
		fmt.Sprintf("The service was asked to make the image and its answer was lost. Image %s, registered at %s, is the only one that fits the request: it was taken over.",
			image.ID, image.CreatedAt), lost, ""))
	return o.deliver(ctx, plan, image.ID)
}

// settle sends what a create request cannot say, or what the service did not heed, and keeps the image. The advice says what the
// next apply does when that fails.
func (o *operation) settle(ctx context.Context, plan model, image *ims.Image, advice string) {
	o.images.MarkMade(image.ID)
	if image.Status == ims.StatusKilled {
		o.keep(ctx, plan, image)
		o.diagnostics.AddError("Unable to create "+o.kind.noun, fmt.Sprintf("The service killed image %s while making it. The next apply replaces it.", image.ID))
		return
	}
	fresh := o.kind.newModel().common()
	fresh.read(image, o.Tags)
	updated, err := changesTo(plan.common(), fresh, presentAttributes(image)).send(ctx, o.images, image.ID)
	if updated == nil {
		updated = image
	}
	o.keep(ctx, plan, updated)
	switch {
	case err == nil:
	case errors.Is(ctx.Err(), context.Canceled):
		o.diagnostics.AddWarning("Interrupted", fmt.Sprintf("Image %s is made; some of its attributes are still to be changed. The next apply does that.", image.ID))
	default:
		o.fail(o.diagnostics, "create", fmt.Sprintf("Image %s is made, and some of its attributes could not be changed to what is configured.", image.ID), err, advice)
	}
}

// cutCreate tells why there is no image yet, and keeps in the state what a later run needs to find it.
func (o *operation) cutCreate(ctx context.Context, plan model, err error) {
	_, unclear := ims.IsUnclear(err)
	var lacking *deliveryError
	switch {
	case errors.As(err, &lacking):
		o.discard(ctx, plan, "The image file did not reach the service.", lacking.err)
	case ims.IsJobFailure(err) && plan.common().ID.IsUnknown():
		o.fail(o.diagnostics, "create", "The service began to make the image and failed. No image was left.", err, "")
	case ims.IsJobFailure(err):
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", "The service began to make the image and failed. It left image "+plan.common().ID.ValueString()+".", err,
			taintAdvice(plan.common()))
	case errors.Is(ctx.Err(), context.Canceled):
		o.keepUnfinished(ctx, plan)
		o.diagnostics.AddWarning("Interrupted: the image is still being made", fmt.Sprintf(
			"The %s goes on being made at the service%s. The next apply waits for it and makes no second one.", o.kind.noun, jobClause(plan)))
	case unclear:
		o.failUnclear("create", err, false)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", "The image is not finished within timeouts.create. It goes on being made at the service.", err,
			"Raise timeouts.create. "+taintAdvice(plan.common()))
	default:
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", "The image is being made at the service, and could not be waited for.", err, taintAdvice(plan.common()))
	}
}

// failUnclear tells of a search that found no image, or several. held: the resource is in the state, where no import can go.
func (o *operation) failUnclear(verb string, err error, held bool) {
	unclear, _ := ims.IsUnclear(err)
	const lost = "The service was asked to make the image, and its answer was lost. "
	release := ""
	if held {
		release = "Take the resource out of the state first, with `terraform state rm` (or `tofu state rm`). "
	}
	switch {
	case len(unclear.Candidates) > 0:
		var list strings.Builder
		for _, image := range unclear.Candidates {
			fmt.Fprintf(&list, "\n  %s  %s  %s", image.ID, image.CreatedAt, image.Name)
		}
		o.fail(o.diagnostics, verb, lost+"It is not clear which image came of it; these fit:"+list.String(), err,
			release+"Import the one that is yours, and delete those that nobody needs.")
	case held:
		o.fail(o.diagnostics, verb, lost+"No image that fits the request has appeared; the service may still be making it.", err, "Try again later: the next run looks again.")
	default:
		o.fail(o.diagnostics, verb, lost+"No image that fits the request has appeared, so it was probably never accepted.", err,
			"Look whether the image appears after all. If it does, import it or delete it; if not, apply again.")
	}
}

func jobClause(m model) string {
	if job := m.common().JobID.ValueString(); job != "" {
		return " (job " + job + ")"
	}
	return ""
}

// describe is what is known of an image before it has an id.
func describe(plan model, now time.Time) ims.Created {
	m := plan.common()
	origin, minDisk := plan.origin()
	created := ims.Created{
		Since: now, Name: m.Name.ValueString(), Description: m.Description.ValueString(), Tags: framework.Strings(m.TagsAll),
		MinDisk: minDisk, EnterpriseProjectID: m.EnterpriseProjectID.ValueString(), Origin: origin,
	}
	plan.unsent(&created)
	return created
}
