package image

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var uploadFormats = []string{"zvhd2", "vhd", "raw", "qcow2"}

// NewRegisteredImageResource is the resource ims_registered_image.
func NewRegisteredImageResource() resource.Resource { return &imageResource{kind: registeredImage} }

var registeredImage = &kind{
	name: "registered_image",
	noun: "registered image",
	description: "Registered image: a private image that is first described and then given its image file: one in OBS, " +
		"or a local one, which is uploaded.\n\n" +
		"Exactly one of `image_url` and `local_file` says where a new image's file is. Changing an argument that only a " +
		"new image can have replaces the image; everything else is changed in place. An upload that is cut, by an " +
		"interrupt or by `timeouts.create`, cannot be continued: mostly nothing is left of the image, and the next apply " +
		"uploads " +
		"the file anew.\n\n" +
		"The service does not tell how an image got its file. `terraform query` therefore lists registered images as what " +
		"they hold, mostly as `ims_system_disk_image`.",
	importID:  "An existing image is imported by its id, as this resource or as the one for what it holds.",
	arguments: registeredArguments,
	outputs: map[string]schema.Attribute{
		"uploaded_sha256": framework.ComputedString(
			"SHA-256 of the file as it was uploaded. Null with `image_url`, and after an import."),
		"uploaded_size": framework.ComputedInt64(
			"Size of the file as it was uploaded, in bytes. Null with `image_url`, and after an import."),
	},
	validators: []resource.ConfigValidator{
		resourcevalidator.Conflicting(path.MatchRoot("image_url"), path.MatchRoot("local_file")),
	},
	oneOf:    []string{"image_url", "local_file"},
	newModel: func() model { return &registeredModel{} },
	accepts: func(image *ims.Image) bool {
		origin := image.Origin().Kind
		return !bool(image.WholeImage) && (origin == "" || origin == ims.OriginFile)
	},
}

var digestRule = framework.Rule{
	Says: "must be 64 hexadecimal digits in lower case", Holds: regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString,
}

var registeredArguments = withCommon(
	argument{
		name: "image_url", of: text{rules: []validator.String{framework.ObjectRule}}, source: true,
		says: "Image file in OBS, as `bucket:object`.",
	},
	argument{
		name:      "local_file",
		of:        text{rules: []validator.String{stringvalidator.LengthAtLeast(1)}},
		inputOnly: true,
		says: fmt.Sprintf(
			"Image file to upload, of less than %d GB (Open Telekom Cloud: 128 GB, Huawei Cloud: 2 GB), as a path on the "+
				"machine that runs Terraform. It need not exist before "+
				"the apply. With an access key (AK/SK) the cloud's gateway takes no file over 12 MB. A file of the digest that "+
				"`file_sha256` "+
				"gives is the same file, wherever it is.",
			int64(ims.MaxUpload)>>30,
		),
	},
	argument{
		name:      "file_sha256",
		of:        text{rules: []validator.String{digestRule}},
		inputOnly: true,
		says: "SHA-256 of `local_file`, in hexadecimal, lower case, as `filesha256(\"golden.qcow2\")` gives it. No image " +
			"is made of a file with another digest. Without it, changes of the file are not noticed. The digest of what was " +
			"uploaded is no change.",
		with: []string{"local_file"},
	},
	argument{
		name: "file_format",
		of:   text{rules: []validator.String{stringvalidator.OneOf(uploadFormats...)}},
		says: "Format of the image file: " + framework.OneOf(
			uploadFormats,
		) + ". Default: the service's. `disk_format` is what the service keeps the image in.",
	},
	argument{
		name: "os_version", of: text{rules: []validator.String{stringvalidator.LengthAtLeast(1)}},
		says: "Version of the operating system to register the image with, such as `Debian GNU/Linux 12.0.0 64bit`. " +
			"`detected_os_version` is what the service determined.",
	},
	argument{
		name: "min_disk", of: number{rules: []validator.Int64{int64validator.Between(1, ims.MaxSystemDisk)}}, reported: true,
		says: fmt.Sprintf("Smallest disk that the image fits on, 1 to %d GB. Default: the service's.", ims.MaxSystemDisk),
	},
)

