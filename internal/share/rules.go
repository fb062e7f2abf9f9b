package share

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// idRule is what all ids have in common: the service's own forms differ from cloud to cloud.
var idRule = stringvalidator.RegexMatches(regexp.MustCompile(`^\S+$`), "must be an id, without spaces")

// noNulls refuses elements that are null.
type noNulls struct{}

func (noNulls) Description(context.Context) string         { return "no element is null" }
func (noNulls) MarkdownDescription(context.Context) string { return "no element is null" }

func (noNulls) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, element := range req.ConfigValue.Elements() {
		if element.IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", "An element is null. Leave it out.")
		}
	}
}

// checkOwnProject refuses to share an image with its own project (IMG.0076). Without a project to compare with it passes.
func checkOwnProject(ctx context.Context, data *framework.ProviderData, projects []string, at path.Path, diagnostics *diag.Diagnostics) {
	scope, err := data.Client.Scope(ctx)
	if err != nil {
		return // the apply tells
	}
	for _, project := range projects {
		if project == scope.ProjectID {
			diagnostics.AddAttributeError(at, "Project of the image itself", "Project "+project+
				" is the one that the provider is signed in to, and an image cannot be shared with its own project. Leave it out.")
		}
	}
}

// checkShareable refuses to share an image that cannot be shared. What cannot be found out now passes.
func checkShareable(ctx context.Context, data *framework.ProviderData, imageID types.String, projects int, diagnostics *diag.Diagnostics) {
	id := imageID.ValueString()
	if imageID.IsUnknown() || data.Client.HasMade(id) && projects <= ims.MaxWholeImageShares {
		return
	}
	scope, err := data.Client.Scope(ctx)
	if err != nil {
		return
	}
	at := path.Root("image_id")
	image, err := data.Client.Image(ctx, id)
	switch {
	case ims.IsNotFound(err):
		diagnostics.AddAttributeError(at, "No such image", "There is no image "+id+" in region "+scope.Region+" that project "+scope.ProjectID+" can see.")
	case err != nil:
	case image.IsPublic():
		diagnostics.AddAttributeError(at, "Public image", fmt.Sprintf("Image %s (%q) is a public image of the cloud: every project has it already, and it cannot be shared.", id, image.Name))
	case image.Owner != scope.ProjectID:
		diagnostics.AddAttributeError(at, "Image of another project", fmt.Sprintf(
			"Image %s (%q) belongs to project %s, and the provider is signed in to project %s. Only the owner shares an image.", id, image.Name, image.Owner, scope.ProjectID))
	case bool(image.WholeImage) && projects > ims.MaxWholeImageShares:
		diagnostics.AddAttributeError(path.Root("project_ids"), "Too many projects", fmt.Sprintf(
			"Image %s (%q) is a full-ECS image, which can be shared with at most %d projects; these are %d.", id, image.Name, ims.MaxWholeImageShares, projects))
	}
}
