package share

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const (
	// shareVisibleIn is how long a share that was just made may not be visible to its receiver.
	shareVisibleIn = 2 * time.Minute
	// answerVisibleIn is how long an answer that was just given may not be.
	answerVisibleIn = time.Minute
	// explainIn is how long it may take to find out why there is nothing to answer, when the time is up.
	explainIn = 30 * time.Second
)

// awaitShare waits until the share is visible that is to be answered.
func (o *operation) awaitShare(ctx context.Context) sighting {
	var member *ims.Member
	var absent bool
	var failure error
	_, err := o.client.Until(ctx, shareVisibleIn, func(ctx context.Context) (bool, error) {
		member, failure = o.client.Member(ctx, o.model.image(), o.scope.ProjectID)
		if ims.IsNotFound(failure) {
			absent, failure = true, nil
		}
		return member != nil, failure
	})
	switch {
	case member != nil:
		return sighting{outcome: framework.Ready, members: []ims.Member{*member}}
	case errors.Is(ctx.Err(), context.Canceled):
		return sighting{outcome: framework.Interrupted, err: err}
	case absent && (failure == nil || ctx.Err() != nil): // a deadline cuts the last look, which then says nothing
		return o.absence(ctx)
	}
	seen := unread(ctx, err)
	seen.advice = o.answerAdvice(err)
	return seen
}

// absence is that there is no share to answer, and why.
func (o *operation) absence(ctx context.Context) sighting {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), explainIn)
	defer cancel()
	seen := sighting{
		outcome: framework.NeverSeen,
		shown:   "Image " + o.model.image() + " is not shared with project " + o.scope.ProjectID + ", or no longer.",
		advice: "Check image_id, and that the provider is configured for the project and region that the image is shared " +
			"with. When the share is made in the same configuration, let this resource depend on it.",
	}
	image, err := o.client.Image(ctx, o.model.image())
	if err == nil && image.Owner == o.scope.ProjectID {
		seen.shown, seen.advice = ownImage(image.ID, image.Owner), ""
	}
	return seen
}

// answer sends an answer and reads it back.
func (o *operation) answer(ctx context.Context, status, vaultID string) sighting {
	err := o.client.AnswerShare(ctx, o.model.image(), o.scope.ProjectID, status, vaultID)
	seen := changed(ctx, err)
	seen.advice = o.answerAdvice(err)
	if seen.outcome == framework.Ready {
		seen = o.readAnswer(ctx, status)
	}
	o.record.JobID = seen.jobID
	return seen
}

// readAnswer reads back the answer that was given.
func (o *operation) readAnswer(ctx context.Context, status string) sighting {
	var member *ims.Member
	_, err := o.client.Until(ctx, answerVisibleIn, func(ctx context.Context) (bool, error) {
		var err error
		member, err = o.client.Member(ctx, o.model.image(), o.scope.ProjectID)
		return err == nil && member.Status == status, err
	})
	switch {
	case err != nil:
		return sighting{outcome: framework.Unreadable, err: err}
	case member.Status != status:
		return sighting{
			outcome: framework.FailedAndLeft, advice: "Apply again.",
			shown: "The service took the answer and shows the share as " + member.Status + ", not as " + status + ".",
		}
	}
	return sighting{outcome: framework.Ready, members: []ims.Member{*member}}
}

// reject answers with a rejection. What answers the request may be a proxy, and a refusal may mean that there is
// nothing left to reject: reading the share says it. status is the answer so far.
func (o *operation) reject(ctx context.Context, status string) sighting {
	err := o.client.AnswerShare(ctx, o.model.image(), o.scope.ProjectID, ims.MemberRejected, "")
	if err == nil {
		return sighting{outcome: framework.Ready}
	}
	left := o.received(ctx, status)
	if left.outcome == framework.Gone || left.isAnswered(ims.MemberRejected) {
		return left
	}
	seen := changed(ctx, err)
	seen.advice = o.answerAdvice(err)
	return seen
}

// received reads the share as its receiver sees it. One that is gone is proved gone by the image, which a wrong address
// of the members would not know of. status is the answer that is expected.
func (o *operation) received(ctx context.Context, status string) sighting {
	member, err := o.client.Member(ctx, o.model.image(), o.scope.ProjectID)
	switch {
	case err == nil:
		return sighting{outcome: framework.Ready, members: []ims.Member{*member}}
	case !ims.IsNotFound(err):
		return unread(ctx, err)
	}
	image, readErr := receivedImage(ctx, o.client, o.model.image(), status)
	switch {
	case readErr != nil:
		return unread(ctx, readErr)
	case image.Owner == o.scope.ProjectID || image.IsPublic():
		return sighting{outcome: framework.Gone, err: err}
	}
	return sighting{outcome: framework.Unreadable, err: fmt.Errorf(
		"image %s can be seen by this project, and its share cannot be read: %s", image.ID, err.Error())}
}

// isAnswered is true if the share was read and answered so.
func (s *sighting) isAnswered(status string) bool {
	return len(s.members) == 1 && s.members[0].Status == status
}

// receivedImage reads an image that need not be shared with the project. It is looked for first where it is expected,
// among those that the project has answered so; "" is a share that nobody has answered yet.
func receivedImage(ctx context.Context, client *ims.Client, id, status string) (*ims.Image, error) {
	image, err := client.ReceivedImage(ctx, id, cmp.Or(status, ims.MemberPending))
	if ims.IsNotFound(err) {
		return client.Image(ctx, id)
	}
	return image, err
}

func ownImage(imageID, project string) string {
	return "Image " + imageID + " belongs to project " + project + ", which the provider is signed in to: a share is " +
		"answered by the project that receives it, not by the owner. Give the resource the provider of the receiving " +
		"project, such as `provider = ims.receiver`."
}

// answerAdvice explains a refusal that comes from the wrong project having answered.
func (o *operation) answerAdvice(err error) string {
	var answered *ims.Error
	switch {
	case errors.As(err, &answered) &&
		(answered.Status == http.StatusForbidden || ims.HasCode(err, "IMG.0047", "IMG.0067", "IMG.0106")):
		return "Only the project that image " + o.model.image() + " is shared with may answer, not its owner and no other " +
			"project. The provider is signed in to project " + o.scope.ProjectID + ": check that it is the receiver, and that " +
			"its user may use IMS there."
	case ims.IsJobFailure(err):
		return "Check that the image is still shared with project " + o.scope.ProjectID + ". Accepting a full-ECS image " +
			"needs vault_id."
	}
	return ""
}
