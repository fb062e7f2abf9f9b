package image

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// create makes the image of a plan. whole is the context without the limit that timeouts.create sets.
func (o *operation) create(ctx, whole context.Context) {
	m := o.model.common()
	o.completeTags(m)
	if err := o.begin(ctx, m); err != nil {
		sentence, advice := explainPlace(err)
		o.fail(o.diagnostics, "create", sentence, err, advice)
		return
	}
	defer o.end(ctx)

	// When an image is replaced, the engine hands the old one's record on.
	o.record = record{Making: &making{Request: describe(o.model, o.client.Now())}}
	defer o.client.Making(m.Name.ValueString())()
	job, err := o.model.create(ctx, o.client)
	switch {
	case err == nil && job.ImageID != "":
		o.record.Making.ImageID = job.ImageID
	case err == nil:
		o.accept(job)
	case ims.AnswerLost(err):
		o.lost = err
		// How long the image is searched for does not follow from timeouts.create: a tainted resource without an id would be
		// replaced by a second image.
		search := ims.Polling{
			For:   o.inWords(),
			Limit: ims.SearchFor + time.Minute,
		} // a failing service must not hold it for ever
		if seen := o.poll(whole, search, o.isFound); seen.outcome != framework.UnderWay {
			o.finish(whole, seen)
			return
		}
	default:
		sentence := "The request was refused or could not be sent: no image was made."
		var file *localFileError
		if errors.As(err, &file) {
			sentence = "The image file cannot be uploaded. Nothing was sent."
		}
		o.fail(o.diagnostics, "create", sentence, err, o.adviceOnRefusal(err))
		return
	}
	o.finish(ctx, o.wait(ctx, job, never))
}

// resume goes on with an image whose making was cut.
func (o *operation) resume(ctx context.Context) {
	if m := o.record.Making; m != nil {
		defer o.client.Making(m.Request.Name)()
	}
	o.finish(ctx, o.wait(ctx, ims.StartedJob{}, never))
}

func never() bool { return false }

// isFound tells whether the image of a request is known.
func (o *operation) isFound() bool { return o.record.Making.ImageID != "" }

// finish concludes a wait for the image.
func (o *operation) finish(ctx context.Context, seen sighting) {
	if seen.outcome == framework.Undelivered {
		seen = o.discard(ctx, seen)
	}
	if _, unclear := ims.IsUnclear(seen.err); unclear {
		seen.err = errors.Join(seen.err, o.lost)
	}
	if o.conclude(ctx, seen) {
		o.settle(ctx, seen.image)
	}
}

// settle sends what a create request cannot say, or what the service did not heed, and saves the image.
func (o *operation) settle(ctx context.Context, image *ims.Image) {
	o.client.MarkMade(image.ID)
	o.record.Imported = false
	made := o.kind.newModel().common()
	made.Properties = o.model.common().Properties
	made.read(image, o.Tags)
	updated, err := changesTo(o.model.common(), made, image.Has).send(ctx, o.client, image.ID)
	if updated == nil {
		updated = image
	}
	o.saveImage(ctx, updated)
	switch {
	case err == nil:
	case isProtectionRefused(err):
		// An error would taint the image: the next apply would make another one, and be refused again.
		o.diagnostics.AddWarning("Unable to protect "+o.kind.noun, framework.Detail(
			fmt.Sprintf("Image %s is made and kept. ", image.ID)+protectionRefused, err, protectionAdvice))
	case errors.Is(ctx.Err(), context.Canceled):
		o.diagnostics.AddWarning("Interrupted", fmt.Sprintf(
			"Image %s is made; some of its attributes are still to be changed. The next apply does that.", image.ID))
	default:
		advice := "The next apply changes it in place."
		if o.verb == creating {
			advice = taintAdvice(o.model.common())
		}
		o.fail(o.diagnostics, "create", fmt.Sprintf(
			"Image %s is made, and some of its attributes could not be changed to what is configured.", image.ID), err, advice)
	}
}

// discardLimit is how long deleting an image without data may take; an interrupt does not shorten it.
const discardLimit = 2 * time.Minute

// discard deletes what is left of an image that will get no file. What cannot be deleted, or may have its data after
// all, stays.
func (o *operation) discard(ctx context.Context, seen sighting) sighting {
	limited, stop := context.WithTimeout(context.WithoutCancel(ctx), discardLimit)
	defer stop()
	id := o.record.Making.ImageID
	image, err := o.client.Image(limited, id)
	switch {
	case err == nil && !isUnderWay(image.Status):
		err = fmt.Errorf("it is %s", image.Status)
	case err == nil || ims.IsNotFound(err): // what is not listed need not be gone where there is no native read to ask
		err = o.deleteImage(limited, id, nil)
	}
	if err != nil && !ims.IsNotFound(err) {
		seen.outcome, seen.reason = framework.UndeliveredAndLeft, err
	}
	return seen
}

// completeTags fills in tags that could not be planned because some were unknown.
func (o *operation) completeTags(m *imageModel) {
	if !framework.IsWhollyKnown(m.TagsAll) {
		m.TagsAll = framework.StringMap(o.Tags.All(framework.Strings(m.Tags)))
	}
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

// createTimeout is how long an image may take to be made.
func (o *operation) createTimeout(ctx context.Context) time.Duration {
	timeout, _ := o.model.common().Timeouts.Create(ctx, o.kind.timeouts().Create)
	return timeout
}
