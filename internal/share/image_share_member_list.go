package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// imageShareMemberList takes its name and its provider from the resource that it lists.
type imageShareMemberList struct{ imageShareMemberResource }

var _ list.ListResourceWithConfigure = &imageShareMemberList{}

// NewImageShareMemberList lists those with whom the project's images are shared.
func NewImageShareMemberList() list.ListResource { return &imageShareMemberList{} }

func (l *imageShareMemberList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Projects that the project's images are shared with, and domains on Huawei Cloud.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{idRule},
				MarkdownDescription: "Id of the image. Default: all images of the project.",
			},
		},
	}
}

func (l *imageShareMemberList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var imageID types.String
	if diagnostics := req.Config.GetAttribute(ctx, path.Root("image_id"), &imageID); diagnostics.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diagnostics)
		return
	}
	walk := func(scope *cloud.Scope, push func(found) bool) error {
		filter := ims.ImageFilter{Owner: scope.ProjectID, ID: imageID.ValueString()}
		return eachShared(ctx, l.Client, filter, func(image *ims.Image, members []ims.Member) bool {
			for _, who := range recipientsOf(members) {
				if who.Type == ims.MemberOrganization {
					continue
				}
				model := newShareMemberModel(ctx, image.ID, who)
				model.read(members)
				if !push(found{name: image.Name + " with " + who.ID, model: model}) {
					return false
				}
			}
			return true
		})
	}
	stream.Results = results(ctx, req, l.Client, memberNoun, walk)
}
