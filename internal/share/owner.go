package share

import (
	"context"
	"slices"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// withdrawIn is how long taking back a share may take that could not be made as a whole. It is done also in a run that
// is being stopped, or out of time.
const withdrawIn = 2 * time.Minute

// look reads the members. As long as the job goes on that is to make a share, the share may lack somebody.
func (o *operation) look(ctx context.Context) sighting {
	members, err := o.client.Members(ctx, o.model.image())
	if err != nil {
		return unread(ctx, err)
	}
	if slices.Contains(recipientsOf(members), ims.Recipient{Type: ims.MemberProject, ID: o.scope.ProjectID}) {
		return o.lookAsReceiver(ctx)
	}
	o.record.Project = o.scope.ProjectID
	seen := compare(members, o.wanted, nil)
	if len(seen.missing) > 0 && o.record.isUnderWay(ctx, o.client) {
		seen.outcome = framework.UnderWay
	}
	return seen
}

// lookAsReceiver is a look by a project that is a member itself, and sees nobody else among them.
func (o *operation) lookAsReceiver(ctx context.Context) sighting {
	image, err := o.client.Image(ctx, o.model.image())
	if err != nil {
		return unread(ctx, err)
	}
	return sighting{outcome: framework.Unreadable, err: o.belongsTo(image.Owner)}
}

// lookBeforehand finds out whether the image is shared already with whom it is to be: that share is somebody else's.
func (o *operation) lookBeforehand(ctx context.Context) sighting {
	members, err := o.client.Members(ctx, o.model.image())
	switch {
	case ims.IsNotFound(err):
		return unread(ctx, err)
	case err != nil:
		return sighting{outcome: framework.Failed, err: err}
	}
	if present := both(recipientsOf(members), o.wanted); len(present) > 0 {
		return sighting{outcome: framework.Ambiguous, others: present}
	}
	return sighting{outcome: framework.Ready}
}

// share shares the image with all that are wanted or with none. It must not be shared with others of the types.
func (o *operation) share(ctx context.Context, types []string) sighting {
	var failed []ims.Recipient
	var since time.Time
	seen := sighting{outcome: framework.Ready}
	if len(o.wanted) > 0 {
		var err error
		failed, since, err = o.client.ShareImage(ctx, o.model.image(), o.wanted)
		seen = changed(ctx, err)
	}
	if seen.outcome == framework.Ready {
		seen = o.readBack(ctx, failed, types)
	}
	if verdicts[o.verb][seen.outcome].Effect == framework.RemoveState {
		o.withdraw(ctx, &seen, since)
	}
	seen.advice = o.shareAdvice(seen)
	o.record.JobID = seen.jobID
	return seen
}

// readBack looks for what was shared well; failed is what the service said it did not do.
func (o *operation) readBack(ctx context.Context, failed []ims.Recipient, types []string) sighting {
	members, err := o.client.MembersAfter(ctx, o.model.image(), without(o.wanted, failed), nil)
	switch {
	case ims.IsNotFound(err):
		return unread(ctx, err)
	case err != nil && len(failed) == 0:
		return sighting{outcome: framework.Unreadable, err: err}
	}
	seen := compare(members, o.wanted, types)
	seen.err = err
	return seen
}

// withdraw takes back what share has done, and notes what became of that. Recipients that had the image before keep it.
func (o *operation) withdraw(ctx context.Context, seen *sighting, since time.Time) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), withdrawIn)
	defer cancel()
	members, err := o.client.Members(ctx, o.model.image())
	var added []ims.Recipient
	for i := range members {
		if created := members[i].CreatedAt; created.IsZero() || !created.Before(since) {
			added = append(added, members[i].Recipient())
		}
	}
	added = o.client.Unclaimed(o.model.image(), o.record.Holder, both(added, o.wanted))
	left := unread(ctx, err)
	if err == nil {
		left = o.stop(ctx, added)
		seen.missing = without(o.wanted, recipientsOf(members))
	}

	switch {
	case left.outcome == framework.Gone:
		seen.undone = "The image is gone."
	case left.outcome != framework.Ready:
		seen.undone = "What was shared could not be taken back, and may still be shared with " + named(o.wanted) + ": " +
			left.reason() + ". Nothing is in the state. The next apply takes over what is shared by then."
	case len(added) == 0:
		seen.undone = "Nothing was shared."
	default:
		seen.undone = "A share is made as a whole or not at all: what was shared with " + named(added) + " was taken back."
	}
}

// change shares the image with those who are new, stops sharing it with those who are no longer wanted, and looks.
func (o *operation) change(ctx context.Context, had []ims.Recipient) sighting {
	add, remove := without(o.wanted, had), without(had, o.wanted)
	var failed []ims.Recipient
	var err error
	// First the removal: both together may be more than the image can be shared with.
	if len(remove) > 0 {
		err = o.client.StopSharing(ctx, o.model.image(), remove)
	}
	if len(add) > 0 && err == nil {
		failed, _, err = o.client.ShareImage(ctx, o.model.image(), add)
	}

	seen := o.membersAfter(ctx, without(o.wanted, failed), remove, err)
	if seen.outcome == framework.Ready {
		seen.missing = without(o.wanted, recipientsOf(seen.members))
		seen.others = both(remove, recipientsOf(seen.members))
	}
	seen.judge()
	seen.advice = o.shareAdvice(seen)
	return seen
}

// stop stops sharing the image with recipients and looks whether that is so: what answers the request may be a proxy,
// and a refusal may mean that there was nothing left to stop. The list says it.
func (o *operation) stop(ctx context.Context, recipients []ims.Recipient) sighting {
	if len(recipients) == 0 {
		return sighting{outcome: framework.Ready}
	}
	err := o.client.StopSharing(ctx, o.model.image(), recipients)
	seen := o.membersAfter(ctx, nil, recipients, err)
	if seen.outcome == framework.Ready {
		seen.others = both(recipientsOf(seen.members), recipients)
	}
	seen.judge()
	return seen
}

// membersAfter reads the members after a request that ended with err: once they show it, or at once if it failed.
func (o *operation) membersAfter(ctx context.Context, wanted, unwanted []ims.Recipient, err error) sighting {
	if err != nil {
		wanted, unwanted = nil, nil
	}
	members, readErr := o.client.MembersAfter(ctx, o.model.image(), wanted, unwanted)
	if readErr == nil {
		return sighting{outcome: framework.Ready, members: members, err: err}
	}
	seen := unread(ctx, readErr)
	if err != nil {
		seen.err = err
	}
	return seen
}

// shareAdvice says why somebody may not have got a share. Of a refusal the service's code says it, mostly.
func (o *operation) shareAdvice(seen sighting) string {
	refused := seen.outcome == framework.Failed && ims.HasCode(seen.err, codeInvalid) && hasDomains(o.wanted)
	switch {
	case refused, seen.outcome == framework.FailedAndLeft && hasDomains(seen.missing):
		return "Only Huawei Cloud shares images with domains (accounts). On any other cloud, name projects. On Huawei " +
			"Cloud, check that these are ids of domains, not of projects."
	case seen.outcome == framework.FailedAndLeft && len(seen.missing) > 0 && seen.err == nil:
		return "Check the ids, and that these projects are in the image's region."
	}
	return ""
}
