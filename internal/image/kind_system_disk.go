package image

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var systemDiskTypes = []string{ims.TypeECS, ims.TypeBMS, ims.TypeFusionCompute, ims.TypeIronic}

// NewSystemDiskImageResource is the resource ims_system_disk_image.
func NewSystemDiskImageResource() resource.Resource { return &imageResource{kind: systemDiskImage} }

var systemDiskImage = &kind{
	name: "system_disk_image",
	noun: "system disk image",
	description: "System disk image: a private image that servers boot from, made from a server, a volume, or an image file in OBS.\n\n" +
		"Exactly one of `instance_id`, `volume_id` and `image_url` says what a new image is made from. Changing it, or another argument " +
		"that only a new image can have, replaces the image; everything else is changed in place.",
	arguments: systemDiskArguments,
	outputs: map[string]schema.Attribute{
		"data_disk_image_ids": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Ids of the data disk images that were made from `data_disk`. They are deleted or retained with this image, " +
				"as `deletion_policy` says.",
			PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
	},
	validators: []resource.ConfigValidator{
		resourcevalidator.Conflicting(path.MatchRoot("instance_id"), path.MatchRoot("volume_id"), path.MatchRoot("image_url")),
	},
	oneOf:    []string{"instance_id", "volume_id", "image_url"},
	newModel: func() model { return &systemDiskModel{} },
}

var systemDiskArguments = withCommon(
	argument{
		name: "instance_id", of: text{}, source: true,
		says: "Id of the server to make the image from. The server should be stopped.",
	},
	argument{
		name: "volume_id", of: text{}, source: true,
		says: "Id of the volume to make the image from: a data disk of a server, with an operating system on it. Needs `os_version`.",
	},
	argument{
		name: "image_url", of: text{rules: []validator.String{framework.ObjectRule}}, source: true,
		says: "Image file in OBS to make the image from, as `bucket:object`. Needs `min_disk`.",
	},
	argument{
		name: "min_disk", of: number{rules: []validator.Int64{int64validator.Between(1, ims.MaxSystemDisk)}},
		says:     fmt.Sprintf("Smallest disk that the image fits on, 1 to %d GB.", ims.MaxSystemDisk),
		with:     []string{"image_url"},
		required: []string{"image_url"}, why: ": the size in GB of the smallest disk that the image fits on",
		inherited: true, reported: true,
	},
	argument{
		name: "os_version", of: text{rules: []validator.String{stringvalidator.LengthAtLeast(1)}},
		says: "Version of the operating system to register the image with, such as `Debian GNU/Linux 12.0.0 64bit`. " +
			"The service prefers what it finds on the disk: `detected_os_version` is what it determined.",
		with: []string{"image_url", "volume_id"}, required: []string{"volume_id", "quick_import"},
	},
	argument{
		name: "os_type", of: text{rules: []validator.String{stringvalidator.OneOf(ims.OSTypes...)}},
		says: "Type of the operating system: " + framework.OneOf(ims.OSTypes) + ".",
		with: []string{"image_url"}, without: []string{"quick_import"}, inherited: true, reported: true,
	},
	argument{
		name: "architecture", of: text{rules: []validator.String{stringvalidator.OneOf(ims.Architectures...)}},
		says: "Processor architecture: " + framework.OneOf(ims.Architectures) + ". Default of an image file: `" + ims.ArchitectureX86 + "`.",
		with: []string{"image_url"}, inherited: true, reported: true,
	},
	argument{
		name: "cmk_id", of: text{},
		says: "Id of the KMS key to encrypt the image with.",
		with: []string{"image_url"}, without: []string{"quick_import"}, inherited: true, reported: true,
	},
	argument{
		name: "type", of: text{rules: []validator.String{stringvalidator.OneOf(systemDiskTypes...)}},
		says: "Servers that the image is for: " + framework.OneOf(systemDiskTypes) + ". `" + ims.TypeECS + "` and `" +
			ims.TypeFusionCompute + "` are virtual servers, `" + ims.TypeBMS + "` and `" + ims.TypeIronic + "` bare-metal ones.",
		with: []string{"image_url", "volume_id"}, byDefault: types.StringValue(ims.TypeECS),
	},
	argument{
		name: "is_config", of: truth{},
		says: "Whether the service configures the operating system in the image file for the cloud.",
		with: []string{"image_url"}, without: []string{"quick_import"}, byDefault: types.BoolValue(false),
	},
	argument{
		name: "quick_import", of: truth{},
		says: "Whether to import the image file as it is, within moments: for RAW and ZVHD2 files that are ready for the cloud. " +
			"Needs `os_version`.",
		with: []string{"image_url"}, byDefault: types.BoolValue(false),
	},
	argument{
		name: "data_disk", of: blocks{dataDiskBlock},
		says: fmt.Sprintf("Data disks to make data disk images of together with the image, up to %d. The service makes an image of each: "+
			"their ids are in `data_disk_image_ids`, and they are deleted with this image.", ims.MaxDataDiskImages),
		with: []string{"image_url"}, without: []string{"quick_import"},
	},
)

