package image

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var wholeImageTypes = []string{ims.BackupCBR, ims.BackupCSBS}

// NewFullECSImageResource is the resource ims_full_ecs_image.
func NewFullECSImageResource() resource.Resource { return &imageResource{kind: fullECSImage} }

var fullECSImage = &kind{
	name: "full_ecs_image",
	noun: "full-ECS image",
	description: "Full-ECS image: a private image of a server with all its disks, made from the server, or from a " +
		"backup of it. The image is based on a backup, which is billed as long as it exists.\n\n" +
		"Exactly one of `instance_id` and `backup_id` says what a new image is made from. Changing it, or another argument " +
		"that only a new image can have, replaces the image; everything else is changed in place. Full-ECS images can be " +
		"neither exported nor replicated in their region.",
	arguments: fullECSArguments,
	oneOf:     []string{"instance_id", "backup_id"},
	newModel:  func() model { return &fullECSModel{} },
	silent:    ims.OriginBackup,
	making:    4 * time.Hour, // a server with large disks is backed up first
}

var fullECSArguments = withCommon(
	argument{
		name: "instance_id", of: text{}, source: true,
		says: "Id of the server to make the image from. The service backs the server up for it.",
	},
	argument{
		name: "vault_id", of: text{},
		says: "Id of the CBR vault for the server's backup. Clouds whose servers are backed up by CBR require it.",
		with: []string{"instance_id"},
	},
	argument{
		// The service reports the backup of every image, whatever that was made from.
		name:     "backup_id",
		of:       text{rules: []validator.String{stringvalidator.LengthAtLeast(1)}},
		reported: true,
		says: "Id of the backup to make the image from. A backup can become one image only. After the creation: the backup " +
			"that the image is based on.",
	},
	argument{
		name: "whole_image_type", of: text{rules: []validator.String{stringvalidator.OneOf(wholeImageTypes...)}},
		says: "Service that keeps the backup: " + framework.OneOf(wholeImageTypes) + ".",
		with: []string{"backup_id"}, byDefault: types.StringValue(ims.BackupCSBS),
	},
	argument{
		name:    "delete_backup",
		of:      truth{modifiers: []planmodifier.Bool{ownBackup{"instance_id"}}},
		change:  records,
		settled: true,
		says: "Whether the backup that the image is based on is deleted with the image. A backup that is left stays " +
			"billed. Default, chosen when the image is made: `true` for an image made from a server, whose backup is its own; " +
			"`false` for one made from a given backup, and after an import. A change takes effect once it is applied: apply " +
			"it before the destroy.",
	},
)

// fullECSModel is a full-ECS image's configuration, plan or state. The backup is in the part that all kinds share.
type fullECSModel struct {
	imageModel
	InstanceID     types.String `tfsdk:"instance_id"`
	VaultID        types.String `tfsdk:"vault_id"`
	WholeImageType types.String `tfsdk:"whole_image_type"`
	DeleteBackup   types.Bool   `tfsdk:"delete_backup"`
}

// origin: clouds tell of the server, the backup or the vault, whatever the image was made from.
func (m *fullECSModel) origin() (origin string, minDisk int64) { return "", 0 }

func (m *fullECSModel) deleteBackup() types.Bool { return m.DeleteBackup }

func (m *fullECSModel) readArguments(image *ims.Image) {
	m.imageModel.readArguments(image)
	fillSource(image.Origin(), map[string]*types.String{ims.OriginInstance: &m.InstanceID})
	if m.DeleteBackup.IsNull() {
		m.DeleteBackup = types.BoolValue(false) // imported: whose the backup is, nobody can tell
	}
}

func (m *fullECSModel) create(ctx context.Context, client *ims.Client) (ims.StartedJob, error) {
	if m.DeleteBackup.IsUnknown() {
		m.DeleteBackup = types.BoolValue(m.InstanceID.ValueString() != "")
	}
	return client.CreateWholeImage(ctx, &ims.WholeImageRequest{
		Name:                m.Name.ValueString(),
		Description:         m.Description.ValueString(),
		Tags:                ims.Tags(framework.Strings(m.TagsAll)),
		EnterpriseProjectID: m.EnterpriseProjectID.ValueString(),
		MinRAM:              m.MinRAM.ValueInt64(),
		MaxRAM:              m.MaxRAM.ValueInt64(),
		InstanceID:          m.InstanceID.ValueString(),
		VaultID:             m.VaultID.ValueString(),
		BackupID:            m.BackupID.ValueString(),
		WholeImageType:      m.WholeImageType.ValueString(),
	})
}
