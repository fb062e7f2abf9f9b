package image

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// defaultTimeouts are above the longest durations that users report.
var defaultTimeouts = framework.Timeouts{
	Create: 90 * time.Minute, Read: 10 * time.Minute, Update: 30 * time.Minute, Delete: 30 * time.Minute,
	Creating: "making the image, also when a later apply goes on with it",
	OutOfTime: "When it runs out in the apply that creates the resource, that apply fails and the image goes on being " +
		"made: the next apply deletes it and makes a new one. To keep it, run `terraform untaint` (or `tofu untaint`) on " +
		"the resource first.",
}

// schemaOf is the kind's arguments, and what the service reports, with the kind's own over what all kinds have.
func schemaOf(ctx context.Context, k *kind) schema.Schema {
	attributes := computedAttributes()
	kindBlocks := map[string]schema.Block{}
	for i := range k.arguments {
		a := &k.arguments[i]
		if list, ok := a.of.(blocks); ok {
			kindBlocks[a.name] = list.block(a)
			continue
		}
		attributes[a.name] = a.of.attribute(a)
	}
	attributes["timeouts"] = k.timeouts().Attribute(ctx)
	maps.Copy(attributes, k.outputs)
	return schema.Schema{
		MarkdownDescription: k.description + "\n\n" + k.importing(), Attributes: attributes, Blocks: kindBlocks,
	}
}

func computedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":     framework.ComputedString("Id of the image. Null while the image is being made."),
		"job_id": framework.ComputedString("Id of the job that made the image. Null after an import."),
		"status": framework.ComputedString("Status of the image: `queued`, `saving`, `active` or `killed`."),
		"image_type": framework.ComputedString(
			"Type of the image as the service names it: `private`, or `shared` once it is shared.",
		),
		"os_type": framework.ComputedString(
			"Type of the operating system: " + framework.OneOf(ims.OSTypes) + ".",
		),
		"platform": framework.ComputedString("Platform of the operating system, such as `Debian` or `Windows`."),
		"os_bit":   framework.ComputedInt64("Word size of the operating system: `32` or `64`."),
		"architecture": framework.ComputedString(
			"Processor architecture: " + framework.OneOf(ims.Architectures) + ".",
		),
		"detected_os_version": framework.ComputedString(
			"Version of the operating system that the service determined, such as `Debian GNU/Linux 12.0.0 64bit`.",
		),
		"min_disk": framework.ComputedInt64("Smallest disk that the image fits on, in GB."),
		"cmk_id": framework.ComputedString(
			"Id of the KMS key that the image is encrypted with. Null if it is not encrypted.",
		),
		"disk_format": framework.ComputedString("Format of the image: `zvhd2`, `vhd`, `raw`, `qcow2` or `iso`."),
		"image_size":  framework.ComputedInt64("Size of the image, in bytes."),
		"data_origin": framework.ComputedString(
			"Source of the image as the service reports it, such as `instance,<id>` or `file,<bucket>:<object>`.",
		),
		"backup_id": framework.ComputedString(
			"Id of the backup that a full-ECS image is based on. Null for other images.",
		),
		"visibility": framework.ComputedString("Visibility: `private`, or `shared` once the image is shared."),
		"owner":      framework.ComputedString("Id of the project that owns the image."),
		"created_at": framework.ComputedString("When the image was registered, in RFC 3339, UTC."),
		"updated_at": framework.ComputedString("When the image was last changed, in RFC 3339, UTC."),
		"active_at":  framework.ComputedString("When the image became usable, in RFC 3339, UTC."),
		"tags_all": schema.MapAttribute{
			Computed:    true,
			ElementType: types.StringType,
			MarkdownDescription: "All tags of the image: `tags` and the provider's `default_tags`, without those that " +
				"`ignore_tags` names.",
			PlanModifiers: []planmodifier.Map{mapplanmodifier.UseStateForUnknown()},
		},
	}
}

// blank is a state in which nothing is said: attributes are null, and there are no blocks.
func blank(ctx context.Context, k *kind) tftypes.Value {
	whole := schemaOf(ctx, k)
	object, ok := whole.Type().TerraformType(ctx).(tftypes.Object)
	if !ok {
		return tftypes.NewValue(tftypes.Object{}, nil)
	}
	values := make(map[string]tftypes.Value, len(object.AttributeTypes))
	for name, of := range object.AttributeTypes {
		values[name] = tftypes.NewValue(of, nil)
		if _, isBlock := whole.Blocks[name]; isBlock {
			values[name] = tftypes.NewValue(of, []tftypes.Value{})
		}
	}
	return tftypes.NewValue(object, values)
}
