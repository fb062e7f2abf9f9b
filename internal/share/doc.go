// Package share maps Terraform onto the sharing of images.
//
// ims_image_share is all with whom an image is shared, ims_image_share_member one of them; both are the owner's.
// ims_image_share_acceptance is the receiver's answer. The data source ims_image_members shows what there is.
//
// The three resources have one layout: image_share_*.go, image_share_member_*.go and image_share_acceptance_*.go each
// have a schema with its model, the resource with its methods in their fixed order, and a list. They stand on three
// words.
//
// The record (record.go) is what private state knows of them: whose image it is, the job that a creation was cut in,
// and what a moved one was.
//
// A sighting (sighting.go) is what a look at the members saw, or what came of a change of them. The list of members is
// the truth about a share: jobs show their parts only in passing, a 404 may be a proxy's, and what the list shows is
// what goes into the state. owner.go has the owner's looks and changes, receiver.go those of the receiver.
//
// An outcome (framework.Outcome) is how a share stands then. Of a change of members, outcomes mean:
//
//	UnderWay       the job of an earlier run goes on
//	Ready          it is done, and the list shows it
//	Failed         the request was refused or never sent: nothing was done
//	FailedAndLeft  its job, or a part of it, failed: some of it may be done
//	Ambiguous      the image was shared already, by somebody else
//	Unseen         it was sent, and nothing says what came of it
//	NeverSeen      there is nothing to answer, in all the time in which a share could have appeared
//	Gone           there is no such image, or no such share
//	Interrupted    the user ended the wait; the service goes on
//	OutOfTime      the deadline ended the wait; the service may go on
//	Unreadable     the members could not be read
//
// What each operation does about each of them is one table (verdicts.go).
//
// A run may have an old and a new share of one image at once, when a replacement is made before the old one is
// destroyed, or a resource gets another name. The end of the old one must not take from the new one: they take turns,
// and claim whom they want the image shared with (ims.Client.Claim).
package share
