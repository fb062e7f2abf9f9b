package framework

import (
	"fmt"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// Moved is kept of a resource that was moved from another provider's and has not been found since: a provider that is
// configured for another place must not take it for gone.
type Moved struct {
	Region string `json:"region"` // of the resource that it was; "": unknown
}

// Astray is why what cannot be found where the provider is configured need not be gone. what names it: "image 1234".
func (m Moved) Astray(home *cloud.Scope, what string) string {
	if m.Region != "" && m.Region != home.Region {
		return fmt.Sprintf("The resource that it was moved from is in region %[1]s, and the provider is configured for "+
			"region %[2]s. Move it to a resource whose provider is configured for %[1]s.", m.Region, home.Region)
	}
	return fmt.Sprintf("Project %s of region %s has no %s. Check that the provider is configured for the same project as "+
		"the one that it was moved from. If it is gone, take the resource that it was out of the state first, and its "+
		"moved block out of the configuration.", home.ProjectID, home.Region, what)
}
