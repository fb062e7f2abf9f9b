package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// memberIdentity is the identity of one project's share in an image.
type memberIdentity struct {
	Region    types.String `tfsdk:"region"`
	ImageID   types.String `tfsdk:"image_id"`
	ProjectID types.String `tfsdk:"project_id"`
}

func newMemberIdentity(region, imageID, projectID string) memberIdentity {
	return memberIdentity{
		Region: types.StringValue(region), ImageID: types.StringValue(imageID), ProjectID: types.StringValue(projectID),
	}
}

func memberIdentitySchema(project identityschema.StringAttribute) identityschema.Schema {
	schema := framework.ImageIdentitySchema()
	schema.Attributes["project_id"] = project
	return schema
}

// importScope tells what the provider is signed in to, unless an identity names another region.
func importScope(ctx context.Context, client *ims.Client, noun, region string, diagnostics *diag.Diagnostics) *cloud.Scope {
	scope, err := client.Scope(ctx)
	if err != nil {
		fail(diagnostics, "import", noun, "", err, "")
		return nil
	}
	if region != "" && region != scope.Region {
		diagnostics.AddAttributeError(path.Root("region"), "Unable to import "+noun,
			"The identity names region "+region+", and the provider is configured for region "+scope.Region+". Import with a provider that is configured for the image's region.")
		return nil
	}
	return scope
}
