package image

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// patch says how an argument is changed in place, in the one PATCH with the others.
type patch struct {
	attribute string // its name on the wire
	// of is its value in a model.
	of func(*imageModel) attr.Value
	// read takes over what the service reports.
	read func(*imageModel, *ims.Image)
	// absent is the value that means the same as no attribute, as the wire has it.
	absent any
	// always marks what every image has on the wire, whatever its value.
	always bool
}

var deletionPolicies = []string{policyDelete, policyRetain}

// commonArguments are those of every kind.
var commonArguments = []argument{
	{
		name:     "name",
		of:       text{rules: []validator.String{nameRule}},
		required: []string{always},
		change:   inPlace,
		says: fmt.Sprintf(
			"Name of the image: 1 to %d letters, digits, spaces, `-`, `.` and `_`, no space at either end.",
			ims.MaxNameLength,
		),
		patch: &patch{
			attribute: ims.AttributeName, always: true, absent: "",
			of:   func(m *imageModel) attr.Value { return m.Name },
			read: func(m *imageModel, image *ims.Image) { m.Name = types.StringValue(image.Name) },
		},
	},
	{
		name:      "description",
		of:        text{rules: []validator.String{descriptionRule}},
		inputOnly: true,
		change:    inPlace,
		says: fmt.Sprintf(
			"Description of the image: up to %d characters, no line breaks, no `<` or `>`.",
			ims.MaxDescriptionLength,
		),
		patch: &patch{
			attribute: ims.AttributeDescription, absent: "",
			of:   func(m *imageModel) attr.Value { return m.Description },
			read: func(m *imageModel, image *ims.Image) { m.Description = sameOrNull(image.Description, m.Description) },
		},
	},
	{
		name:      "tags",
		of:        stringMap{rules: []validator.Map{tagsRule{}}},
		inputOnly: true,
		change:    byElement,
		says: fmt.Sprintf(
			"Tags of the image, by key: up to %d, counting the provider's `default_tags`; keys of 1 to %d and values of 0 to "+
				"%d characters, no space at either end of either, and no `=` in a key. Open Telekom Cloud and Swiss OTC take up "+
				"to 10 tags, with keys to 36 and values to 43 letters, digits, `_` and `-`.",
			ims.MaxTags, ims.MaxTagKeyLength, ims.MaxTagValueLength),
	},
	{
		name: "properties", of: stringMap{rules: []validator.Map{propertiesRule{}}}, inputOnly: true, change: byElement,
		says: "Attributes of the image that have no argument of their own, by their name on the wire, such as `{ " +
			"__support_fc_inject = \"true\" }` or names of your own; no capitals in a name. Those that are not named here " +
			"stay as they are.",
	},
	{
		name:   "enterprise_project_id",
		of:     text{},
		change: inPlace,
		says: "Id of the enterprise project of the image; `0` is the default one. Default: the provider's " +
			"`enterprise_project_id`.",
		patch: &patch{
			attribute: ims.AttributeEnterpriseProject, absent: ims.DefaultEnterpriseProject,
			of:   func(m *imageModel) attr.Value { return m.EnterpriseProjectID },
			read: readEnterpriseProject,
		},
	},
	{
		name: "min_ram", of: number{rules: []validator.Int64{int64validator.AtLeast(0)}}, change: inPlace,
		says: "Minimum memory of a server made from the image, in MB; `0` is no limit. Default: `0`, or what the source has.",
		patch: &patch{
			attribute: ims.AttributeMinRAM, always: true, absent: int64(0),
			of:   func(m *imageModel) attr.Value { return m.MinRAM },
			read: func(m *imageModel, image *ims.Image) { m.MinRAM = types.Int64Value(int64(image.MinRAM)) },
		},
	},
	{
		name: "max_ram", of: number{rules: []validator.Int64{int64validator.AtLeast(0)}}, change: inPlace,
		says: "Maximum memory of a server made from the image, in MB; `0` is no limit. Default: `0`.",
		patch: &patch{
			attribute: ims.AttributeMaxRAM, absent: int64(0),
			of:   func(m *imageModel) attr.Value { return m.MaxRAM },
			read: func(m *imageModel, image *ims.Image) { m.MaxRAM = types.Int64Value(int64(image.MaxRAM)) },
		},
	},
	{
		name:   "hw_firmware_type",
		of:     text{rules: []validator.String{stringvalidator.OneOf(ims.Firmwares...)}},
		change: inPlace,
		says: "Boot mode: " + framework.OneOf(ims.Firmwares) + ". Images for `arm` boot from `uefi` only. Default: the " +
			"service's: what the source has, else `bios` (`uefi` for `arm`).",
		patch: &patch{
			attribute: ims.AttributeFirmware, absent: ims.FirmwareBIOS,
			of:   func(m *imageModel) attr.Value { return m.Firmware },
			read: func(m *imageModel, image *ims.Image) { m.Firmware = types.StringValue(image.FirmwareType()) },
		},
	},
	{
		name:   "multi_queue",
		of:     truth{},
		change: inPlace,
		says: "Whether servers made from the image use several queues per network interface. Default: what the source has, " +
			"else `false`.",
		patch: &patch{
			attribute: ims.AttributeMultiQueue, absent: strconv.FormatBool(false),
			of:   func(m *imageModel) attr.Value { return m.MultiQueue },
			read: func(m *imageModel, image *ims.Image) { m.MultiQueue = types.BoolValue(bool(image.MultiQueue)) },
		},
	},
	{
		name:   "is_config_init",
		of:     truth{},
		change: inPlace,
		says: "Whether the image's operating system has had its initial configuration. Default: what the service sets, " +
			"mostly `false`.",
		patch: &patch{
			attribute: "__is_config_init", absent: strconv.FormatBool(false),
			of:   func(m *imageModel) attr.Value { return m.ConfigInit },
			read: func(m *imageModel, image *ims.Image) { m.ConfigInit = types.BoolValue(bool(image.ConfigInit)) },
		},
	},
	{
		name:    "protected",
		of:      truth{byDefault: booldefault.StaticBool(false)},
		change:  inPlace,
		settled: true,
		says: "Whether the image is protected from being deleted, by anybody. While it is `true`, plans that would delete " +
			"or replace the image are refused, unless `deletion_policy` was applied as " +
			"`" + policyRetain + "` before. To delete the image, " +
			"apply `false` first. Default: `false`.",
	},
	{
		name:    "deletion_policy",
		change:  records,
		settled: true,
		of: text{
			rules:     []validator.String{stringvalidator.OneOf(deletionPolicies...)},
			byDefault: stringdefault.StaticString(policyDelete),
		},
		says: "What happens to the image when the resource is destroyed or replaced: " + framework.OneOf(deletionPolicies) +
			". A change takes effect once it is applied: apply it before the destroy. Default: `" + policyDelete + "`.",
	},
}

