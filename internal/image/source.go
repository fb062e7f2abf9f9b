package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// sourced is a model that looks, before an image is planned, at what the cloud shows of its source. Unknown values
// pass.
type sourced interface {
	checkSource(ctx context.Context, client *ims.Client, diagnostics *diag.Diagnostics)
}

// readSource reads the image that something is to be made of, while it is planned, and the provider's scope. Both are
// nil when there is nothing to check.
func readSource(
	ctx context.Context, client *ims.Client, argument, id, summary string, diagnostics *diag.Diagnostics,
) (*ims.Image, *cloud.Scope) {
	return framework.ReadSource(ctx, client, client.Image, framework.Source{
		ID: id, Argument: argument, Limit: defaultTimeouts.Read, Advice: adviceOnCodes, Summary: summary,
		Missing: fmt.Sprintf("There is no image %s in the region and project that the provider is configured for, nor one "+
			"that is shared with the project.", id),
		Unreadable: "The image could not be read.",
	}, diagnostics)
}
