package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/search"
)

// imageList lists the project's images of one kind. It takes its name and its provider from the resource of the kind.
type imageList struct{ imageResource }

var _ list.ListResourceWithConfigure = &imageList{}

// Lists are the list resources of the kinds that kindOf knows: each image is listed as one of them.
func Lists() []func() list.ListResource {
	var lists []func() list.ListResource
	for _, each := range []*kind{systemDiskImage, dataDiskImage, isoImage, fullECSImage, imageReplica} {
		lists = append(lists, func() list.ListResource { return &imageList{imageResource{kind: each}} })
	}
	return lists
}

func (l *imageList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The project's own images of this kind, managed or not, newest first. Each image is listed " +
			"under one resource type: replicas as `ims_image_replica`, registered images as what they hold.",
		Attributes: search.ListAttributes("name", "name_regex", "tags", "not_tags", "status", "platform", "os_type", "os_version",
			"architecture", "enterprise_project_id", "cmk_id", "created", "updated"),
	}
}

func (l *imageList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config types.Object
	diagnostics := req.Config.Get(ctx, &config)
	criteria, problems := search.CriteriaOf(ctx, config)
	if diagnostics.Append(problems...); diagnostics.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diagnostics)
		return
	}
	criteria.ImageType = types.StringValue(search.TypePrivate)
	scope, err := l.Client.Scope(ctx)
	var images []ims.Image
	if err == nil {
		images, err = search.Find(ctx, l.Client, &criteria)
	}
	if err != nil {
		l.fail(&diagnostics, "list", "", err, "")
		stream.Results = list.ListResultsStreamDiagnostics(diagnostics)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		left := req.Limit
		for i := range images {
			if resourceType, _ := kindOf(&images[i]); resourceType != "ims_"+l.kind.name {
				continue
			}
			// No limit counts down from 0.
			if left--; !push(l.result(ctx, req, scope.Region, &images[i])) || left == 0 {
				return
			}
		}
	}
}

// result is one image as an import would have it.
func (l *imageList) result(ctx context.Context, req list.ListRequest, region string, image *ims.Image) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = image.Name
	result.Diagnostics.Append(result.Identity.Set(ctx, newIdentity(region, types.StringValue(image.ID)))...)
	if req.IncludeResource {
		result.Resource.Raw = blank(ctx, l.kind)
		listed := l.kind.newModel()
		if result.Diagnostics.Append(result.Resource.Get(ctx, listed)...); !result.Diagnostics.HasError() {
			l.takeOver(listed, image)
			result.Diagnostics.Append(result.Resource.Set(ctx, listed)...)
		}
	}
	return result
}