// registeredModel is a registered image's configuration, plan or state.
type registeredModel struct {
	imageModel
	ImageURL       types.String `tfsdk:"image_url"`
	LocalFile      types.String `tfsdk:"local_file"`
	FileSHA256     types.String `tfsdk:"file_sha256"`
	FileFormat     types.String `tfsdk:"file_format"`
	OSVersion      types.String `tfsdk:"os_version"`
	UploadedSHA256 types.String `tfsdk:"uploaded_sha256"`
	UploadedSize   types.Int64  `tfsdk:"uploaded_size"`
}

// origin: the service tells none of an uploaded file.
func (m *registeredModel) origin() (origin string, minDisk int64) {
	return "", m.MinDisk.ValueInt64()
}

// unsent: the metadata say neither; both are changed once the image is there.
func (m *registeredModel) unsent(created *ims.Created) {
	created.Description, created.EnterpriseProjectID = "", ""
}

// excuses: the file that was uploaded is the one that is wanted, wherever that is now.
func (m *registeredModel) excuses(state model, argument string) bool {
	before, ok := state.(*registeredModel)
	digest := m.FileSHA256.ValueString()
	same := ok && digest != "" &&
		(digest == before.FileSHA256.ValueString() || digest == before.UploadedSHA256.ValueString())
	return same && (argument == "local_file" || argument == "file_sha256")
}

func (m *registeredModel) readArguments(image *ims.Image) {
	m.imageModel.readArguments(image)
	if m.LocalFile.ValueString() == "" {
		fillSource(image.Origin(), map[string]*types.String{ims.OriginFile: &m.ImageURL})
	}
}

// checkSource looks at a file that exists already.
func (m *registeredModel) checkSource(ctx context.Context, client *ims.Client, diagnostics *diag.Diagnostics) {
	if m.LocalFile.ValueString() == "" || m.FileFormat.IsUnknown() {
		return
	}
	var limit int64
	if scope, err := client.Scope(ctx); err == nil {
		limit = scope.BodyLimit
	}
	file, err := openLocalFile(m.LocalFile.ValueString(), m.FileFormat.ValueString(), limit)
	switch {
	case errors.Is(err, fs.ErrNotExist): // it may be made by the apply
	case err != nil:
		diagnostics.AddAttributeError(path.Root("local_file"), "Unable to upload the image file", err.Error()+".")
	default:
		_ = file.Close() // it was only looked at
	}
}

// create makes an image without its file. A file that cannot be uploaded is refused before anything is sent.
func (m *registeredModel) create(ctx context.Context, client *ims.Client) (ims.StartedJob, error) {
	if m.LocalFile.ValueString() != "" {
		file, err := m.open(ctx, client)
		if err != nil {
			return ims.StartedJob{}, err
		}
		_ = file.Close() // it was only looked at
	}
	image, err := client.CreateMetadata(ctx, &ims.Metadata{
		Name:       m.Name.ValueString(),
		OSVersion:  m.OSVersion.ValueString(),
		DiskFormat: m.FileFormat.ValueString(),
		MinDisk:    m.MinDisk.ValueInt64(),
		MinRAM:     m.MinRAM.ValueInt64(),
		Protected:  m.Protected.ValueBool(),
		Tags:       framework.Strings(m.TagsAll),
	})
	if err != nil {
		return ims.StartedJob{}, err
	}
	return ims.StartedJob{ImageID: image.ID}, nil
}

func (m *registeredModel) deliver(ctx context.Context, client *ims.Client, id string) (ims.StartedJob, error) {
	var job ims.StartedJob
	var err error
	if m.LocalFile.ValueString() != "" {
		err = m.upload(ctx, client, id)
	} else {
		job, err = client.RegisterFile(ctx, id, m.ImageURL.ValueString())
	}
	if err != nil {
		return ims.StartedJob{}, err
	}
	return job, nil
}
