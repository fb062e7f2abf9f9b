package image

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"

// verb is what an operation does with an image.
type verb string

const (
	creating verb = "creating"
	reading  verb = "reading"
	updating verb = "updating" // it goes on with an image whose making was cut, if it was
	deleting verb = "deleting"
)

// What several verdicts say. Words in braces are those of [operation.words].
const (
	unableToCreate = "Unable to create {noun}"
	unableToDelete = "Unable to delete {noun}"
	answerLost     = "The service was asked to make the image, and its answer was lost. "
	severalFit     = answerLost + "It is not clear which image came of it; these fit:{candidates}"
	noneAppeared   = answerLost + "No image that fits the request has appeared"
	releaseFirst   = "Take the resource out of the state first, with `terraform state rm` (or `tofu state rm`). "
	importYours    = "Import the one that is yours, and delete those that nobody needs."
	notReached     = "The image file did not reach the service. "
	notFinished    = "The image is not finished within timeouts.create. It goes on being made at the service."
	notWaitedFor   = "The image is being made at the service, and could not be waited for."
	interrupted    = "Interrupted: the image is still being made"
	goesOn         = "The {noun} goes on being made at the service{job}. "
	stillMaking    = "The image is still being made, and can be deleted only then."
)

// impossible is the verdict on what an operation cannot meet.
var impossible = framework.Verdict{
	Severity: framework.Failure,
	Summary:  "Unable to manage {noun}",
	Sentence: "The image is in a state that the provider does not expect. This is a bug of the provider: please report " +
		"it.",
}

