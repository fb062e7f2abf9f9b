package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// imageShareAcceptanceList takes its name and its provider from the resource that it lists.
type imageShareAcceptanceList struct{ imageShareAcceptanceResource }

var _ list.ListResourceWithConfigure = &imageShareAcceptanceList{}

// NewImageShareAcceptanceList lists the shares that the project received.
func NewImageShareAcceptanceList() list.ListResource { return &imageShareAcceptanceList{} }

func (l *imageShareAcceptanceList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Shares that the project received.",
		Attributes: map[string]schema.Attribute{
			"status": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(memberStatuses...)},
				MarkdownDescription: "Answer of the shares to look for: " + framework.OneOf(memberStatuses) + ". Default: all.",
			},
		},
	}
}

func (l *imageShareAcceptanceList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var status types.String
	if diagnostics := req.Config.GetAttribute(ctx, path.Root("status"), &status); diagnostics.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diagnostics)
		return
	}
	statuses := memberStatuses
	if !status.IsNull() {
		statuses = []string{status.ValueString()}
	}
	walk := func(scope *cloud.Scope, push func(found) bool) error {
		for _, each := range statuses {
			if more, err := l.walk(ctx, scope.ProjectID, each, push); err != nil || !more {
				return err
			}
		}
		return nil
	}
	stream.Results = results(ctx, req, l.Client, acceptanceNoun, walk)
}

// walk walks over the shares that the project has answered so. There is no more to be found once push says no.
func (l *imageShareAcceptanceList) walk(
	ctx context.Context, project, status string, push func(found) bool,
) (more bool, err error) {
	images, err := l.Client.Images(
		ctx, ims.ImageFilter{ImageType: ims.ImageTypeShared, Visibility: "shared", MemberStatus: status},
	)
	if err != nil {
		return false, err
	}
	for i := range images {
		// One's own shared images are among them, and images answered since.
		member, err := l.Client.Member(ctx, images[i].ID, project)
		if ims.IsNotFound(err) || err == nil && member.Status != status {
			continue
		}
		if err != nil {
			return false, err
		}
		model := &acceptanceModel{ImageID: types.StringValue(images[i].ID), Timeouts: defaultTimeouts.Null(ctx)}
		model.read(sighting{members: []ims.Member{*member}}, project)
		if !push(found{name: images[i].Name, model: model}) {
			return false, nil
		}
	}
	return true, nil
}
