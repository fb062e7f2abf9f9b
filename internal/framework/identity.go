package framework

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ImageIdentity is the identity of everything that is one image in one region.
type ImageIdentity struct {
	Region  types.String `tfsdk:"region"`
	ImageID types.String `tfsdk:"image_id"`
}

// ImageIdentitySchema is the schema of [ImageIdentity].
func ImageIdentitySchema() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"region": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Region of the image. Default: the region that the provider is configured for.",
		},
		"image_id": identityschema.StringAttribute{
			RequiredForImport: true,
			Description:       "Id of the image.",
		},
	}}
}

// NewImageIdentity is the identity of an image. An image still being made has no id: then it is null. The region is never
// null, since engines refuse an identity that is null as a whole.
func NewImageIdentity(region string, id types.String) ImageIdentity {
	if id.IsUnknown() {
		id = types.StringNull()
	}
	return ImageIdentity{Region: types.StringValue(region), ImageID: id}
}