// verdicts are what each operation does about each outcome. It is total.
var verdicts = map[verb]map[framework.Outcome]framework.Verdict{
	creating: {
		framework.UnderWay: impossible,
		framework.Ready:    {Effect: framework.Proceed},
		framework.Killed: {
			Severity: framework.Failure, Effect: framework.SaveComplete, Summary: unableToCreate,
			Sentence: "The service killed image {image} while making it. The next apply replaces it.",
		},
		framework.Failed: {
			Severity: framework.Failure, Effect: framework.RemoveState, Summary: unableToCreate,
			Sentence: "The service began to make the image and failed. No image was left.",
		},
		framework.FailedAndLeft: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToCreate,
			Sentence: "The service began to make the image and failed. It left image {image}.", Advice: "{tainted}",
		},
		framework.Ambiguous: {
			Severity: framework.Failure, Effect: framework.RemoveState, Summary: unableToCreate,
			Sentence: severalFit, Advice: importYours,
		},
		framework.Unseen:    neverAccepted,
		framework.NeverSeen: neverAccepted,
		framework.Undelivered: {
			Severity: framework.Failure, Effect: framework.RemoveState, Summary: unableToCreate,
			Sentence: notReached + "What was registered for the image is deleted.",
		},
		framework.UndeliveredAndLeft: undeliveredAndLeft,
		framework.Gone: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToCreate,
			Sentence: "The service made image {image}, and now it is gone.", Advice: "{tainted}",
		},
		framework.Interrupted: {
			Severity: framework.Warning, Effect: framework.SaveRecord, Summary: interrupted,
			Sentence: goesOn + "The next apply waits for it and makes no second one.",
		},
		framework.OutOfTime: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToCreate,
			Sentence: notFinished, Advice: "Raise timeouts.create. {tainted}",
		},
		framework.Unreadable: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToCreate,
			Sentence: notWaitedFor, Advice: "{tainted}",
		},
	},

	reading: {
		framework.UnderWay: {Effect: framework.SaveRecord},
		framework.Ready:    {Effect: framework.SaveComplete},
		framework.Killed: {
			Severity: framework.Warning, Effect: framework.SaveComplete, Summary: "The {noun} was killed",
			Sentence: "The service killed image {image} ({name}): it cannot be used. The plan replaces it.",
		},
		framework.Failed: {
			Severity: framework.Warning,
			Effect:   framework.RemoveState,
			Summary:  "The {noun} was not made",
			Sentence: "The service failed to make image {name} after the apply that asked for it was cut. It is removed from " +
				"the state.",
		},
		framework.FailedAndLeft: {
			Severity: framework.Warning, Effect: framework.SaveComplete, Summary: "The {noun} was not made",
			Sentence: "The service failed to make image {name} after the apply that asked for it was cut. It left image " +
				"{image}, which the plan replaces.",
		},
		framework.Ambiguous: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: "Unable to read {noun}",
			Sentence: severalFit, Advice: releaseFirst + importYours,
		},
		framework.Unseen: {Effect: framework.KeepState},
		framework.NeverSeen: {
			Severity: framework.Warning,
			Effect:   framework.RemoveState,
			Summary:  "The {noun} was not made",
			Sentence: "The service was asked{since} to make image {name}, its answer was lost, and no image that fits has " +
				"appeared. It is removed from the state.",
		},
		framework.Undelivered:        impossible,
		framework.UndeliveredAndLeft: impossible,
		framework.Gone:               {Effect: framework.RemoveState},
		framework.Interrupted:        unreadable,
		framework.OutOfTime:          unreadable,
		framework.Unreadable:         unreadable,
	},

	updating: {
		framework.UnderWay: impossible,
		framework.Ready:    {Effect: framework.Proceed},
		framework.Killed: {
			Severity: framework.Failure, Effect: framework.SaveComplete, Summary: unableToCreate,
			Sentence: "The service killed image {image} while making it. The next apply replaces it.",
		},
		framework.Failed: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToCreate,
			Sentence: "The service failed to make the image. No image was left.", Advice: "The next plan makes a new one.",
		},
		framework.FailedAndLeft: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToCreate,
			Sentence: "The service failed to make the image. It left image {image}.", Advice: "The next plan replaces it.",
		},
		framework.Ambiguous: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToCreate,
			Sentence: severalFit, Advice: releaseFirst + importYours,
		},
		framework.Unseen:    notYetSeen,
		framework.NeverSeen: notYetSeen,
		framework.Undelivered: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToCreate,
			Sentence: notReached + "What was registered for the image is deleted.",
		},
		framework.UndeliveredAndLeft: undeliveredAndLeft,
		framework.Gone: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToCreate,
			Sentence: "Nothing is known of the request that was to make the image, or the image is gone.",
			Advice:   "Apply again with a refresh: the next plan makes a new one.",
		},
		framework.Interrupted: {
			Severity: framework.Warning, Effect: framework.SaveRecord, Summary: interrupted,
			Sentence: goesOn + "The next apply waits for it.",
		},
		framework.OutOfTime: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToCreate,
			Sentence: notFinished, Advice: "Raise timeouts.create, or apply again: the next apply goes on waiting.",
		},
		framework.Unreadable: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToCreate,
			Sentence: notWaitedFor, Advice: "The next apply goes on waiting.",
		},
	},

	deleting: {
		framework.UnderWay:      {Effect: framework.Proceed},
		framework.Ready:         {Effect: framework.Proceed},
		framework.Killed:        {Effect: framework.Proceed},
		framework.Failed:        {Effect: framework.RemoveState},
		framework.FailedAndLeft: {Effect: framework.Proceed},
		framework.Ambiguous: {
			Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToDelete,
			Sentence: severalFit, Advice: releaseFirst + importYours,
		},
		framework.Unseen: {
			Severity: framework.Failure,
			Effect:   framework.KeepState,
			Summary:  unableToDelete,
			Sentence: noneAppeared + "; the service may still be making it.",
			Advice:   "Try again later: the next run looks again.",
		},
		framework.NeverSeen: {
			Severity: framework.Warning,
			Effect:   framework.RemoveState,
			Summary:  "No {noun} was found to delete",
			Sentence: "The service was asked{since} to make image {name}, and nothing is known of what came of it. It counts " +
				"as " +
				"never made.",
			Advice: "Should an image of that name appear that nobody made otherwise, delete it.",
		},
		framework.Undelivered:        impossible,
		framework.UndeliveredAndLeft: impossible,
		framework.Gone:               {Effect: framework.RemoveState},
		framework.Interrupted:        notDeleted,
		framework.OutOfTime:          notDeleted,
		framework.Unreadable:         notDeleted,
	},
}

// Verdicts that stand more than once.
var (
	neverAccepted = framework.Verdict{
		Severity: framework.Failure, Effect: framework.RemoveState, Summary: unableToCreate,
		Sentence: noneAppeared + ", so it was probably never accepted.",
		Advice:   "Look whether the image appears after all. If it does, import it or delete it; if not, apply again.",
	}
	notYetSeen = framework.Verdict{
		Severity: framework.Failure,
		Effect:   framework.KeepState,
		Summary:  unableToCreate,
		Sentence: noneAppeared + "; the service may still be making it.",
		Advice:   "Try again later: the next run looks again.",
	}
	undeliveredAndLeft = framework.Verdict{
		Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToCreate,
		Sentence: notReached + "Image {image} was not deleted: {reason}.",
		Advice:   "The state has the image; the next plan looks at it.",
	}
	unreadable = framework.Verdict{
		Severity: framework.Failure, Effect: framework.KeepState, Summary: "Unable to read {noun}",
	}
	notDeleted = framework.Verdict{
		Severity: framework.Failure, Effect: framework.KeepState, Summary: unableToDelete, Sentence: stillMaking,
	}
)
