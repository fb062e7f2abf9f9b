package image

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const unableToExport = "Unable to export image"

var fileFormats = []string{ims.FormatQCOW2, ims.FormatVHD, ims.FormatZVHD, ims.FormatVMDK}

// What the arguments of an export are, for the resource and the action.
var (
	exportDescription = fmt.Sprintf("Full-ECS images, ISO images and public images cannot be exported, nor can images made from Windows, SUSE, Red Hat, Ubuntu or Oracle "+
		"public images. Images of more than %d GB need `quick_export`, and must be smaller than %d GB. The service does not write over an object that exists.",
		ims.MaxExport>>30, ims.MaxQuickExport>>30)
	describeExportImage  = "Id of the image: a private one of the project that the provider is configured for."
	describeExportBucket = "Where to write the file in OBS, as `bucket:object`. The bucket must be in the region of the image, and the object must not exist."
	describeExportFormat = "Format of the file: " + framework.OneOf(fileFormats) + ". Exactly one of `file_format` and `quick_export = true` is needed."
	describeExportQuick  = "Whether to export the image as it is, as a ZVHD2 file, within moments. Default: `false`."
)

// exportArguments say what to export, where, and how.
type exportArguments struct {
	ImageID     types.String `tfsdk:"image_id"`
	BucketURL   types.String `tfsdk:"bucket_url"`
	FileFormat  types.String `tfsdk:"file_format"`
	QuickExport types.Bool   `tfsdk:"quick_export"`
}

// checkForm looks for what contradicts itself. Unknown values pass.
func (a *exportArguments) checkForm(diagnostics *diag.Diagnostics) {
	if framework.AnyUnknown(a.FileFormat, a.QuickExport) {
		return
	}
	if quick := a.QuickExport.ValueBool(); quick != a.FileFormat.IsNull() {
		diagnostics.AddAttributeError(path.Root("file_format"), "Either a format or a quick export",
			"Exactly one of file_format and quick_export = true is needed: a quick export has no format to choose.")
	}
}

// checkImage looks whether the service will export the image. One that is not known yet passes.
func (a *exportArguments) checkImage(ctx context.Context, client *ims.Client, diagnostics *diag.Diagnostics) {
	if a.ImageID.IsUnknown() || a.ImageID.IsNull() {
		return
	}
	refuse := func(format string, values ...any) {
		diagnostics.AddAttributeError(path.Root("image_id"), unableToExport, fmt.Sprintf(format, values...))
	}
	image, scope := readSource(ctx, client, "image_id", a.ImageID.ValueString(), unableToExport, diagnostics)
	if image == nil {
		return
	}
	name := fmt.Sprintf("%s (%q)", image.ID, image.Name)
	size := int64(image.Size)
	switch {
	case image.IsPublic():
		refuse("Image %s is a public image of the cloud. Only private images can be exported.", name)
	case image.Owner != scope.ProjectID:
		refuse("Image %s belongs to project %s, and the provider is signed in to project %s. An image can be exported only by its own project.", name, image.Owner, scope.ProjectID)
	case bool(image.WholeImage):
		refuse("Image %s is a full-ECS image. Full-ECS images cannot be exported.", name)
	case image.Environment == ims.EnvironmentISO:
		refuse("Image %s is an ISO image. ISO images cannot be exported.", name)
	case size >= ims.MaxQuickExport:
		refuse("Image %s has %d GB. Only images of less than %d GB can be exported.", name, size>>30, ims.MaxQuickExport>>30)
	case size > ims.MaxExport && !a.QuickExport.IsUnknown() && !a.QuickExport.ValueBool():
		refuse("Image %s has %d GB. Images of more than %d GB need quick_export = true, and no file_format.", name, size>>30, ims.MaxExport>>30)
	}
}

// start sends the request.
func (a *exportArguments) start(ctx context.Context, client *ims.Client) (ims.StartedJob, error) {
	return client.ExportImage(ctx, a.ImageID.ValueString(), &ims.ExportRequest{
		BucketURL: a.BucketURL.ValueString(), FileFormat: a.FileFormat.ValueString(), Quick: a.QuickExport.ValueBool(),
	})
}

// failStart tells why no job is known. way is how to record an export that took place after all; empty where nothing records it.
func (a *exportArguments) failStart(err error, way string, diagnostics *diag.Diagnostics) {
	object := a.BucketURL.ValueString()
	var sentence, advice string
	switch {
	case ims.AnswerLost(err):
		sentence = "The service was asked to export the image and its answer was lost. Whether the image is being exported cannot be found out: the service tells of a job only to those who know its id."
		advice = fmt.Sprintf("Look whether the object %s appears in OBS. If it does not, apply again.%s", object, way)
	case ims.HasCode(err, ims.CodeObjectExists):
		sentence = "Nothing is exported: the service does not write over an object."
		advice = fmt.Sprintf("Name another object, or delete %s.%s", object, way)
	default:
		sentence = "The request was refused or could not be sent: nothing is exported."
	}
	diagnostics.AddError(unableToExport, framework.Detail(sentence, err, advice))
}

// exportedAt is when a job ended that ended well.
func exportedAt(job *ims.Job, now time.Time) types.String {
	if job.EndTime.IsZero() {
		return types.StringValue(now.UTC().Format(time.RFC3339))
	}
	return types.StringValue(job.EndTime.String())
}
