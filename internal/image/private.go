package image

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Keys of private state.
const (
	// keyImported marks an image whose arguments that the service never returns are still to be taken from the configuration.
	keyImported = "imported"
	// keyMoved marks an image that was moved from another provider's resource and has not been looked at since.
	keyMoved = "moved"
	// keyCreated describes the request that made the image, until its id is known.
	keyCreated = "created"
	// keyPresent lists the patchable attributes that the image has on the wire: PATCH treats those it lacks differently.
	keyPresent = "present"
)

// privateReader is what a plan has of private state.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateData is where a resource keeps what is nobody else's business.
type privateData interface {
	privateReader
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// setPrivate stores a value; nil forgets it.
func setPrivate(ctx context.Context, private privateData, key string, value any) diag.Diagnostics {
	encoded, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep private state", err.Error())}
	}
	return private.SetKey(ctx, key, encoded)
}

// getPrivate reads a value and tells whether there was one. What cannot be read counts as absent: it is never needed.
func getPrivate[T any](ctx context.Context, private privateReader, key string) (value T, ok bool) {
	encoded, _ := private.GetKey(ctx, key)
	if len(encoded) == 0 || string(encoded) == "null" || json.Unmarshal(encoded, &value) != nil {
		return value, false
	}
	return value, true
}

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