// withCommon is the common arguments and a kind's own, which take the place of common ones of the same name.
func withCommon(own ...argument) []argument {
	all := make([]argument, 0, len(commonArguments)+len(own))
	for _, common := range commonArguments {
		replaced := false
		for i := range own {
			replaced = replaced || own[i].name == common.name
		}
		if !replaced {
			all = append(all, common)
		}
	}
	return append(all, own...)
}

// sameOrNull is a value that the service makes no difference of between empty and absent; the configuration may.
func sameOrNull(value string, before types.String) types.String {
	if value == "" && !before.IsUnknown() && !before.IsNull() && before.ValueString() == "" {
		return before
	}
	return framework.StringOrNull(value)
}

// readEnterpriseProject keeps the configuration's way to name the default project: "0", or nothing.
func readEnterpriseProject(m *imageModel, image *ims.Image) {
	project := image.EnterpriseProjectID
	if project == ims.DefaultEnterpriseProject {
		project = ""
	}
	if project != "" || m.EnterpriseProjectID.ValueString() != ims.DefaultEnterpriseProject {
		m.EnterpriseProjectID = sameOrNull(project, m.EnterpriseProjectID)
	}
}

// wire is a value as the PATCH takes it. The service makes no difference between empty and absent.
func (p *patch) wire(value attr.Value) any {
	switch v := value.(type) {
	case types.String:
		if v.ValueString() != "" {
			return v.ValueString()
		}
	case types.Int64:
		return v.ValueInt64()
	case types.Bool:
		return strconv.FormatBool(v.ValueBool())
	}
	return p.absent
}
