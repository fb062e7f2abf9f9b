package image

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

func (r *imageResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	imported := r.kind.newModel()
	resp.State.Raw = blank(ctx, r.kind)
	if resp.Diagnostics.Append(resp.State.Get(ctx, imported)...); resp.Diagnostics.HasError() {
		return
	}
	id := r.locate(ctx, imported, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	images, scope, err := r.clientOf(ctx, imported)
	if err != nil {
		r.fail(&resp.Diagnostics, "import", "", err, "")
		return
	}
	image, err := images.Image(ctx, id)
	if ims.IsNotFound(err) {
		resp.Diagnostics.AddError("Unable to import "+r.kind.noun, "There is no image "+id+" in region "+scope.Region+" that project "+scope.ProjectID+" can see.")
		return
	}
	if err != nil {
		r.fail(&resp.Diagnostics, "import", "", err, "")
		return
	}
	if reason := r.kind.refuse(image, scope.ProjectID); reason != "" {
		resp.Diagnostics.AddError("Unable to import "+r.kind.noun, reason)
		return
	}
	r.takeOver(imported, image)
	resp.Diagnostics.Append(resp.State.Set(ctx, imported)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, framework.NewImageIdentity(scope.Region, types.StringValue(image.ID)))...)
	taken := record{Imported: true}
	if isUnderWay(image.Status) {
		taken.Making = &making{ImageID: image.ID}
	}
	resp.Diagnostics.Append(taken.save(ctx, resp.Private)...)
}

// takeOver fills a blank state in with an image that was made elsewhere.
func (r *imageResource) takeOver(blank model, image *ims.Image) {
	blank.common().DeletionPolicy = types.StringValue(policyDelete)
	blank.common().read(image, r.Tags)
	blank.readArguments(image)
}

// locate takes the image's id from what is to be imported, and notes in the model where it is, if that is not where the provider is.
// Only for kinds that can be elsewhere an id may begin with a region, or a region and a project: "region/project/id".
func (r *imageResource) locate(ctx context.Context, imported model, req resource.ImportStateRequest, resp *resource.ImportStateResponse) string {
	id, region, project := req.ID, "", ""
	elsewhere, canBeElsewhere := imported.(placed)
	switch {
	case id == "" && req.Identity != nil:
		var identity framework.ImageIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id, region = identity.ImageID.ValueString(), identity.Region.ValueString()
	case canBeElsewhere:
		parts := strings.Split(id, "/")
		id = parts[len(parts)-1]
		if len(parts) > 1 {
			region = parts[0]
		}
		if len(parts) > 2 {
			project = parts[1]
		}
	}
	if region == "" {
		return id
	}
	scope, err := r.Client.Scope(ctx)
	switch {
	case err != nil:
		r.fail(&resp.Diagnostics, "import", "", err, "")
	case region == scope.Region && project == "":
	case canBeElsewhere:
		elsewhere.setPlace(region, project)
	default:
		resp.Diagnostics.AddAttributeError(path.Root("region"), "Unable to import "+r.kind.noun,
			"The identity names region "+region+", and the provider is configured for region "+scope.Region+". Import with a provider that is configured for the image's region.")
	}
	return id
}
