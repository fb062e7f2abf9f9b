package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Values of deletion_policy.
const (
	policyDelete = "delete"
	policyRetain = "retain"
)

// imageModel is what all kinds of image have.
type imageModel struct {
	ID                  types.String   `tfsdk:"id"`
	Name                types.String   `tfsdk:"name"`
	Description         types.String   `tfsdk:"description"`
	Tags                types.Map      `tfsdk:"tags"`
	Properties          types.Map      `tfsdk:"properties"`
	TagsAll             types.Map      `tfsdk:"tags_all"`
	EnterpriseProjectID types.String   `tfsdk:"enterprise_project_id"`
	MinRAM              types.Int64    `tfsdk:"min_ram"`
	MaxRAM              types.Int64    `tfsdk:"max_ram"`
	Firmware            types.String   `tfsdk:"hw_firmware_type"`
	MultiQueue          types.Bool     `tfsdk:"multi_queue"`
	ConfigInit          types.Bool     `tfsdk:"is_config_init"`
	Protected           types.Bool     `tfsdk:"protected"`
	DeletionPolicy      types.String   `tfsdk:"deletion_policy"`
	Timeouts            timeouts.Value `tfsdk:"timeouts"`

	JobID             types.String `tfsdk:"job_id"`
	Status            types.String `tfsdk:"status"`
	ImageType         types.String `tfsdk:"image_type"`
	OSType            types.String `tfsdk:"os_type"`
	Platform          types.String `tfsdk:"platform"`
	OSBit             types.Int64  `tfsdk:"os_bit"`
	Architecture      types.String `tfsdk:"architecture"`
	DetectedOSVersion types.String `tfsdk:"detected_os_version"`
	MinDisk           types.Int64  `tfsdk:"min_disk"`
	CMKID             types.String `tfsdk:"cmk_id"`
	DiskFormat        types.String `tfsdk:"disk_format"`
	ImageSize         types.Int64  `tfsdk:"image_size"`
	DataOrigin        types.String `tfsdk:"data_origin"`
	BackupID          types.String `tfsdk:"backup_id"`
	Visibility        types.String `tfsdk:"visibility"`
	Owner             types.String `tfsdk:"owner"`
	CreatedAt         types.String `tfsdk:"created_at"`
	UpdatedAt         types.String `tfsdk:"updated_at"`
	ActiveAt          types.String `tfsdk:"active_at"`
}

func (m *imageModel) common() *imageModel { return m }

// read takes over what the service reports of the image, save for arguments that only a new image can have: those say what was
// asked for.
func (m *imageModel) read(image *ims.Image, tags framework.TagPolicy) {
	for i := range commonArguments {
		if p := commonArguments[i].patch; p != nil {
			p.read(m, image)
		}
	}
	m.ID = types.StringValue(image.ID)
	m.readTags(image.TagMap(), tags)
	m.readProperties(image)
	m.Protected = types.BoolValue(bool(image.Protected))

	m.Status = framework.StringOrNull(image.Status)
	m.ImageType = framework.StringOrNull(image.ImageType)
	m.Platform = framework.StringOrNull(image.Platform)
	m.OSBit = framework.Int64OrNull(image.OSBit)
	m.DetectedOSVersion = framework.StringOrNull(image.OSVersion)
	m.DiskFormat = framework.StringOrNull(image.DiskFormat)
	m.ImageSize = types.Int64Value(int64(image.Size))
	m.DataOrigin = framework.StringOrNull(image.DataOrigin)
	framework.SetIfUnset(&m.BackupID, framework.StringOrNull(image.BackupID)) // an argument of some, and never another
	m.Visibility = framework.StringOrNull(image.Visibility)
	m.Owner = framework.StringOrNull(image.Owner)
	m.CreatedAt = framework.StringOrNull(image.CreatedAt.String())
	m.UpdatedAt = framework.StringOrNull(image.UpdatedAt.String())
	m.ActiveAt = framework.StringOrNull(image.ActiveAt.String())
}

// readArguments fills in those common attributes that are arguments of some kind.
func (m *imageModel) readArguments(image *ims.Image) {
	framework.SetIfUnset(&m.OSType, framework.StringOrNull(image.OSType))
	framework.SetIfUnset(&m.Architecture, framework.StringOrNull(image.Architecture()))
	framework.SetIfUnset(&m.CMKID, framework.StringOrNull(image.KeyID))
	if m.MinDisk.IsNull() || m.MinDisk.IsUnknown() {
		m.MinDisk = types.Int64Value(int64(image.MinDisk))
	}
}

// Most kinds are made alone, by one request that says all, and have no backup.
func (m *imageModel) parts() []string                         { return nil }
func (m *imageModel) setParts([]string)                       {}
func (m *imageModel) partsSent(context.Context) []ims.Created { return nil }
func (m *imageModel) unsent(*ims.Created)                     {}
func (m *imageModel) deleteBackup() types.Bool                { return types.BoolNull() }
func (m *imageModel) excuses(_ model, _ string) bool          { return false }

func (m *imageModel) deliver(context.Context, *ims.Client, string) (ims.StartedJob, error) {
	return ims.StartedJob{}, nil
}

func (m *imageModel) readTags(all map[string]string, policy framework.TagPolicy) {
	m.TagsAll = framework.StringMap(policy.Visible(all))
	own := policy.Own(all, framework.Strings(m.Tags))
	// No tags: the configuration's way to say so stays, `{}` or nothing.
	if len(own) == 0 && (m.Tags.IsNull() || len(m.Tags.Elements()) > 0) {
		m.Tags = types.MapNull(types.StringType)
		return
	}
	m.Tags = framework.StringMap(own)
}

// readProperties takes over the values of those attributes that the configuration names. One that the image lacks is left out, so
// that the plan adds it.
func (m *imageModel) readProperties(image *ims.Image) {
	named := m.Properties.Elements()
	if m.Properties.IsNull() || m.Properties.IsUnknown() || len(named) == 0 {
		if m.Properties.IsUnknown() {
			m.Properties = types.MapNull(types.StringType)
		}
		return
	}
	has := map[string]string{}
	for name := range named {
		if value, ok := image.Attributes[name]; ok {
			has[name] = value
		}
	}
	m.Properties = framework.StringMap(has)
}

// called names the image in a sentence, as far as it has a name and an id.
func (m *imageModel) called() string {
	if id := m.ID.ValueString(); id != "" {
		return fmt.Sprintf("Image %s (%q)", id, m.Name.ValueString())
	}
	return fmt.Sprintf("Image %q, which is still being made,", m.Name.ValueString())
}

// isUnderWay is true of the statuses that an image has before it can be used.
func isUnderWay(status string) bool {
	return status == ims.StatusQueued || status == ims.StatusSaving
}
