package image

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// fillSource sets the source that the service tells, unless one is known: a service that tells another than was asked
// for tells of the source's source. Sources are by the kind of their origin.
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

// checkMemory refuses a largest memory below the smallest one (IMG.0055); 0 is no limit.
func checkMemory(m *imageModel, diagnostics *diag.Diagnostics) {
	if least, most := m.MinRAM.ValueInt64(), m.MaxRAM.ValueInt64(); most > 0 && most < least {
		diagnostics.AddAttributeError(path.Root("max_ram"), "Invalid memory", fmt.Sprintf(
			"max_ram (%d MB) must not be below min_ram (%d MB). 0 is no limit.", most, least))
	}
}

// checkFirmware refuses a boot mode that the architecture does not have.
func checkFirmware(diagnostics *diag.Diagnostics, architecture, firmware types.String) {
	if architecture.ValueString() == ims.ArchitectureARM && firmware.ValueString() == ims.FirmwareBIOS {
		diagnostics.AddAttributeError(
			path.Root("hw_firmware_type"),
			"Invalid boot mode",
			"Images for arm boot from uefi only: set hw_firmware_type = \"uefi\", or leave it out.",
		)
	}
}
