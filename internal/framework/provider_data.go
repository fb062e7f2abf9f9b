package framework

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// ProviderData is what the provider's Configure hands to resources and data sources.
type ProviderData struct {
	Client *ims.Client
	Tags   TagPolicy
	// EnterpriseProjectID is where new things go that do not name one; "" is the service's default.
	EnterpriseProjectID string
}

// Configured takes the value a Configure method is given. It is nil while Terraform validates, before the provider is
// configured; then the result is nil, too.
func Configured(providerData any, diagnostics *diag.Diagnostics) *ProviderData {
	if providerData == nil {
		return nil
	}
	data, ok := providerData.(*ProviderData)
	if !ok {
		diagnostics.AddError("Unable to configure", fmt.Sprintf(
			"The provider handed over a %T. This is a bug of the provider: please report it.", providerData))
	}
	return data
}
