package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// imageShareList takes its name and its provider from the resource that it lists.
type imageShareList struct{ imageShareResource }

var _ list.ListResourceWithConfigure = &imageShareList{}

// NewImageShareList lists the shares of the project's images.
func NewImageShareList() list.ListResource { return &imageShareList{} }

func (l *imageShareList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Shares of the project's images: one for each image that is shared with any project.",
	}
}

func (l *imageShareList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	walk := func(scope *cloud.Scope, push func(found) bool) error {
		filter := ims.ImageFilter{Owner: scope.ProjectID}
		return eachShared(ctx, l.Client, filter, func(image *ims.Image, members []ims.Member) bool {
			if len(ofType(ims.MemberProject, recipientsOf(members))) == 0 {
				return true
			}
			var diagnostics diag.Diagnostics
			model := newShareModel(ctx, image.ID)
			model.read(ctx, members, &diagnostics)
			return push(found{image.Name, model, diagnostics})
		})
	}
	stream.Results = results(ctx, req, l.Client, shareNoun, walk)
}
