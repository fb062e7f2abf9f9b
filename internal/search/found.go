package search

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// The provider's names of image types; the service says "gold" for public ones.
const (
	TypePublic  = "public"
	TypePrivate = "private"
	TypeShared  = "shared"
)

var imageTypes = []string{TypePublic, TypePrivate, TypeShared}

// attribute is an attribute of a found image.
type attribute struct {
	schema schema.Attribute
	value  func(*ims.Image) attr.Value
}

// found are the attributes of a found image, by name. Tags are shown as they are, whatever the provider ignores: a data
// source looks at what is there.
var found = map[string]attribute{
	"id":          text("Id of the image.", func(i *ims.Image) string { return i.ID }),
	"name":        text("Name of the image.", func(i *ims.Image) string { return i.Name }),
	"description": textOrNull("Description of the image.", func(i *ims.Image) string { return i.Description }),
	"image_type":  textOrNull("Type of the image: "+framework.OneOf(imageTypes)+".", imageType),
	"status": textOrNull("Status of the image: "+framework.OneOf(ims.Statuses)+".",
		func(i *ims.Image) string { return i.Status }),
	"visibility": textOrNull("Visibility of the image: `public`, `private` or `shared`.",
		func(i *ims.Image) string { return i.Visibility }),
	"owner": textOrNull("Id of the project that owns the image.", func(i *ims.Image) string { return i.Owner }),

	"platform": textOrNull("Platform of the operating system, such as `Debian` or `Windows`.",
		func(i *ims.Image) string { return i.Platform }),
	"os_type": textOrNull("Type of the operating system: "+framework.OneOf(ims.OSTypes)+".",
		func(i *ims.Image) string { return i.OSType }),
	"os_bit": {
		numberSchema("Word size of the operating system: `32` or `64`."),
		func(i *ims.Image) attr.Value { return framework.Int64OrNull(i.OSBit) },
	},
	"os_version":   textOrNull("Version of the operating system.", func(i *ims.Image) string { return i.OSVersion }),
	"architecture": text("Processor architecture: "+framework.OneOf(ims.Architectures)+".", (*ims.Image).Architecture),
	"virtual_env_type": textOrNull("What the image is for: "+framework.OneOf(ims.Environments)+
		"; in this order virtual servers, bare-metal servers, data disks, and installing from an ISO.",
		func(i *ims.Image) string { return i.Environment }),

	"min_disk": number("Smallest disk that the image fits on, in GB.", func(i *ims.Image) ims.Int { return i.MinDisk }),
	"min_ram": number("Minimum memory of a server made from the image, in MB; `0` is no limit.",
		func(i *ims.Image) ims.Int { return i.MinRAM }),
	"max_ram": number("Maximum memory of a server made from the image, in MB; `0` is no limit.",
		func(i *ims.Image) ims.Int { return i.MaxRAM }),

	"disk_format": textOrNull("Format of the image, such as `zvhd2`.",
		func(i *ims.Image) string { return i.DiskFormat }),
	"container_format": textOrNull("Container of the image: `bare`.",
		func(i *ims.Image) string { return i.ContainerFormat }),
	"image_size":       number("Size of the image, in bytes.", func(i *ims.Image) ims.Int { return i.Size }),
	"hw_firmware_type": text("Boot mode: "+framework.OneOf(ims.Firmwares)+".", (*ims.Image).FirmwareType),

	"multi_queue": truth("Whether servers made from the image use several queues per network interface.",
		func(i *ims.Image) ims.Bool { return i.MultiQueue }),
	"protected": truth("Whether the image is protected from being deleted.",
		func(i *ims.Image) ims.Bool { return i.Protected }),
	"whole_image": truth("Whether the image is a full-ECS image.", func(i *ims.Image) ims.Bool { return i.WholeImage }),

	"cmk_id": textOrNull("Id of the KMS key that the image is encrypted with. Null if it is not encrypted.",
		func(i *ims.Image) string { return i.KeyID }),
	"enterprise_project_id": textOrNull("Id of the enterprise project of the image.",
		func(i *ims.Image) string { return i.EnterpriseProjectID }),
	"data_origin": textOrNull("Source of the image as the service reports it, such as `instance,<id>` or "+
		"`file,<bucket>:<object>`.", func(i *ims.Image) string { return i.DataOrigin }),
	"backup_id": textOrNull("Id of the backup that a full-ECS image is based on.",
		func(i *ims.Image) string { return i.BackupID }),

	"tags_all": dictionary("Tags of the image.", (*ims.Image).TagMap),
	"support_flags": dictionary("What the image supports: the service's `__support_*` attributes, by the rest of their "+
		"name.", func(i *ims.Image) map[string]string { return i.Support }),
	"properties": dictionary("What else the service reports of the image, such as `__image_login_user`: the attributes "+
		"that have no attribute here, by their name on the wire.", properties),

	"created_at": textOrNull("When the image was registered, in RFC 3339, UTC.",
		func(i *ims.Image) string { return i.CreatedAt.String() }),
	"updated_at": textOrNull("When the image was last changed, in RFC 3339, UTC.",
		func(i *ims.Image) string { return i.UpdatedAt.String() }),
	"active_at": textOrNull("When the image became usable, in RFC 3339, UTC.",
		func(i *ims.Image) string { return i.ActiveAt.String() }),
}

