package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
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
	description: "ISO image: a private image made from an ISO file in OBS. Servers boot from it to have an operating system installed; system " +
		"disk images are then made from them.\n\n" +
		"Changing `image_url`, or another argument that only a new image can have, replaces the image; everything else is changed in place. " +
		"ISO images can be neither exported nor replicated.",
	arguments: isoArguments,
	newModel:  func() model { return &isoModel{} },
}

var isoArguments = withCommon(
	argument{
		name: "image_url", of: text{rules: []validator.String{framework.ObjectRule}}, source: true,
		says:     "ISO file in OBS to make the image from, as `bucket:object`.",
		required: []string{always}, why: ": the ISO file, as bucket:object",
	},
	argument{
		name: "min_disk", of: number{rules: []validator.Int64{int64validator.Between(1, ims.MaxSystemDisk)}}, reported: true,
		says:     fmt.Sprintf("Smallest system disk to install on, 1 to %d GB.", ims.MaxSystemDisk),
		required: []string{always}, why: ": the size in GB of the smallest disk to install on",
	},
	argument{
		name: "os_version", of: text{rules: []validator.String{stringvalidator.LengthAtLeast(1)}},
		says: "Version of the operating system on the ISO, such as `Debian GNU/Linux 12.0.0 64bit`. `detected_os_version` is what the " +
			"service determined.",
		required: []string{always}, why: ": the service does not look for it on an ISO",
	},
	argument{
		name: "architecture", of: text{rules: []validator.String{stringvalidator.OneOf(ims.Architectures...)}}, reported: true,
		says: "Processor architecture: " + framework.OneOf(ims.Architectures) + ". Default: `" + ims.ArchitectureX86 + "`.",
	},
	argument{name: "cmk_id", of: text{}, reported: true, says: "Id of the KMS key to encrypt the image with."},
)

// isoModel is an ISO image's configuration, plan or state.
type isoModel struct {
	imageModel
	ImageURL  types.String `tfsdk:"image_url"`
	OSVersion types.String `tfsdk:"os_version"`
}

func (m *isoModel) origin() (origin string, minDisk int64) {
	return ims.OriginFile + "," + m.ImageURL.ValueString(), m.MinDisk.ValueInt64()
}

func (m *isoModel) readArguments(image *ims.Image) {
	m.imageModel.readArguments(image)
	fillSource(image.Origin(), map[string]*types.String{ims.OriginFile: &m.ImageURL})
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
