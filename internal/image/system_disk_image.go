package image

import (
	"cmp"
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
		"Exactly one of `instance_id`, `volume_id` and `image_url` says what a new image is made from. Changing it, or another argument that only a new image can have, " +
		"replaces the image; everything else is changed in place.",
	attributes: systemDiskAttributes,
	blocks:     map[string]schema.Block{"data_disk": dataDiskBlock},
	validators: []resource.ConfigValidator{
		resourcevalidator.Conflicting(path.MatchRoot("instance_id"), path.MatchRoot("volume_id"), path.MatchRoot("image_url")),
	},
	newModel:   func() model { return &systemDiskModel{} },
	sources:    []string{"instance_id", "volume_id", "image_url"},
	returned:   []string{"min_disk", "os_type", "architecture", "cmk_id"},
	unreturned: []string{"os_version", "type", "is_config", "quick_import", "data_disk"},
	defaults:   map[string]attr.Value{"type": types.StringValue(ims.TypeECS), "is_config": types.BoolValue(false), "quick_import": types.BoolValue(false)},
}

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

func systemDiskAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"instance_id": sourceAttribute("Id of the server to make the image from. The server should be stopped."),
		"volume_id":   sourceAttribute("Id of the volume to make the image from: a data disk of a server, with an operating system on it. Needs `os_version`."),
		"image_url":   sourceAttribute("Image file in OBS to make the image from, as `bucket:object`. Needs `min_disk`.", framework.ObjectRule),
		"min_disk": schema.Int64Attribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepInt64(),
			MarkdownDescription: fmt.Sprintf("Smallest disk that the image fits on, 1 to %d GB. Required with `image_url`; else what the source has. "+
				"Changing this replaces the image.", ims.MaxSystemDisk),
			Validators: []validator.Int64{int64validator.Between(1, ims.MaxSystemDisk)},
		},
		"os_version": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Version of the operating system to register the image with, such as `Debian GNU/Linux 12.0.0 64bit`. Required with `volume_id` and `quick_import`. " +
				"The service prefers what it finds on the disk: `detected_os_version` is what it determined. Changing this replaces the image.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"os_type": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Type of the operating system: " + framework.OneOf(ims.OSTypes) + ". With `image_url`, not with `quick_import`; else what the source has. Changing this replaces the image.",
			Validators:          []validator.String{stringvalidator.OneOf(ims.OSTypes...)},
		},
		"architecture": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Processor architecture: " + framework.OneOf(ims.Architectures) + ". With `image_url`, where the default is `" + ims.ArchitectureX86 +
				"`; else what the source has. Changing this replaces the image.",
			Validators: []validator.String{stringvalidator.OneOf(ims.Architectures...)},
		},
		"cmk_id": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Id of the KMS key to encrypt the image with. With `image_url`, not with `quick_import`; else what the source has. Changing this replaces the image.",
		},
		"type": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Servers that the image is for: " + framework.OneOf(systemDiskTypes) + ". `" + ims.TypeECS + "` and `" + ims.TypeFusionCompute + "` are virtual servers, `" +
				ims.TypeBMS + "` and `" + ims.TypeIronic + "` bare-metal ones. With `image_url` or `volume_id`. Default: `" + ims.TypeECS + "`. Changing this replaces the image.",
			Validators: []validator.String{stringvalidator.OneOf(systemDiskTypes...)},
		},
		"is_config": schema.BoolAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepBool(),
			MarkdownDescription: "Whether the service configures the operating system in the image file for the cloud. With `image_url`, not with `quick_import`. Default: `false`. Changing this replaces the image.",
		},
		"quick_import": schema.BoolAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepBool(),
			MarkdownDescription: "Whether to import the image file as it is, within moments: for RAW and ZVHD2 files that are ready for the cloud. With `image_url`; needs `os_version`. " +
				"Default: `false`. Changing this replaces the image.",
		},
		"data_disk_image_ids": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Ids of the data disk images that were made from `data_disk`. They are deleted or retained with this image, as `deletion_policy` says.",
			PlanModifiers:       []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
	}
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

func (m *systemDiskModel) checkCreate(diagnostics *diag.Diagnostics) {
	checkFirmware(diagnostics, m.Architecture, m.Firmware)
	sources := []attr.Value{m.InstanceID, m.VolumeID, m.ImageURL}
	if framework.AnyUnknown(sources...) {
		return
	}
	fromFile, fromVolume := framework.AnyGiven(m.ImageURL), framework.AnyGiven(m.VolumeID)
	if !framework.AnyGiven(sources...) {
		diagnostics.AddError("Missing source of the image", "A system disk image is made from exactly one of instance_id, volume_id and image_url. None of them is set.")
		return
	}
	imported := fromFile && !m.QuickImport.ValueBool()
	var disks attr.Value = types.ListNull(dataDiskBlock.NestedObject.Type())
	if len(m.DataDisks.Elements()) > 0 {
		disks = m.DataDisks
	}
	checkArguments(diagnostics, []argument{
		{"min_disk", m.MinDisk, fromFile, "image_url"},
		{"architecture", m.Architecture, fromFile, "image_url"},
		{"quick_import", m.QuickImport, fromFile, "image_url"},
		{"os_version", m.OSVersion, fromFile || fromVolume, "image_url or volume_id"},
		{"type", m.Type, fromFile || fromVolume, "image_url or volume_id"},
		{"os_type", m.OSType, imported, "image_url and without quick_import"},
		{"cmk_id", m.CMKID, imported, "image_url and without quick_import"},
		{"is_config", m.IsConfig, imported, "image_url and without quick_import"},
		{"data_disk", disks, imported, "image_url and without quick_import"},
	})
	need(diagnostics, "min_disk", m.MinDisk, fromFile, "with image_url: the size in GB of the smallest disk that the image fits on")
	need(diagnostics, "os_version", m.OSVersion, fromVolume, "with volume_id")
	need(diagnostics, "os_version", m.OSVersion, m.QuickImport.ValueBool(), "for a quick import")
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
