package image

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// sourced is a model that looks, before an image is planned, at what the cloud tells of its source. Unknown values pass.
type sourced interface {
	checkSource(ctx context.Context, client *ims.Client, diagnostics *diag.Diagnostics)
}

// readSource reads the image that something is to be made of, while it is planned, and tells where the provider is. The result
// is nil when there is nothing to look at: then either an error is told, or the provider cannot sign in yet and the apply will see.
func readSource(ctx context.Context, client *ims.Client, argument, id, summary string, diagnostics *diag.Diagnostics) (*ims.Image, *cloud.Scope) {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeouts.Read)
	defer cancel()
	image, err := client.Image(ctx, id)
	if err == nil {
		var scope *cloud.Scope
		if scope, err = client.Scope(ctx); err == nil {
			return image, scope
		}
	}
	var signIn *cloud.SignInError
	switch {
	case errors.As(err, &signIn):
	case ims.IsNotFound(err):
		diagnostics.AddAttributeError(path.Root(argument), summary,
			fmt.Sprintf("There is no image %s in the region and project that the provider is configured for, nor one that is shared with the project.", id))
	default:
		diagnostics.AddAttributeError(path.Root(argument), summary, framework.Detail("The image could not be looked at.", err, ""))
	}
	return nil, nil
}
