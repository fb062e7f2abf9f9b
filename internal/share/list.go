package share

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// A list resource takes its name and its provider from the resource that it lists.
var (
	_ list.ListResourceWithConfigure = &imageShareList{}
	_ list.ListResourceWithConfigure = &imageShareMemberList{}
	_ list.ListResourceWithConfigure = &imageShareAcceptanceList{}
)

type (
	imageShareList           struct{ imageShareResource }
	imageShareMemberList     struct{ imageShareMemberResource }
	imageShareAcceptanceList struct{ imageShareAcceptanceResource }
)

// NewImageShareList lists the shares of the project's images.
func NewImageShareList() list.ListResource { return &imageShareList{} }

// NewImageShareMemberList lists the projects that the project's images are shared with.
func NewImageShareMemberList() list.ListResource { return &imageShareMemberList{} }

// NewImageShareAcceptanceList lists the shares that the project received.
func NewImageShareAcceptanceList() list.ListResource { return &imageShareAcceptanceList{} }

func (l *imageShareList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: "Shares of the project's images: one for each image that is shared with any project."}
}

func (l *imageShareMemberList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Projects that the project's images are shared with.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{Optional: true, Validators: []validator.String{idRule}, MarkdownDescription: "Id of the image. Default: all images of the project."},
		},
	}
}

func (l *imageShareAcceptanceList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
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

func (l *imageShareList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = results(ctx, req, l.Client, shareNoun, func(scope *cloud.Scope, push func(found) bool) error {
		return eachShared(ctx, l.Client, ims.ImageFilter{Owner: scope.ProjectID}, func(image *ims.Image, members []ims.Member) bool {
			var diagnostics diag.Diagnostics
			model := &shareModel{
				ImageID: types.StringValue(image.ID), ProjectIDs: projectSet(projectsOf(members)),
				Members: memberList(ctx, members, &diagnostics), Timeouts: defaultTimeouts.Null(ctx),
			}
			return push(found{image.Name, newShareIdentity(scope.Region, model.ImageID), model, diagnostics})
		})
	})
}

func (l *imageShareMemberList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var imageID types.String
	if diagnostics := req.Config.GetAttribute(ctx, path.Root("image_id"), &imageID); diagnostics.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diagnostics)
		return
	}
	stream.Results = results(ctx, req, l.Client, memberNoun, func(scope *cloud.Scope, push func(found) bool) error {
		filter := ims.ImageFilter{Owner: scope.ProjectID, ID: imageID.ValueString()}
		return eachShared(ctx, l.Client, filter, func(image *ims.Image, members []ims.Member) bool {
			for i := range members {
				model := &shareMemberModel{ImageID: types.StringValue(image.ID), memberModel: memberOf(&members[i]), Timeouts: defaultTimeouts.Null(ctx)}
				identity := newMemberIdentity(scope.Region, image.ID, members[i].ProjectID)
				if !push(found{image.Name + " with " + members[i].ProjectID, identity, model, nil}) {
					return false
				}
			}
			return true
		})
	})
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
	stream.Results = results(ctx, req, l.Client, acceptanceNoun, func(scope *cloud.Scope, push func(found) bool) error {
		for _, each := range statuses {
			images, err := l.Client.Images(ctx, ims.ImageFilter{ImageType: ims.ImageTypeShared, Visibility: "shared", MemberStatus: each})
			if err != nil {
				return err
			}
			for i := range images {
				// One's own shared images are among them, and images answered since.
				member, err := l.Client.Member(ctx, images[i].ID, scope.ProjectID)
				if ims.IsNotFound(err) || err == nil && member.Status != each {
					continue
				}
				if err != nil {
					return err
				}
				model := &acceptanceModel{ImageID: types.StringValue(images[i].ID), Timeouts: defaultTimeouts.Null(ctx)}
				model.read(member)
				if !push(found{images[i].Name, newMemberIdentity(scope.Region, images[i].ID, scope.ProjectID), model, nil}) {
					return nil
				}
			}
		}
		return nil
	})
}

// found is one thing that a list found.
type found struct {
	name            string // for people
	identity, model any
	diagnostics     diag.Diagnostics
}

// results turns what walk finds into a list's results, as many as were asked for.
func results(ctx context.Context, req list.ListRequest, client *ims.Client, noun string, walk func(*cloud.Scope, func(found) bool) error) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		left := req.Limit
		scope, err := client.Scope(ctx)
		if err == nil {
			err = walk(scope, func(each found) bool {
				result := req.NewListResult(ctx)
				result.DisplayName = each.name
				result.Diagnostics.Append(each.diagnostics...)
				result.Diagnostics.Append(result.Identity.Set(ctx, each.identity)...)
				if req.IncludeResource {
					result.Diagnostics.Append(result.Resource.Set(ctx, each.model)...)
				}
				left--
				return push(result) && left != 0 // no limit counts down from 0
			})
		}
		if err != nil {
			var diagnostics diag.Diagnostics
			fail(&diagnostics, "list", noun, "", err, "")
			push(list.ListResult{Diagnostics: diagnostics})
		}
	}
}

// eachShared walks over the project's images that are shared with anybody, until use says no. It asks for the members of each
// image: not every cloud marks an image that its owner shares.
func eachShared(ctx context.Context, client *ims.Client, filter ims.ImageFilter, use func(*ims.Image, []ims.Member) bool) error {
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
