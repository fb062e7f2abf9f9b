package image

import (
	"context"
	"errors"
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

// clientOf is the client of the place where a model's image is, and that place.
func (r *imageResource) clientOf(ctx context.Context, m model) (*ims.Client, *cloud.Scope, error) {
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

// explainPlace says why an image cannot be made elsewhere, if that is why. A cloud that does not offer it is no reason to sign
// in there, and often refuses it.
func explainPlace(err error) (sentence, advice string) {
	var far *farError
	if !errors.As(err, &far) {
		return "", ""
	}
	return fmt.Sprintf("Nothing was made: region %s, where the image is to be, could not be signed in to.", far.region),
		"Check target_region and target_project_name, and that the user, or the agency of assume_role, may act there. " +
			"Many clouds, Open Telekom Cloud among them, do not offer cross-region replication."
}

// adviceOnRefusal is what to do about a refused request where the cloud lacks the operation.
func (o *operation) adviceOnRefusal(err error) string {
	elsewhere, ok := o.model.(placed)
	if !ok || !ims.IsNotOffered(err) {
		return ""
	}
	if region, _ := elsewhere.place(""); region == "" {
		return ""
	}
	return "This cloud does not offer cross-region replication. Leave target_region out to replicate the image in its own region."
}
