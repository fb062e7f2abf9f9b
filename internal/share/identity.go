package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// shareIdentity is the identity of all that is shared of one image.
type shareIdentity struct {
	Region  types.String `tfsdk:"region"`
	ImageID types.String `tfsdk:"image_id"`
}

func newShareIdentity(region string, imageID types.String) shareIdentity {
	return shareIdentity{Region: types.StringValue(region), ImageID: imageID}
}

func shareIdentitySchema() identityschema.Schema {
	return framework.RegionalIdentity("image", map[string]identityschema.Attribute{
		"image_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the image."},
	})
}

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
	schema := shareIdentitySchema()
	schema.Attributes["project_id"] = project
	return schema
}

// importScope is what the provider is signed in to; nil after an error, such as that an identity names another region.
func importScope(
	ctx context.Context, client *ims.Client, noun, region string, diagnostics *diag.Diagnostics,
) *cloud.Scope {
	return framework.ImportScope(ctx, client, region, "Unable to import "+noun, diagnostics)
}
