package image

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// sourceAttribute is an argument that says what an image is made from. The service tells it after an import.
func sourceAttribute(description string, rules ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: append(rules, stringvalidator.LengthAtLeast(1)), PlanModifiers: framework.KeepString(),
		MarkdownDescription: description + " Changing this replaces the image.",
	}
}

// fillSource sets the source that the service tells, unless one is known: a service that tells another than was asked for
// tells of the source's source. Sources are by the kind of their origin.
func fillSource(origin ims.Origin, sources map[string]*types.String) {
	known := false
	for _, source := range sources {
		known = known || source.ValueString() != ""
	}
	if source := sources[origin.Kind]; source != nil && !known {
		*source = framework.StringOrNull(origin.ID + origin.File)
	}
	for _, source := range sources {
		framework.SetIfUnset(source, types.StringNull())
	}
}

// argument is one that goes with some sources only.
type argument struct {
	name    string
	value   attr.Value
	allowed bool
	with    string // what it goes with, in words
}

// checkArguments refuses arguments that do not go with the source.
func checkArguments(diagnostics *diag.Diagnostics, arguments []argument) {
	for _, a := range arguments {
		if framework.AnyGiven(a.value) && !a.allowed {
			diagnostics.AddAttributeError(path.Root(a.name), "Argument does not go with the source",
				fmt.Sprintf("%s can be given for a new image only together with %s.", a.name, a.with))
		}
	}
}

// need refuses to go without an argument where the condition holds.
func need(diagnostics *diag.Diagnostics, name string, value attr.Value, condition bool, why string) {
	if condition && value.IsNull() {
		diagnostics.AddAttributeError(path.Root(name), "Missing argument", fmt.Sprintf("%s is required %s.", name, why))
	}
}

// checkFirmware refuses a boot mode that the architecture does not have.
func checkFirmware(diagnostics *diag.Diagnostics, architecture, firmware types.String) {
	if architecture.ValueString() == ims.ArchitectureARM && firmware.ValueString() == ims.FirmwareBIOS {
		diagnostics.AddAttributeError(path.Root("hw_firmware_type"), "Invalid boot mode", "Images for arm boot from uefi only: set hw_firmware_type = \"uefi\", or leave it out.")
	}
}
