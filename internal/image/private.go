package image

import (
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Keys of private state.
const (
	// keyImported marks an image whose arguments that the service never returns are still to be taken from the configuration.
	keyImported = "imported"
	// keyFound lists the arguments of an imported image of which the state has what the service found, not what was asked for.
	keyFound = "found"
	// keyCreated describes the request that made the image, until its id is known.
	keyCreated = "created"
	// keyFailed marks an image whose job failed and left it: it is replaced.
	keyFailed = "failed"
	// keyPresent lists the patchable attributes that the image has on the wire: PATCH treats those it lacks differently.
	keyPresent = "present"
)

var patchable = []string{
	ims.AttributeName, ims.AttributeDescription, ims.AttributeEnterpriseProject, ims.AttributeMinRAM, ims.AttributeMaxRAM,
	ims.AttributeFirmware, ims.AttributeMultiQueue,
}

// presentAttributes are the patchable attributes that an image has.
func presentAttributes(image *ims.Image) []string {
	var present []string
	for _, attribute := range patchable {
		if image.Has(attribute) {
			present = append(present, attribute)
		}
	}
	return present
}
