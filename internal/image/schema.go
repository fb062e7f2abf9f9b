package image

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var deletionPolicies = []string{policyDelete, policyRetain}

// defaultTimeouts are above the longest durations that users report.
var defaultTimeouts = framework.Timeouts{
	Create: 90 * time.Minute, Read: 10 * time.Minute, Update: 30 * time.Minute, Delete: 30 * time.Minute,
}

// schemaOf is the common attributes with the kind's own over them.
func schemaOf(ctx context.Context, k *kind) schema.Schema {
	attributes := commonArguments(ctx)
	maps.Copy(attributes, computedAttributes())
	maps.Copy(attributes, k.attributes())
	return schema.Schema{MarkdownDescription: k.description + "\n\n" + k.importing(), Attributes: attributes, Blocks: k.blocks}
}

func commonArguments(ctx context.Context) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true,
			MarkdownDescription: fmt.Sprintf("Name of the image: 1 to %d letters, digits, spaces, `-`, `.` and `_`, no space at either end. "+
				"Changed in place.", ims.MaxNameLength),
			Validators: []validator.String{nameRule},
		},
		"description": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Description of the image: up to %d characters, no line breaks, no `<` or `>`. "+
				"Changed in place.", ims.MaxDescriptionLength),
			Validators: []validator.String{descriptionRule},
		},
		"tags": schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: fmt.Sprintf("Tags of the image, by key: up to %d, counting the provider's `default_tags`; keys of 1 to %d and values of "+
				"0 to %d characters, no space at either end of either, and no `=` in a key. Changed in place, tag by tag.", ims.MaxTags, ims.MaxTagKeyLength, ims.MaxTagValueLength),
			Validators: []validator.Map{tagsRule{}},
		},
		"enterprise_project_id": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Id of the enterprise project of the image; `0` is the default one. Default: the provider's `enterprise_project_id`. Changed in place.",
			PlanModifiers:       framework.KeepString(),
		},
		"min_ram": schema.Int64Attribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Minimum memory of a server made from the image, in MB; `0` is no limit. Default: `0`, or what the source has. Changed in place.",
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
			PlanModifiers:       framework.KeepInt64(),
		},
		"max_ram": schema.Int64Attribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Maximum memory of a server made from the image, in MB; `0` is no limit. Default: `0`. Changed in place.",
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
			PlanModifiers:       framework.KeepInt64(),
		},
		"hw_firmware_type": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Boot mode: " + framework.OneOf(ims.Firmwares) + ". Images for `arm` boot from `uefi` only. Default: the service's: what the source has, else `bios` (`uefi` for `arm`). Changed in place.",
			Validators:          []validator.String{stringvalidator.OneOf(ims.Firmwares...)},
			PlanModifiers:       framework.KeepString(),
		},
		"multi_queue": schema.BoolAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Whether servers made from the image use several queues per network interface. Default: what the source has, else `false`. Changed in place.",
			PlanModifiers:       framework.KeepBool(),
		},
		"protected": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the image is protected from being deleted, by anybody. While it is `true`, plans that would delete or replace the image are refused, " +
				"unless `deletion_policy` was applied as `" + policyRetain + "` before. To delete the image, apply `false` first. Default: `false`. Changed in place.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(policyDelete),
			MarkdownDescription: "What happens to the image when the resource is destroyed or replaced: " + framework.OneOf(deletionPolicies) +
				". A change takes effect once it is applied: apply it before the destroy. Default: `" + policyDelete + "`. Changing it only updates the state.",
			Validators: []validator.String{stringvalidator.OneOf(deletionPolicies...)},
		},
		"timeouts": defaultTimeouts.Attribute(ctx),
	}
}

func computedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  framework.ComputedString("Id of the image. Null while the image is being made."),
		"job_id":              framework.ComputedString("Id of the job that made the image. Null after an import."),
		"status":              framework.ComputedString("Status of the image: `queued`, `saving`, `active` or `killed`."),
		"image_type":          framework.ComputedString("Type of the image as the service names it: `private`, or `shared` once it is shared."),
		"os_type":             framework.ComputedString("Type of the operating system: " + framework.OneOf(ims.OSTypes) + "."),
		"platform":            framework.ComputedString("Platform of the operating system, such as `Debian` or `Windows`."),
		"os_bit":              framework.ComputedInt64("Word size of the operating system: `32` or `64`."),
		"architecture":        framework.ComputedString("Processor architecture: " + framework.OneOf(ims.Architectures) + "."),
		"detected_os_version": framework.ComputedString("Version of the operating system that the service determined, such as `Debian GNU/Linux 12.0.0 64bit`."),
		"min_disk":            framework.ComputedInt64("Smallest disk that the image fits on, in GB."),
		"cmk_id":              framework.ComputedString("Id of the KMS key that the image is encrypted with. Null if it is not encrypted."),
		"disk_format":         framework.ComputedString("Format of the image: `zvhd2`, `vhd`, `raw`, `qcow2` or `iso`."),
		"image_size":          framework.ComputedInt64("Size of the image, in bytes."),
		"data_origin":         framework.ComputedString("Source of the image as the service reports it, such as `instance,<id>` or `file,<bucket>:<object>`."),
		"backup_id":           framework.ComputedString("Id of the backup that a full-ECS image is based on. Null for other images."),
		"visibility":          framework.ComputedString("Visibility: `private`, or `shared` once the image is shared."),
		"owner":               framework.ComputedString("Id of the project that owns the image."),
		"created_at":          framework.ComputedString("When the image was registered, in RFC 3339, UTC."),
		"updated_at":          framework.ComputedString("When the image was last changed, in RFC 3339, UTC."),
		"active_at":           framework.ComputedString("When the image became usable, in RFC 3339, UTC."),
		"tags_all": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "All tags of the image: `tags` and the provider's `default_tags`, without those that `ignore_tags` names.",
			PlanModifiers:       []planmodifier.Map{mapplanmodifier.UseStateForUnknown()},
		},
	}
}

// blank is a state in which nothing is said: attributes are null, and there are no blocks.
func blank(ctx context.Context, k *kind) tftypes.Value {
	object, ok := schemaOf(ctx, k).Type().TerraformType(ctx).(tftypes.Object)
	if !ok {
		return tftypes.NewValue(tftypes.Object{}, nil)
	}
	values := make(map[string]tftypes.Value, len(object.AttributeTypes))
	for name, kind := range object.AttributeTypes {
		values[name] = tftypes.NewValue(kind, nil)
		if _, isBlock := k.blocks[name]; isBlock {
			values[name] = tftypes.NewValue(kind, []tftypes.Value{})
		}
	}
	return tftypes.NewValue(object, values)
}