// withoutRow are attributes of the service's own that have no row in the table.
var withoutRow = []string{"__image_source_type", "__is_config_init", "__isregistered"}

// properties are the attributes of the image that have no row in the table.
func properties(image *ims.Image) map[string]string {
	rest := map[string]string{}
	for name, value := range image.Attributes {
		isFlag := strings.HasPrefix(name, "__support_")
		if ims.IsExtended(name) && !isFlag || slices.Contains(withoutRow, name) {
			rest[name] = value
		}
	}
	return rest
}

// describe is the description of an attribute of a found image, for a criterion that means the same.
func describe(name string) string { return found[name].schema.GetMarkdownDescription() }

func imageType(image *ims.Image) string {
	if image.ImageType == ims.ImageTypePublic {
		return TypePublic
	}
	return image.ImageType
}

func text(description string, read func(*ims.Image) string) attribute {
	return attribute{textSchema(description), func(i *ims.Image) attr.Value { return types.StringValue(read(i)) }}
}

// textOrNull is [text] that the service may leave out.
func textOrNull(description string, read func(*ims.Image) string) attribute {
	return attribute{textSchema(description), func(i *ims.Image) attr.Value { return framework.StringOrNull(read(i)) }}
}

func number(description string, read func(*ims.Image) ims.Int) attribute {
	return attribute{numberSchema(description), func(i *ims.Image) attr.Value { return types.Int64Value(int64(read(i))) }}
}

func truth(description string, read func(*ims.Image) ims.Bool) attribute {
	return attribute{
		schema.BoolAttribute{Computed: true, MarkdownDescription: description},
		func(i *ims.Image) attr.Value { return types.BoolValue(bool(read(i))) },
	}
}

func dictionary(description string, read func(*ims.Image) map[string]string) attribute {
	return attribute{
		schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description},
		func(i *ims.Image) attr.Value { return framework.StringMap(read(i)) },
	}
}

func textSchema(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func numberSchema(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

func foundSchema() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(found))
	for name, each := range found {
		attributes[name] = each.schema
	}
	return attributes
}

// valuesOf are the attributes of an image.
func valuesOf(image *ims.Image) map[string]attr.Value {
	values := make(map[string]attr.Value, len(found))
	for name, each := range found {
		values[name] = each.value(image)
	}
	return values
}

// imagesModel is what a data source finds that finds any number of images.
type imagesModel struct {
	IDs    types.List `tfsdk:"ids"`
	Images types.List `tfsdk:"images"`
}

func imagesSchema() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"ids": schema.ListAttribute{
			Computed: true, ElementType: types.StringType, MarkdownDescription: "Ids of the images found, in order.",
		},
		"images": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Images found, in order. Empty if there are none.",
			NestedObject: schema.NestedAttributeObject{Attributes: foundSchema()},
		},
	}
}

func imagesOf(images []ims.Image) imagesModel {
	kinds := make(map[string]attr.Type, len(found))
	for name, each := range found {
		kinds[name] = each.schema.GetType()
	}
	ids, objects := make([]attr.Value, 0, len(images)), make([]attr.Value, 0, len(images))
	for i := range images {
		ids = append(ids, types.StringValue(images[i].ID))
		objects = append(objects, types.ObjectValueMust(kinds, valuesOf(&images[i])))
	}
	return imagesModel{
		IDs:    types.ListValueMust(types.StringType, ids),
		Images: types.ListValueMust(types.ObjectType{AttrTypes: kinds}, objects),
	}
}
