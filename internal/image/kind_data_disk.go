package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	description: "Data disk image: a private image that volumes with data are made from. It is made from a volume or an image file in OBS." +
		"\n\nExactly one of `volume_id` and `image_url` says what a new image is made from. Changing it, or another argument that only a " +
		"new image can have, replaces the image; everything else is changed in place.",
	arguments: dataDiskArguments,
	outputs: map[string]schema.Attribute{ // no server boots from a data disk
		"hw_firmware_type": framework.ComputedString("Boot mode as the service reports it; it has no effect for a data disk."),
		"multi_queue": framework.ComputedBool(
			"Whether servers use several queues per network interface, as the service reports it; it has no effect for a data disk."),
		"is_config_init": framework.ComputedBool(
			"Whether an operating system has had its initial configuration, as the service reports it; it has no effect for a data disk."),
	},
	validators: []resource.ConfigValidator{
		resourcevalidator.Conflicting(path.MatchRoot("volume_id"), path.MatchRoot("image_url")),
	},
	oneOf:    []string{"volume_id", "image_url"},
	newModel: func() model { return &dataDiskImageModel{} },
}

var dataDiskArguments = withCommon(
	argument{name: "volume_id", of: text{}, source: true, says: "Id of the volume to make the image from."},
	argument{
		name: "image_url", of: text{rules: []validator.String{framework.ObjectRule}}, source: true,
		says: "Image file in OBS to make the image from, as `bucket:object`. Needs `min_disk`.",
	},
	argument{
		name: "min_disk", of: number{rules: []validator.Int64{int64validator.Between(1, ims.MaxDataDisk)}},
		says: fmt.Sprintf("Smallest disk that the image fits on, 1 to %d GB; some clouds take no less than 40.", ims.MaxDataDisk),
		with: []string{"image_url"}, required: []string{"image_url"}, why: ": the size in GB of the smallest disk that the image fits on",
		inherited: true, reported: true,
	},
	argument{
		name: "os_type", of: text{rules: []validator.String{stringvalidator.OneOf(dataDiskOSTypes...)}},
		says: "Type of the operating system that the disk is for: " + framework.OneOf(dataDiskOSTypes) +
			". Default of an image file: `" + ims.OSTypeLinux + "`.",
		with: []string{"image_url"}, inherited: true, reported: true,
	},
	argument{
		name: "cmk_id", of: text{},
		says: "Id of the KMS key to encrypt the image with.",
		with: []string{"image_url"}, without: []string{"quick_import"}, inherited: true, reported: true,
	},
	argument{
		name: "quick_import", of: truth{},
		says: "Whether to import the image file as it is, within moments: for RAW and ZVHD2 files that are ready for the cloud.",
		with: []string{"image_url"}, byDefault: types.BoolValue(false),
	},
)

// dataDiskImageModel is a data disk image's configuration, plan or state.
type dataDiskImageModel struct {
	imageModel
	VolumeID    types.String `tfsdk:"volume_id"`
	ImageURL    types.String `tfsdk:"image_url"`
	QuickImport types.Bool   `tfsdk:"quick_import"`
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
