package share

import (
	"context"
	"strings"

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

func shareIdentitySchema() identityschema.Schema { return identitySchema(nil) }

// memberIdentity is the identity of one member of an image: it has one of the two ids.
type memberIdentity struct {
	Region    types.String `tfsdk:"region"`
	ImageID   types.String `tfsdk:"image_id"`
	ProjectID types.String `tfsdk:"project_id"`
	DomainID  types.String `tfsdk:"domain_id"`
}

// memberIdentityOf takes an id to import apart.
func memberIdentityOf(id string) memberIdentity {
	image, who, _ := strings.Cut(id, "/")
	identity := memberIdentity{ImageID: framework.StringOrNull(image)}
	if domain, isDomain := strings.CutPrefix(who, ims.MemberDomain+"/"); isDomain {
		identity.DomainID = framework.StringOrNull(domain)
	} else {
		identity.ProjectID = framework.StringOrNull(who)
	}
	return identity
}

// recipient is whom the image is shared with. It is not ok if the identity does not say exactly that.
func (i *memberIdentity) recipient() (who ims.Recipient, ok bool) {
	who = ims.Recipient{Type: ims.MemberProject, ID: i.ProjectID.ValueString()}
	if !i.DomainID.IsNull() {
		who = ims.Recipient{Type: ims.MemberDomain, ID: i.DomainID.ValueString()}
	}
	ok = i.ImageID.ValueString() != "" && who.ID != "" && i.ProjectID.IsNull() != i.DomainID.IsNull() &&
		!strings.Contains(who.ID, "/")
	return who, ok
}

func memberIdentitySchema() identityschema.Schema {
	return identitySchema(map[string]string{
		"project_id": "Id of the project that the image is shared with. Either this or domain_id is needed.",
		"domain_id":  "Id of the domain (account) that the image is shared with.",
	})
}

// acceptanceIdentity is the identity of one project's answer to a share.
type acceptanceIdentity struct {
	Region    types.String `tfsdk:"region"`
	ImageID   types.String `tfsdk:"image_id"`
	ProjectID types.String `tfsdk:"project_id"`
}

func acceptanceIdentitySchema() identityschema.Schema {
	return identitySchema(map[string]string{
		"project_id": "Id of the project that answers. Default: the project that the provider is configured for.",
	})
}

// identitySchema is an identity of an image and of what else is given with its description.
func identitySchema(optional map[string]string) identityschema.Schema {
	attributes := map[string]identityschema.Attribute{
		"image_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the image."},
	}
	for name, description := range optional {
		attributes[name] = identityschema.StringAttribute{OptionalForImport: true, Description: description}
	}
	return framework.RegionalIdentity("image", attributes)
}

// importScope is what the provider is signed in to; nil after an error, such as that an identity names another region.
func importScope(
	ctx context.Context, client *ims.Client, noun string, region types.String, diagnostics *diag.Diagnostics,
) *cloud.Scope {
	return framework.ImportScope(ctx, client, region.ValueString(), "Unable to import "+noun, diagnostics)
}
