package share

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
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

// idSetRules are those of a set of ids.
var idSetRules = []validator.Set{framework.NoNulls{}, notTooMany{}, setvalidator.ValueStringsAre(idRule)}

// notTooMany refuses more elements than any cloud takes.
type notTooMany struct{}

func (notTooMany) Description(context.Context) string { return limits }

func (n notTooMany) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (notTooMany) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if found := len(req.ConfigValue.Elements()); found > ims.MaxMembers {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf(
			"%s may have at most %d elements; these are %d. %s", req.Path, ims.MaxMembers, found, limits))
	}
}

// checkOwnProject refuses to share an image with its own project (IMG.0076). Without a project to compare with it
// passes.
func checkOwnProject(
	ctx context.Context, client *ims.Client, wanted []ims.Recipient, at path.Path, diagnostics *diag.Diagnostics,
) {
	scope, err := client.Scope(ctx)
	if err != nil {
		return // the apply says why
	}
	for _, recipient := range ofType(ims.MemberProject, wanted) {
		if recipient.ID == scope.ProjectID {
			diagnostics.AddAttributeError(at, "Project of the image itself", "Project "+recipient.ID+
				" is the one that the provider is signed in to, and an image cannot be shared with its own project. Leave it out.")
		}
	}
}

// checkShareable refuses to share an image that cannot be shared. What cannot be found out now passes.
func checkShareable(
	ctx context.Context, client *ims.Client, imageID types.String, recipients int, diagnostics *diag.Diagnostics,
) {
	id := imageID.ValueString()
	if imageID.IsUnknown() || client.HasMade(id) && recipients <= ims.MaxWholeImageShares {
		return
	}
	scope, err := client.Scope(ctx)
	if err != nil {
		return
	}
	at := path.Root("image_id")
	image, err := client.Image(ctx, id)
	switch {
	case ims.IsNotFound(err):
		diagnostics.AddAttributeError(at, "No such image", fmt.Sprintf(
			"There is no image %s in region %s that project %s can see.", id, scope.Region, scope.ProjectID))
	case err != nil:
	case image.IsPublic():
		diagnostics.AddAttributeError(at, "Public image", fmt.Sprintf(
			"Image %s (%q) is a public image of the cloud: every project has it already, and it cannot be shared.",
			id, image.Name))
	case image.Owner != scope.ProjectID:
		diagnostics.AddAttributeError(at, "Image of another project", fmt.Sprintf(
			"Image %s (%q) belongs to project %s, and the provider is signed in to project %s. Only the owner shares an image.",
			id, image.Name, image.Owner, scope.ProjectID))
	case bool(image.WholeImage) && recipients > ims.MaxWholeImageShares:
		diagnostics.AddAttributeError(path.Root("project_ids"), "Too many projects", fmt.Sprintf(
			"Image %s (%q) is a full-ECS image, which can be shared with at most %d projects; these are %d.",
			id, image.Name, ims.MaxWholeImageShares, recipients))
	}
}

// checkAnswer finds at plan what the service would refuse, as far as the image can be seen by now. status is the answer
// given so far; "" is none.
func checkAnswer(
	ctx context.Context, client *ims.Client, plan *acceptanceModel, status string, diagnostics *diag.Diagnostics,
) {
	if plan.ImageID.IsUnknown() {
		return
	}
	scope, err := client.Scope(ctx)
	if err != nil {
		return
	}
	id := plan.ImageID.ValueString()
	image, err := receivedImage(ctx, client, id, status)
	switch {
	case err != nil: // it need not be shared yet
	case image.Owner == scope.ProjectID:
		diagnostics.AddAttributeError(path.Root("image_id"), "Image of one's own", ownImage(id, scope.ProjectID))
	case image.IsPublic():
		diagnostics.AddAttributeError(path.Root("image_id"), "Public image", fmt.Sprintf(
			"Image %s (%q) is a public image of the cloud: there is no share to answer.", id, image.Name))
	case bool(image.WholeImage) && plan.VaultID.IsNull() && plan.Status.ValueString() == ims.MemberAccepted:
		diagnostics.AddAttributeError(path.Root("vault_id"), "Missing vault", fmt.Sprintf(
			"Image %s (%q) is a full-ECS image: accepting it needs vault_id, the CBR vault that its backup is put into.",
			id, image.Name))
	}
}
