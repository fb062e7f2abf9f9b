package framework

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// RegionalIdentity is the schema of the identity of a thing in one region: `region`, and the attributes that say which
// thing it is. thing is its name in a sentence: "image". An identity always has its region, also while all else in it
// is still null: engines refuse an identity that is null as a whole.
func RegionalIdentity(thing string, attributes map[string]identityschema.Attribute) identityschema.Schema {
	all := map[string]identityschema.Attribute{
		"region": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Region of the " + thing + ". Default: the region that the provider is configured for.",
		},
	}
	maps.Copy(all, attributes)
	return identityschema.Schema{Attributes: all}
}

// ImportScope is the project and region that something is imported from: the provider's own. It is nil after an error:
// the provider cannot sign in, or the identity to import names another region. region may be empty.
func ImportScope(
	ctx context.Context, client *ims.Client, region, summary string, diagnostics *diag.Diagnostics,
) *cloud.Scope {
	scope, err := client.Scope(ctx)
	if err != nil {
		diagnostics.AddError(summary, Detail("", err, ""))
		return nil
	}
	if region != "" && region != scope.Region {
		diagnostics.AddAttributeError(path.Root("region"), summary, fmt.Sprintf(
			"The identity names region %[1]s, and the provider is configured for region %[2]s. "+
				"Import with a provider that is configured for region %[1]s.", region, scope.Region))
		return nil
	}
	return scope
}
