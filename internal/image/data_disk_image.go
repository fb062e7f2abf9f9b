package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var dataDiskOSTypes = []string{ims.OSTypeLinux, ims.OSTypeWindows}

// NewDataDiskImageResource is the resource ims_data_disk_image.
func NewDataDiskImageResource() resource.Resource { return &imageResource{kind: dataDiskImage} }

var dataDiskImage = &kind{
	name: "data_disk_image",
	noun: "data disk image",
	description: "Data disk image: a private image that volumes with data are made from. It is made from a volume or an image file in OBS.\n\n" +
		"Exactly one of `volume_id` and `image_url` says what a new image is made from. Changing it, or another argument that only a new image can have, " +
		"replaces the image; everything else is changed in place.",
	attributes: dataDiskAttributes,
	validators: []resource.ConfigValidator{resourcevalidator.Conflicting(path.MatchRoot("volume_id"), path.MatchRoot("image_url"))},
	newModel:   func() model { return &dataDiskImageModel{} },
	sources:    []string{"volume_id", "image_url"},
	returned:   []string{"min_disk", "os_type", "cmk_id"},
	unreturned: []string{"quick_import"},
	defaults:   map[string]attr.Value{"quick_import": types.BoolValue(false)},
}

// dataDiskImageModel is a data disk image's configuration, plan or state.
type dataDiskImageModel struct {
	imageModel
	VolumeID    types.String `tfsdk:"volume_id"`
	ImageURL    types.String `tfsdk:"image_url"`
	QuickImport types.Bool   `tfsdk:"quick_import"`
}

func dataDiskAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"volume_id": sourceAttribute("Id of the volume to make the image from."),
		"image_url": sourceAttribute("Image file in OBS to make the image from, as `bucket:object`. Needs `min_disk`.", framework.ObjectRule),
		"min_disk": schema.Int64Attribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepInt64(),
			MarkdownDescription: fmt.Sprintf("Smallest disk that the image fits on, 1 to %d GB; some clouds take no less than 40. Required with `image_url`; else what the source has. "+
				"Changing this replaces the image.", ims.MaxDataDisk),
			Validators: []validator.Int64{int64validator.Between(1, ims.MaxDataDisk)},
		},
		"os_type": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Type of the operating system that the disk is for: " + framework.OneOf(dataDiskOSTypes) + ". With `image_url`, where the default is `" +
				ims.OSTypeLinux + "`; else what the source has. Changing this replaces the image.",
			Validators: []validator.String{stringvalidator.OneOf(dataDiskOSTypes...)},
		},
		"cmk_id": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Id of the KMS key to encrypt the image with. With `image_url`, not with `quick_import`; else what the source has. Changing this replaces the image.",
		},
		"quick_import": schema.BoolAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepBool(),
			MarkdownDescription: "Whether to import the image file as it is, within moments: for RAW and ZVHD2 files that are ready for the cloud. With `image_url`. " +
				"Default: `false`. Changing this replaces the image.",
		},
		// No server boots from a data disk.
		"hw_firmware_type": framework.ComputedString("Boot mode as the service reports it; it has no effect for a data disk."),
		"multi_queue":      framework.ComputedBool("Whether servers use several queues per network interface, as the service reports it; it has no effect for a data disk."),
	}
}

func (m *dataDiskImageModel) origin() (origin string, minDisk int64) {
	if m.VolumeID.ValueString() != "" {
		return ims.OriginVolume + "," + m.VolumeID.ValueString(), 0
	}
	return ims.OriginFile + "," + m.ImageURL.ValueString(), m.MinDisk.ValueInt64()
}

// unsent: what stands beside data_images may be ignored; then it is changed once the image is there.
func (m *dataDiskImageModel) unsent(created *ims.Created) {
	if m.VolumeID.ValueString() != "" {
		created.EnterpriseProjectID = ""
	}
}

func (m *dataDiskImageModel) readArguments(image *ims.Image) {
	m.imageModel.readArguments(image)
	fillSource(image.Origin(), map[string]*types.String{ims.OriginVolume: &m.VolumeID, ims.OriginFile: &m.ImageURL})
}

func (m *dataDiskImageModel) checkCreate(diagnostics *diag.Diagnostics) {
	sources := []attr.Value{m.VolumeID, m.ImageURL}
	if framework.AnyUnknown(sources...) {
		return
	}
	if !framework.AnyGiven(sources...) {
		diagnostics.AddError("Missing source of the image", "A data disk image is made from exactly one of volume_id and image_url. Neither is set.")
		return
	}
	fromFile := framework.AnyGiven(m.ImageURL)
	checkArguments(diagnostics, []argument{
		{"min_disk", m.MinDisk, fromFile, "image_url"},
		{"os_type", m.OSType, fromFile, "image_url"},
		{"quick_import", m.QuickImport, fromFile, "image_url"},
		{"cmk_id", m.CMKID, fromFile && !m.QuickImport.ValueBool(), "image_url and without quick_import"},
	})
	need(diagnostics, "min_disk", m.MinDisk, fromFile, "with image_url: the size in GB of the smallest disk that the image fits on")
}

func (m *dataDiskImageModel) create(ctx context.Context, client *ims.Client) (ims.StartedJob, error) {
	return client.CreateDataImage(ctx, &ims.DataImageRequest{
		Name:                m.Name.ValueString(),
		Description:         m.Description.ValueString(),
		Tags:                ims.Tags(framework.Strings(m.TagsAll)),
		EnterpriseProjectID: m.EnterpriseProjectID.ValueString(),
		VolumeID:            m.VolumeID.ValueString(),
		ImageURL:            m.ImageURL.ValueString(),
		MinDisk:             m.MinDisk.ValueInt64(),
		OSType:              m.OSType.ValueString(),
		KeyID:               m.CMKID.ValueString(),
		Quick:               m.QuickImport.ValueBool(),
	})
}
