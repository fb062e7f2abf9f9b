package share

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"

// verb is what an operation does with a share, a member or an answer.
type verb string

const (
	reading verb = "reading" // all of them

	sharing  verb = "sharing"  // creating a share
	adding   verb = "adding"   // creating a member
	changing verb = "changing" // updating a share
	stopping verb = "stopping" // destroying a share or a member

	recording verb = "recording" // updating what the service is not asked for

	awaiting  verb = "awaiting"  // looking for what is to be answered
	answering verb = "answering" // creating or updating an answer
	rejecting verb = "rejecting" // destroying an answer
)

// What several verdicts say. Words in braces are those of [operation.words].
const (
	unable      = "Unable to {do} {noun}"
	mayYet      = "The service did not say that it is done, and may yet do it. {undone}"
	interrupted = "Interrupted: the image is being shared"
	importIt    = "To take that share over, import instead: `terraform import <address> "
)

// verdicts are what each operation does about each outcome that it can come to. What a creation does not leave in the
// state is taken back first: a tainted share would be taken from everybody by the next apply.
var verdicts = map[verb]map[framework.Outcome]framework.Verdict{
	reading: {
		framework.UnderWay:    {Effect: framework.KeepState},
		framework.Ready:       {Effect: framework.SaveComplete},
		framework.Gone:        {Effect: framework.RemoveState},
		framework.Interrupted: failure,
		framework.OutOfTime:   failure,
		framework.Unreadable:  failure,
	},

	sharing: {
		framework.Ready:  {Effect: framework.SaveComplete},
		framework.Failed: refused,
		framework.FailedAndLeft: {
			Severity: framework.Failure, Effect: framework.RemoveState, Summary: unable,
			Sentence: "{incomplete} {undone}", Advice: "{advice}",
		},
		framework.Ambiguous: {
			Severity: framework.Failure, Effect: framework.RemoveState, Summary: unable,
			Sentence: "The image was shared already, with {others}, and ims_image_share is all projects that an image is " +
				"shared with. " + importIt + "{import}` (or `tofu import`), with these projects in project_ids if they are to " +
				"stay. {undone}",
			Advice: "When this share replaces another one of the same image (create_before_destroy), it must name all that " +
				"the other one names.",
		},
		framework.Unseen:      undecided,
		framework.OutOfTime:   undecided,
		framework.Gone:        imageGone,
		framework.Interrupted: goesOn,
		framework.Unreadable:  notReadBack,
	},

	adding: {
		framework.Ready:  {Effect: framework.SaveComplete},
		framework.Failed: refused,
		framework.FailedAndLeft: {
			Severity: framework.Failure, Effect: framework.RemoveState, Summary: unable,
			Sentence: "The service did not share image {image} with {wanted}. {undone}", Advice: "{advice}",
		},
		framework.Ambiguous: {
			Severity: framework.Failure, Summary: unable,
			Sentence: "Image {image} is shared with {others} already. " + importIt + "{import}` (or `tofu import`).",
		},
		framework.Unseen:      undecided,
		framework.OutOfTime:   undecided,
		framework.Gone:        imageGone,
		framework.Interrupted: goesOn,
		framework.Unreadable:  notReadBack,
	},

	changing: {
		framework.Ready: {Effect: framework.SaveComplete},
		framework.FailedAndLeft: {
			Severity: framework.Failure, Effect: framework.SaveComplete, Summary: unable,
			Sentence: "The service did not change the sharing of image {image} as a whole. {open} The state has what is " +
				"really shared.",
			Advice: "{advice}",
		},
		framework.Gone:        applyAgain,
		framework.Interrupted: applyAgain,
		framework.OutOfTime:   applyAgain,
		framework.Unreadable:  applyAgain,
	},

	stopping: {
		framework.Ready: {Effect: framework.RemoveState},
		framework.Gone:  {Effect: framework.RemoveState},
		framework.FailedAndLeft: {
			Severity: framework.Failure, Summary: unable, Sentence: "The image is still shared with {others}.",
		},
		framework.Interrupted: failure,
		framework.OutOfTime:   failure,
		framework.Unreadable:  failure,
	},

	recording: {framework.Ready: {Effect: framework.SaveComplete}},

	awaiting: {
		framework.Ready: {Effect: framework.Proceed},
		framework.NeverSeen: {
			Severity: framework.Failure, Summary: unable, Sentence: "{shown}", Advice: "{advice}",
		},
		framework.Interrupted: {
			Severity: framework.Failure, Summary: unable, Sentence: "Interrupted before the share of the image was seen: " +
				"nothing was answered.",
		},
		framework.OutOfTime:  failure,
		framework.Unreadable: failure,
	},

	answering: {
		framework.Ready:  {Effect: framework.SaveComplete},
		framework.Failed: failure,
		framework.FailedAndLeft: {
			Severity: framework.Failure, Summary: unable, Sentence: "{shown}", Advice: "{advice}",
		},
		framework.Unseen:    failure,
		framework.OutOfTime: failure,
		framework.Interrupted: {
			Severity: framework.Warning, Effect: framework.SaveRecord, Summary: "Interrupted: the share is being answered",
			Sentence: "The service goes on with it. The next plan shows the answer.",
		},
		framework.Unreadable: {
			Severity: framework.Warning, Effect: framework.SaveRecord, Summary: "Unable to read {noun}",
			Sentence: "The share of image {image} is answered, and that could not be read back. The next plan reads it.",
		},
	},

	rejecting: {
		framework.Ready:         {Effect: framework.RemoveState},
		framework.Gone:          {Effect: framework.RemoveState},
		framework.Failed:        failure,
		framework.FailedAndLeft: failure,
		framework.Unseen:        failure,
		framework.Interrupted:   failure,
		framework.OutOfTime:     failure,
	},
}

// Verdicts that stand more than once.
var (
	failure    = framework.Verdict{Severity: framework.Failure, Summary: unable, Advice: "{advice}"}
	applyAgain = framework.Verdict{Severity: framework.Failure, Summary: unable, Advice: "Apply again."}

	refused = framework.Verdict{
		Severity: framework.Failure, Summary: unable, Sentence: "The image was shared with nobody.", Advice: "{advice}",
	}
	undecided = framework.Verdict{
		Severity: framework.Failure, Effect: framework.RemoveState, Summary: unable, Sentence: mayYet,
	}
	imageGone = framework.Verdict{
		Severity: framework.Failure, Summary: unable, Sentence: "The image is gone.",
	}
	goesOn = framework.Verdict{
		Severity: framework.Warning, Effect: framework.SaveRecord, Summary: interrupted,
		Sentence: "The service goes on sharing image {image} with {wanted}. The next plan shows with whom it is shared, " +
			"and the next apply does what is left.",
	}
	notReadBack = framework.Verdict{
		Severity: framework.Warning, Effect: framework.SaveRecord, Summary: "Unable to read {noun}",
		Sentence: "Image {image} is shared with {wanted}, and that could not be read back. The next plan reads it.",
	}
)
