package image

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// foundModel is an image that a data source found.
type foundModel struct {
	ID                  types.String `tfsdk:"id"`
	Name                types.String `tfsdk:"name"`
	Description         types.String `tfsdk:"description"`
	ImageType           types.String `tfsdk:"image_type"`
	Status              types.String `tfsdk:"status"`
	Visibility          types.String `tfsdk:"visibility"`
	Owner               types.String `tfsdk:"owner"`
	Platform            types.String `tfsdk:"platform"`
	OSType              types.String `tfsdk:"os_type"`
	OSBit               types.Int64  `tfsdk:"os_bit"`
	OSVersion           types.String `tfsdk:"os_version"`
	Architecture        types.String `tfsdk:"architecture"`
	VirtualEnvType      types.String `tfsdk:"virtual_env_type"`
	MinDisk             types.Int64  `tfsdk:"min_disk"`
	MinRAM              types.Int64  `tfsdk:"min_ram"`
	MaxRAM              types.Int64  `tfsdk:"max_ram"`
	DiskFormat          types.String `tfsdk:"disk_format"`
	ContainerFormat     types.String `tfsdk:"container_format"`
	ImageSize           types.Int64  `tfsdk:"image_size"`
	Firmware            types.String `tfsdk:"hw_firmware_type"`
	MultiQueue          types.Bool   `tfsdk:"multi_queue"`
	Protected           types.Bool   `tfsdk:"protected"`
	WholeImage          types.Bool   `tfsdk:"whole_image"`
	CMKID               types.String `tfsdk:"cmk_id"`
	EnterpriseProjectID types.String `tfsdk:"enterprise_project_id"`
	DataOrigin          types.String `tfsdk:"data_origin"`
	BackupID            types.String `tfsdk:"backup_id"`
	TagsAll             types.Map    `tfsdk:"tags_all"`
	SupportFlags        types.Map    `tfsdk:"support_flags"`
	CreatedAt           types.String `tfsdk:"created_at"`
	UpdatedAt           types.String `tfsdk:"updated_at"`
	ActiveAt            types.String `tfsdk:"active_at"`
}

// found maps an image. Tags are shown as they are: a data source looks at what is there.
func found(image *ims.Image) foundModel {
	return foundModel{
		ID:                  types.StringValue(image.ID),
		Name:                types.StringValue(image.Name),
		Description:         framework.StringOrNull(image.Description),
		ImageType:           framework.StringOrNull(imageTypeName(image.ImageType)),
		Status:              framework.StringOrNull(image.Status),
		Visibility:          framework.StringOrNull(image.Visibility),
		Owner:               framework.StringOrNull(image.Owner),
		Platform:            framework.StringOrNull(image.Platform),
		OSType:              framework.StringOrNull(image.OSType),
		OSBit:               framework.Int64OrNull(image.OSBit),
		OSVersion:           framework.StringOrNull(image.OSVersion),
		Architecture:        types.StringValue(image.Architecture()),
		VirtualEnvType:      framework.StringOrNull(image.Environment),
		MinDisk:             types.Int64Value(int64(image.MinDisk)),
		MinRAM:              types.Int64Value(int64(image.MinRAM)),
		MaxRAM:              types.Int64Value(int64(image.MaxRAM)),
		DiskFormat:          framework.StringOrNull(image.DiskFormat),
		ContainerFormat:     framework.StringOrNull(image.ContainerFormat),
		ImageSize:           types.Int64Value(int64(image.Size)),
		Firmware:            types.StringValue(image.FirmwareType()),
		MultiQueue:          types.BoolValue(bool(image.MultiQueue)),
		Protected:           types.BoolValue(bool(image.Protected)),
		WholeImage:          types.BoolValue(bool(image.WholeImage)),
		CMKID:               framework.StringOrNull(image.KeyID),
		EnterpriseProjectID: framework.StringOrNull(image.EnterpriseProjectID),
		DataOrigin:          framework.StringOrNull(image.DataOrigin),
		BackupID:            framework.StringOrNull(image.BackupID),
		TagsAll:             framework.StringMap(image.TagMap()),
		SupportFlags:        framework.StringMap(image.Support),
		CreatedAt:           framework.StringOrNull(image.CreatedAt.String()),
		UpdatedAt:           framework.StringOrNull(image.UpdatedAt.String()),
		ActiveAt:            framework.StringOrNull(image.ActiveAt.String()),
	}
}

