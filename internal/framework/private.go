package framework

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateReader is what a plan has of a resource's private state.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// Private is a resource's private state: what is nobody else's business. An engine hands it on from the old to the new
// resource when it replaces one.
type Private interface {
	PrivateReader
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// SetPrivate stores a value; nil forgets it.
func SetPrivate(ctx context.Context, private Private, key string, value any) diag.Diagnostics {
	encoded, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep private state", err.Error())}
	}
	return private.SetKey(ctx, key, encoded)
}

// GetPrivate reads a value. It is ok if there is one; what cannot be read counts as absent.
func GetPrivate[T any](ctx context.Context, private PrivateReader, key string) (value T, ok bool) {
	encoded, _ := private.GetKey(ctx, key)
	if len(encoded) == 0 || string(encoded) == "null" || json.Unmarshal(encoded, &value) != nil {
		return value, false
	}
	return value, true
}
