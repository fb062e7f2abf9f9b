package export

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const unableToExport = "Unable to export image"

var fileFormats = []string{ims.FormatQCOW2, ims.FormatVHD, ims.FormatZVHD, ims.FormatVMDK}

// defaultTimeouts are above the longest durations that users report.
var defaultTimeouts = framework.Timeouts{
	Create: 90 * time.Minute, Read: 10 * time.Minute,
	Creating: "exporting the image, also when a later apply goes on waiting for it",
}

// adviceOnCodes is what a user can do about the codes of exports.
var adviceOnCodes = framework.Advice{
	"IMG.0047": "Only the project that owns an image may do that: check which project the provider is configured for.",
	"IMG.0058": "The bucket must be in the region that the provider is configured for.",
}

// What the arguments of an export are, for the resource and the action.
var (
	description = fmt.Sprintf("Full-ECS images, ISO images and public images cannot be exported, nor can images made "+
		"from Windows, SUSE, Red Hat, Ubuntu or Oracle public images. Images of more than %d GB need `quick_export`, and "+
		"must be smaller than %d GB. The service does not write over an object that exists.",
		ims.MaxExport>>30, ims.MaxQuickExport>>30)
	describeImage  = "Id of the image: a private one of the project that the provider is configured for."
	describeBucket = "Where to write the file in OBS, as `bucket:object`. The bucket must be in the region of the " +
		"image, and the object must not exist."
	describeFormat = "Format of the file: " + framework.OneOf(fileFormats) +
		". Exactly one of `file_format` and `quick_export = true` is needed."
	describeQuick = "Whether to export the image as it is, as a ZVHD2 file, within moments. Default: `false`."
)

// arguments say what to export, where to, and how.
type arguments struct {
	ImageID     types.String `tfsdk:"image_id"`
	BucketURL   types.String `tfsdk:"bucket_url"`
	FileFormat  types.String `tfsdk:"file_format"`
	QuickExport types.Bool   `tfsdk:"quick_export"`
}

// checkForm refuses arguments that contradict each other. Unknown values pass.
func (a *arguments) checkForm(diagnostics *diag.Diagnostics) {
	if framework.AnyUnknown(a.FileFormat, a.QuickExport) {
		return
	}
	if quick := a.QuickExport.ValueBool(); quick != a.FileFormat.IsNull() {
		diagnostics.AddAttributeError(path.Root("file_format"), "Either a format or a quick export",
			"Exactly one of file_format and quick_export = true is needed: a quick export has no format to choose.")
	}
}

// checkImage refuses an image that the service will not export. One that is not known yet passes.
func (a *arguments) checkImage(ctx context.Context, client *ims.Client, diagnostics *diag.Diagnostics) {
	if a.ImageID.IsUnknown() || a.ImageID.IsNull() {
		return
	}
	image, scope := a.readImage(ctx, client, diagnostics)
	if image == nil {
		return
	}
	refuse := func(format string, values ...any) {
		sentence := fmt.Sprintf("Image %s (%q) ", image.ID, image.Name) + fmt.Sprintf(format, values...)
		diagnostics.AddAttributeError(path.Root("image_id"), unableToExport, sentence)
	}
	size := int64(image.Size)
	switch {
	case image.IsPublic():
		refuse("is a public image of the cloud. Only private images can be exported.")
	case image.Owner != scope.ProjectID:
		refuse("belongs to project %s, and the provider is signed in to project %s. An image can be exported only by its "+
			"own project.", image.Owner, scope.ProjectID)
	case bool(image.WholeImage):
		refuse("is a full-ECS image. Full-ECS images cannot be exported.")
	case image.Environment == ims.EnvironmentISO:
		refuse("is an ISO image. ISO images cannot be exported.")
	case size >= ims.MaxQuickExport:
		refuse("has %d GB. Only images of less than %d GB can be exported.", size>>30, ims.MaxQuickExport>>30)
	case size > ims.MaxExport && !a.QuickExport.IsUnknown() && !a.QuickExport.ValueBool():
		refuse("has %d GB. Images of more than %d GB need quick_export = true, and no file_format.",
			size>>30, ims.MaxExport>>30)
	}
}

// readImage reads the image while an export of it is planned, and the provider's scope. Both are nil when there is
// nothing to check.
func (a *arguments) readImage(
	ctx context.Context, client *ims.Client, diagnostics *diag.Diagnostics,
) (*ims.Image, *cloud.Scope) {
	id := a.ImageID.ValueString()
	return framework.ReadSource(ctx, client, client.Image, framework.Source{
		ID: id, Argument: "image_id", Limit: defaultTimeouts.Read, Advice: adviceOnCodes, Summary: unableToExport,
		Missing: fmt.Sprintf("There is no image %s in the region and project that the provider is configured for, nor one "+
			"that is shared with the project.", id),
		Unreadable: "The image could not be read.",
	}, diagnostics)
}

// start sends the request and returns the job that it starts.
func (a *arguments) start(ctx context.Context, client *ims.Client) (framework.Job, error) {
	started, err := client.ExportImage(ctx, a.ImageID.ValueString(), &ims.ExportRequest{
		BucketURL: a.BucketURL.ValueString(), FileFormat: a.FileFormat.ValueString(), Quick: a.QuickExport.ValueBool(),
	})
	if err != nil {
		return framework.Job{}, err
	}
	job := a.job(started.ID)
	job.Expected = started.Expected
	return job, nil
}

// job is the job that has this id and exports the image.
func (a *arguments) job(id string) framework.Job {
	return framework.Job{ID: id, Operation: "export image " + a.ImageID.ValueString()}
}

// failStart adds the error of a request that started no job, or none that is known. record is how to make a resource of
// an export that took place after all; empty for one that nothing remembers.
func (a *arguments) failStart(err error, record string, diagnostics *diag.Diagnostics) {
	object := a.BucketURL.ValueString()
	var sentence, advice string
	switch {
	case ims.AnswerLost(err):
		sentence = "The service was asked to export the image and its answer was lost. Whether the image is being exported " +
			"cannot be found out: the service shows a job only to those who know its id."
		advice = fmt.Sprintf("Look whether the object %s appears in OBS. If it does not, apply again.%s", object, record)
	case ims.HasCode(err, ims.CodeObjectExists):
		sentence = "Nothing is exported: the service does not write over an object."
		advice = fmt.Sprintf("Name another object, or delete %s.%s", object, record)
	default:
		sentence = "The request was refused or could not be sent: nothing is exported."
	}
	diagnostics.AddError(unableToExport, adviceOnCodes.Detail(sentence, err, advice))
}

// words are what verdicts say about an export by name. job is the id of the one that writes the file.
func (a *arguments) words(job string) map[string]string {
	return map[string]string{
		"image": a.ImageID.ValueString(), "object": a.BucketURL.ValueString(), "job": job,
		"import": strconv.Quote(a.importID()),
	}
}

// importID is the id by which an export is imported.
func (a *arguments) importID() string {
	return a.ImageID.ValueString() + "," + a.BucketURL.ValueString()
}
