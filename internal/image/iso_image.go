package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// NewISOImageResource is the resource ims_iso_image.
func NewISOImageResource() resource.Resource { return &imageResource{kind: isoImage} }

var isoImage = &kind{
	name: "iso_image",
	noun: "ISO image",
	description: "ISO image: a private image made from an ISO file in OBS. Servers boot from it to have an operating system installed; system disk images are then made from them.\n\n" +
		"Changing `image_url`, or another argument that only a new image can have, replaces the image; everything else is changed in place. ISO images can be neither exported nor replicated.",
	attributes: isoAttributes,
	newModel:   func() model { return &isoModel{} },
	sources:    []string{"image_url"},
	returned:   []string{"min_disk", "architecture", "cmk_id"},
	unreturned: []string{"os_version"},
}

// isoModel is an ISO image's configuration, plan or state.
type isoModel struct {
	imageModel
	ImageURL  types.String `tfsdk:"image_url"`
	OSVersion types.String `tfsdk:"os_version"`
}

func isoAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"image_url": sourceAttribute("ISO file in OBS to make the image from, as `bucket:object`. Required for a new image.", framework.ObjectRule),
		"min_disk": schema.Int64Attribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepInt64(),
			MarkdownDescription: fmt.Sprintf("Smallest system disk to install on, 1 to %d GB. Required for a new image. Changing this replaces the image.", ims.MaxSystemDisk),
			Validators:          []validator.Int64{int64validator.Between(1, ims.MaxSystemDisk)},
		},
		"os_version": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Version of the operating system on the ISO, such as `Debian GNU/Linux 12.0.0 64bit`. Required for a new image. " +
				"`detected_os_version` is what the service determined. Changing this replaces the image.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"architecture": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Processor architecture: " + framework.OneOf(ims.Architectures) + ". Default: `" + ims.ArchitectureX86 + "`. Changing this replaces the image.",
			Validators:          []validator.String{stringvalidator.OneOf(ims.Architectures...)},
		},
		"cmk_id": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: framework.KeepString(),
			MarkdownDescription: "Id of the KMS key to encrypt the image with. Changing this replaces the image.",
		},
	}
}

func (m *isoModel) origin() (origin string, minDisk int64) {
	return ims.OriginFile + "," + m.ImageURL.ValueString(), m.MinDisk.ValueInt64()
}

func (m *isoModel) readArguments(image *ims.Image) {
	m.imageModel.readArguments(image)
	fillSource(image.Origin(), map[string]*types.String{ims.OriginFile: &m.ImageURL})
}

func (m *isoModel) checkCreate(diagnostics *diag.Diagnostics) {
	checkFirmware(diagnostics, m.Architecture, m.Firmware)
	need(diagnostics, "image_url", m.ImageURL, true, "for a new image: the ISO file, as bucket:object")
	need(diagnostics, "min_disk", m.MinDisk, true, "for a new image: the size in GB of the smallest disk to install on")
	need(diagnostics, "os_version", m.OSVersion, true, "for a new image: the service does not look for it on an ISO")
}

func (m *isoModel) create(ctx context.Context, client *ims.Client) (ims.StartedJob, error) {
	return client.CreateSystemImage(ctx, &ims.SystemImageRequest{
		Name:                m.Name.ValueString(),
		Description:         m.Description.ValueString(),
		Tags:                ims.Tags(framework.Strings(m.TagsAll)),
		EnterpriseProjectID: m.EnterpriseProjectID.ValueString(),
		MinRAM:              m.MinRAM.ValueInt64(),
		MaxRAM:              m.MaxRAM.ValueInt64(),
		ImageURL:            m.ImageURL.ValueString(),
		MinDisk:             m.MinDisk.ValueInt64(),
		OSVersion:           m.OSVersion.ValueString(),
		KeyID:               m.CMKID.ValueString(),
		Firmware:            m.Firmware.ValueString(),
		Architecture:        m.Architecture.ValueString(),
		Type:                ims.TypeISO,
	})
}
