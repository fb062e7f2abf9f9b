package image

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// imageIdentity is the identity of an image: where it is, and which it is.
type imageIdentity struct {
	Region  types.String `tfsdk:"region"`
	ImageID types.String `tfsdk:"image_id"`
}

// newIdentity is the identity of an image. One that is still being made has no id yet: then it is null.
func newIdentity(region string, id types.String) imageIdentity {
	if id.IsUnknown() {
		id = types.StringNull()
	}
	return imageIdentity{Region: types.StringValue(region), ImageID: id}
}

func identitySchema() identityschema.Schema {
	return framework.RegionalIdentity("image", map[string]identityschema.Attribute{
		"image_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the image."},
	})
}
