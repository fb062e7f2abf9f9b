package share

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// found is one thing that a list found.
type found struct {
	name        string // for people
	model       model
	diagnostics diag.Diagnostics
}

// results turns what walk finds into a list's results, as many as were asked for.
func results(
	ctx context.Context, req list.ListRequest, client *ims.Client, noun string,
	walk func(*cloud.Scope, func(found) bool) error,
) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		left := req.Limit
		scope, err := client.Scope(ctx)
		if err == nil {
			err = walk(scope, func(each found) bool {
				result := req.NewListResult(ctx)
				result.DisplayName = each.name
				result.Diagnostics.Append(each.diagnostics...)
				result.Diagnostics.Append(result.Identity.Set(ctx, each.model.identity(scope))...)
				if req.IncludeResource {
					result.Diagnostics.Append(result.Resource.Set(ctx, each.model)...)
				}
				left--
				return push(result) && left != 0 // no limit counts down from 0
			})
		}
		if err != nil {
			push(list.ListResult{Diagnostics: diag.Diagnostics{
				diag.NewErrorDiagnostic("Unable to list "+noun, adviceOnCodes.Detail("", err, "")),
			}})
		}
	}
}

// eachShared walks over the project's images that are shared with anybody, until use says no. It asks for the members
// of each image: not every cloud marks an image that its owner shares.
func eachShared(
	ctx context.Context, client *ims.Client, filter ims.ImageFilter, use func(*ims.Image, []ims.Member) bool,
) error {
	images, err := client.Images(ctx, filter)
	if err != nil {
		return err
	}
	for i := range images {
		image := &images[i]
		if image.Owner != filter.Owner || image.IsPublic() {
			continue
		}
		members, err := client.Members(ctx, image.ID)
		switch {
		case ims.IsNotFound(err), err == nil && len(members) == 0:
		case err != nil:
			return err
		case !use(image, members):
			return nil
		}
	}
	return nil
}
