package image

import (
	"context"
	"fmt"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// placed is a model whose image need not be where the provider is.
type placed interface {
	// place is the region and the project of the image, both empty for the provider's own. home is the provider's region.
	place(home string) (region, project string)
	// setPlace is for an image that is taken over from elsewhere.
	setPlace(region, project string)
}

// imagesOf is the client of the place where a model's image is, and that place. Jobs are the provider's own client's.
func (r *imageResource) imagesOf(ctx context.Context, m model) (*ims.Client, *cloud.Scope, error) {
	scope, err := r.Client.Scope(ctx)
	if err != nil {
		return nil, nil, err
	}
	elsewhere, ok := m.(placed)
	if !ok {
		return r.Client, scope, nil
	}
	region, project := elsewhere.place(scope.Region)
	if region == "" {
		return r.Client, scope, nil
	}
	client, err := r.Client.In(region, project)
	if err != nil {
		return nil, nil, err
	}
	scope, err = client.Scope(ctx)
	if err != nil {
		return nil, nil, &farError{region, err}
	}
	return client, scope, nil
}

// farError says that another region could not be signed in to.
type farError struct {
	region string
	err    error
}

func (e *farError) Error() string { return "region " + e.region + ": " + e.err.Error() }
func (e *farError) Unwrap() error { return e.err }

// failFar tells why an image cannot be made elsewhere. A cloud without that operation is no reason to sign in there, and often refuses it.
func (o *operation) failFar(far *farError) {
	o.fail(o.diagnostics, "create", fmt.Sprintf("Nothing was made: region %s, where the image is to be, could not be signed in to.", far.region), far.err,
		"Check target_region and target_project_name, and that the user, or the agency of assume_role, may act there. "+
			"Many clouds, Open Telekom Cloud among them, do not offer cross-region replication.")
}

// enter readies an operation for the place where the image is. A provider that is signed in to another project than the image's
// would take it for gone.
func (o *operation) enter(ctx context.Context, m model) error {
	images, scope, err := o.imagesOf(ctx, m)
	if err != nil {
		return err
	}
	if owner := m.common().Owner.ValueString(); owner != "" && owner != scope.ProjectID {
		return fmt.Errorf("the image belongs to project %s, and the provider is signed in to project %s of region %s. "+
			"Configure the provider for the image's project and region; or, to manage the image no longer, take the resource out of the state with `terraform state rm` (or `tofu state rm`)",
			owner, scope.ProjectID, scope.Region)
	}
	o.images, o.region, o.project = images, scope.Region, scope.ProjectID
	return nil
}