// systemDiskModel is a system disk image's configuration, plan or state.
type systemDiskModel struct {
	imageModel
	InstanceID  types.String `tfsdk:"instance_id"`
	VolumeID    types.String `tfsdk:"volume_id"`
	ImageURL    types.String `tfsdk:"image_url"`
	OSVersion   types.String `tfsdk:"os_version"`
	Type        types.String `tfsdk:"type"`
	IsConfig    types.Bool   `tfsdk:"is_config"`
	QuickImport types.Bool   `tfsdk:"quick_import"`
	DataDisks   types.List   `tfsdk:"data_disk"`
	DataImages  types.List   `tfsdk:"data_disk_image_ids"`
}

func (m *systemDiskModel) origin() (origin string, minDisk int64) {
	switch {
	case m.InstanceID.ValueString() != "":
		return ims.OriginInstance + "," + m.InstanceID.ValueString(), 0
	case m.VolumeID.ValueString() != "":
		return ims.OriginVolume + "," + m.VolumeID.ValueString(), 0
	default:
		return ims.OriginFile + "," + m.ImageURL.ValueString(), m.MinDisk.ValueInt64()
	}
}

func (m *systemDiskModel) readArguments(image *ims.Image) {
	m.imageModel.readArguments(image)
	fillSource(image.Origin(), map[string]*types.String{ims.OriginInstance: &m.InstanceID, ims.OriginVolume: &m.VolumeID, ims.OriginFile: &m.ImageURL})
	if m.DataImages.IsUnknown() {
		m.DataImages = types.ListNull(types.StringType)
	}
}

func (m *systemDiskModel) create(ctx context.Context, client *ims.Client) (ims.StartedJob, error) {
	request := &ims.SystemImageRequest{
		Name:                m.Name.ValueString(),
		Description:         m.Description.ValueString(),
		Tags:                ims.Tags(framework.Strings(m.TagsAll)),
		EnterpriseProjectID: m.EnterpriseProjectID.ValueString(),
		MinRAM:              m.MinRAM.ValueInt64(),
		MaxRAM:              m.MaxRAM.ValueInt64(),
		InstanceID:          m.InstanceID.ValueString(),
		VolumeID:            m.VolumeID.ValueString(),
		ImageURL:            m.ImageURL.ValueString(),
		OSVersion:           m.OSVersion.ValueString(),
		Type:                m.Type.ValueString(),
	}
	if request.ImageURL != "" {
		request.MinDisk = m.MinDisk.ValueInt64()
		request.OSType = m.OSType.ValueString()
		request.KeyID = m.CMKID.ValueString()
		request.Firmware = m.Firmware.ValueString()
		request.Architecture = m.Architecture.ValueString()
		request.IsConfig = m.IsConfig.ValueBoolPointer()
		request.Quick = m.QuickImport.ValueBool()
		request.DataDisks = dataDiskRequests(ctx, m.DataDisks)
	}
	if request.Quick {
		// The memory sizes are no part of a quick import: they are changed once the image is there.
		request.Type, request.MinRAM, request.MaxRAM = cmp.Or(request.Type, ims.TypeECS), 0, 0
	}
	return client.CreateSystemImage(ctx, request)
}
