package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
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

// listModel is what to look for.
type listModel struct {
	Name                types.String `tfsdk:"name"`
	NameRegex           types.String `tfsdk:"name_regex"`
	Tags                types.Map    `tfsdk:"tags"`
	Status              types.String `tfsdk:"status"`
	Platform            types.String `tfsdk:"platform"`
	OSType              types.String `tfsdk:"os_type"`
	OSVersion           types.String `tfsdk:"os_version"`
	Architecture        types.String `tfsdk:"architecture"`
	EnterpriseProjectID types.String `tfsdk:"enterprise_project_id"`
	CMKID               types.String `tfsdk:"cmk_id"`
	Created             types.String `tfsdk:"created"`
	Updated             types.String `tfsdk:"updated"`
}

func (m *listModel) criteria() (criteriaModel, searchModel) {
	return criteriaModel{
		ImageType: types.StringValue(imageTypePrivate), Name: m.Name, Status: m.Status, Platform: m.Platform, OSType: m.OSType, OSVersion: m.OSVersion,
		Architecture: m.Architecture, EnterpriseProjectID: m.EnterpriseProjectID, CMKID: m.CMKID,
	}, searchModel{NameRegex: m.NameRegex, Tags: m.Tags, Created: m.Created, Updated: m.Updated}
}

func (l *imageList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	searched, criteria := searchAttributes(), criteriaAttributes(false)
	attributes := map[string]listschema.Attribute{}
	for _, name := range []string{
		"name", "name_regex", "tags", "status", "platform", "os_type", "os_version", "architecture", "enterprise_project_id", "cmk_id", "created", "updated",
	} {
		attribute, ok := searched[name]
		if !ok {
			attribute = criteria[name]
		}
		attributes[name] = listAttribute(attribute)
	}
	resp.Schema = listschema.Schema{
		MarkdownDescription: "The project's own images of this kind, managed or not, newest first. " +
			"Each image is listed under one resource type: replicas as `ims_image_replica`, registered images as what they hold.",
		Attributes: attributes,
	}
}

// listAttribute is a criterion of the data sources as lists have it.
func listAttribute(attribute schema.Attribute) listschema.Attribute {
	switch a := attribute.(type) {
	case schema.MapAttribute:
		return listschema.MapAttribute{Optional: true, ElementType: a.ElementType, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription}
	case schema.StringAttribute:
		return listschema.StringAttribute{Optional: true, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription}
	default:
		return nil
	}
}

func (l *imageList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diagnostics diag.Diagnostics
	var config listModel
	if diagnostics.Append(req.Config.Get(ctx, &config)...); diagnostics.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diagnostics)
		return
	}
	scope, err := l.Client.Scope(ctx)
	var images []ims.Image
	if err == nil {
		criteria, search := config.criteria()
		images, err = find(ctx, l.Client, "", criteria, search)
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
	result.Diagnostics.Append(result.Identity.Set(ctx, framework.NewImageIdentity(region, types.StringValue(image.ID)))...)
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
