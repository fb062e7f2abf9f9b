package export

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"

// verb is what an operation does with an export.
type verb string

const (
	creating verb = "creating"
	reading  verb = "reading"
	resuming verb = "resuming" // an Update that waits for what an earlier apply began
	invoking verb = "invoking" // the action
)

const (
	outOfTime = "The export has not ended within timeouts.create. It goes on at the service."
	cutShort  = "The export is under way, and could not be waited for."

	untaint = "Run `terraform untaint` (or `tofu untaint`) on the resource before the next apply, which then goes on " +
		"waiting; else it exports again, and is refused as soon as the file is there."
	applyAgain  = "Raise timeouts.create, or apply again: the next apply goes on waiting."
	invokeAgain = "Invoke the action again only if the file does not appear."

	forgotten = "The service no longer knows the job {job} that exports image {image}, nor can it be asked for the file " +
		"{object}."
	lookInOBS = "Look whether the file is in OBS. If it is, run `terraform state rm` (or `tofu state rm`) on the " +
		"resource and import it as {import}; if not, replace the resource with `-replace` to export again."

	interrupted = "Interrupted: the image is still being exported"
)

// verdicts are what each operation does about each outcome of the job. The words in braces are those of
// arguments.words, and of the action. After a wait, a job that is under way is one that could not be waited for.
var verdicts = map[verb]map[framework.Outcome]framework.Verdict{
	creating: {
		framework.Ready: {Effect: framework.SaveComplete},
		framework.Failed: {
			Severity: framework.Failure, Effect: framework.RemoveState, Summary: unableToExport,
			Sentence: "The service began to export the image and failed.",
		},
		framework.Interrupted: {
			Severity: framework.Warning, Effect: framework.SaveRecord, Summary: interrupted,
			Sentence: "The service goes on exporting it (job {job}). The next apply waits for it and exports it no second time.",
		},
		framework.OutOfTime: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToExport,
			Sentence: outOfTime, Advice: untaint,
		},
		framework.UnderWay:   creationCutShort,
		framework.Gone:       creationCutShort,
		framework.Unreadable: creationCutShort,
	},
	reading: {
		framework.UnderWay: {},
		framework.Ready:    {Effect: framework.SaveComplete},
		framework.Failed: {
			Severity: framework.Warning, Effect: framework.RemoveState, Summary: "The image was not exported",
			Sentence: "The service failed to export it after the apply that asked for it was cut short. The export is " +
				"removed from the state.",
		},
		framework.Gone: {
			Severity: framework.Warning, Summary: "What became of the export is not known",
			Sentence: forgotten, Advice: lookInOBS,
		},
		framework.Interrupted: unreadable,
		framework.OutOfTime:   unreadable,
		framework.Unreadable:  unreadable,
	},
	resuming: {
		framework.Ready: {Effect: framework.SaveComplete},
		framework.Failed: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToExport,
			Sentence: "The service failed to export the image.", Advice: "The next plan exports it again.",
		},
		framework.Gone: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToExport,
			Sentence: forgotten, Advice: lookInOBS,
		},
		framework.Interrupted: {
			Severity: framework.Warning, Effect: framework.SaveRecord, Summary: interrupted,
			Sentence: "The service goes on exporting it (job {job}). The next apply waits for it.",
		},
		framework.OutOfTime: {
			Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToExport,
			Sentence: outOfTime, Advice: applyAgain,
		},
		framework.UnderWay:   resumptionCutShort,
		framework.Unreadable: resumptionCutShort,
	},
	invoking: {
		framework.Ready: {},
		framework.Failed: {
			Severity: framework.Failure, Summary: unableToExport,
			Sentence: "The service began to export the image and failed.",
		},
		framework.Interrupted: {
			Severity: framework.Failure, Summary: unableToExport,
			Sentence: "Interrupted. The service goes on exporting the image.", Advice: invokeAgain,
		},
		framework.OutOfTime: {
			Severity: framework.Failure, Summary: unableToExport,
			Sentence: "The export has not ended within {timeout}. It goes on at the service.",
			Advice:   invokeAgain + " Raise timeout for exports that take longer.",
		},
		framework.UnderWay:   invocationCutShort,
		framework.Gone:       invocationCutShort,
		framework.Unreadable: invocationCutShort,
	},
}

// Verdicts that stand more than once.
var (
	unreadable       = framework.Verdict{Severity: framework.Failure, Summary: "Unable to read export of image"}
	creationCutShort = framework.Verdict{
		Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToExport,
		Sentence: cutShort, Advice: untaint,
	}
	resumptionCutShort = framework.Verdict{
		Severity: framework.Failure, Effect: framework.SaveRecord, Summary: unableToExport,
		Sentence: cutShort, Advice: applyAgain,
	}
	invocationCutShort = framework.Verdict{
		Severity: framework.Failure, Summary: unableToExport, Sentence: cutShort, Advice: invokeAgain,
	}
)