// The provider's names of image types; the wire says "gold" for public ones.
const (
	imageTypePublic  = "public"
	imageTypePrivate = "private"
	imageTypeShared  = "shared"
)

func imageTypeName(wire string) string {
	if wire == ims.ImageTypePublic {
		return imageTypePublic
	}
	return wire
}

// foundAttributes are the attributes of a found image.
func foundAttributes() map[string]schema.Attribute {
	attribute := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	numeric := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	truth := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	tags := func(description string) schema.MapAttribute {
		return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"id":                    attribute("Id of the image."),
		"name":                  attribute("Name of the image."),
		"description":           attribute("Description of the image."),
		"image_type":            attribute("Type of the image: " + framework.OneOf(imageTypes) + "."),
		"status":                attribute("Status of the image: " + framework.OneOf(ims.Statuses) + "."),
		"visibility":            attribute("Visibility of the image: `public`, `private` or `shared`."),
		"owner":                 attribute("Id of the project that owns the image."),
		"platform":              attribute("Platform of the operating system, such as `Debian` or `Windows`."),
		"os_type":               attribute("Type of the operating system: " + framework.OneOf(ims.OSTypes) + "."),
		"os_bit":                numeric("Word size of the operating system: `32` or `64`."),
		"os_version":            attribute("Version of the operating system."),
		"architecture":          attribute("Processor architecture: " + framework.OneOf(ims.Architectures) + "."),
		"virtual_env_type":      attribute(describeEnvironment),
		"min_disk":              numeric("Smallest disk that the image fits on, in GB."),
		"min_ram":               numeric("Minimum memory of a server made from the image, in MB; `0` is no limit."),
		"max_ram":               numeric("Maximum memory of a server made from the image, in MB; `0` is no limit."),
		"disk_format":           attribute("Format of the image, such as `zvhd2`."),
		"container_format":      attribute("Container of the image: `bare`."),
		"image_size":            numeric("Size of the image, in bytes."),
		"hw_firmware_type":      attribute("Boot mode: " + framework.OneOf(ims.Firmwares) + "."),
		"multi_queue":           truth("Whether servers made from the image use several queues per network interface."),
		"protected":             truth("Whether the image is protected from being deleted."),
		"whole_image":           truth("Whether the image is a full-ECS image."),
		"cmk_id":                attribute("Id of the KMS key that the image is encrypted with. Null if it is not encrypted."),
		"enterprise_project_id": attribute("Id of the enterprise project of the image."),
		"data_origin":           attribute("Source of the image as the service reports it, such as `instance,<id>` or `file,<bucket>:<object>`."),
		"backup_id":             attribute("Id of the backup that a full-ECS image is based on."),
		"tags_all":              tags("Tags of the image."),
		"support_flags":         tags("What the image supports: the service's `__support_*` attributes, by the rest of their name."),
		"created_at":            attribute("When the image was registered, in RFC 3339, UTC."),
		"updated_at":            attribute("When the image was last changed, in RFC 3339, UTC."),
		"active_at":             attribute("When the image became usable, in RFC 3339, UTC."),
	}
}

// candidates lists the first images that a search found, for an error about it.
func candidates(images []ims.Image) string {
	const most = 5
	var list strings.Builder
	for i, image := range images {
		if i == most {
			fmt.Fprintf(&list, "\n  … and %d more", len(images)-most)
			break
		}
		fmt.Fprintf(&list, "\n  %s  %s  %s", image.ID, image.CreatedAt, image.Name)
	}
	return list.String()
}
