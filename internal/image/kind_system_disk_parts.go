package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// dataDiskModel is a data disk that is imported together with a system disk.
type dataDiskModel struct {
	ImageURL    types.String `tfsdk:"image_url"`
	MinDisk     types.Int64  `tfsdk:"min_disk"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	QuickImport types.Bool   `tfsdk:"quick_import"`
	Tags        types.Map    `tfsdk:"tags"`
}

var dataDiskBlock = schema.ListNestedBlock{
	Validators: []validator.List{listvalidator.SizeAtMost(ims.MaxDataDiskImages)},
	NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
		"image_url": schema.StringAttribute{
			Required: true, Validators: []validator.String{framework.ObjectRule},
			MarkdownDescription: "Image file of the data disk in OBS, as `bucket:object`.",
		},
		"min_disk": schema.Int64Attribute{
			Required: true, Validators: []validator.Int64{int64validator.Between(1, ims.MaxDataDisk)},
			MarkdownDescription: fmt.Sprintf("Smallest disk that the data disk image fits on, 1 to %d GB.", ims.MaxDataDisk),
		},
		"name": schema.StringAttribute{
			Optional: true, Validators: []validator.String{nameRule},
			MarkdownDescription: "Name of the data disk image. Default: made by the service from the name of the image.",
		},
		"description": schema.StringAttribute{
			Optional: true, Validators: []validator.String{descriptionRule},
			MarkdownDescription: "Description of the data disk image.",
		},
		"quick_import": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether to import the data disk's file as it is, within moments: for RAW and ZVHD2 files that are ready for the cloud. Default: `false`.",
		},
		"tags": schema.MapAttribute{
			Optional: true, ElementType: types.StringType, Validators: []validator.Map{tagsRule{}},
			MarkdownDescription: "Tags of the data disk image.",
		},
	}},
}

func dataDiskRequests(ctx context.Context, list types.List) []ims.DataDiskRequest {
	var disks []dataDiskModel
	// The list is of the block's own type: it cannot fail to convert once it is known.
	list.ElementsAs(ctx, &disks, false)
	requests := make([]ims.DataDiskRequest, len(disks))
	for i, disk := range disks {
		requests[i] = ims.DataDiskRequest{
			ImageURL:    disk.ImageURL.ValueString(),
			MinDisk:     disk.MinDisk.ValueInt64(),
			Name:        disk.Name.ValueString(),
			Description: disk.Description.ValueString(),
			Quick:       disk.QuickImport.ValueBool(),
			Tags:        ims.Tags(framework.Strings(disk.Tags)),
		}
	}
	return requests
}

func (m *systemDiskModel) parts() []string {
	var ids []string
	for _, element := range m.DataImages.Elements() {
		if id, ok := element.(types.String); ok {
			ids = append(ids, id.ValueString())
		}
	}
	return ids
}

func (m *systemDiskModel) setParts(ids []string) {
	elements := make([]attr.Value, len(ids))
	for i, id := range ids {
		elements[i] = types.StringValue(id)
	}
	m.DataImages = types.ListValueMust(types.StringType, elements)
}

func (m *systemDiskModel) partsSent(ctx context.Context) []ims.Created {
	var sent []ims.Created
	for _, disk := range dataDiskRequests(ctx, m.DataDisks) {
		tags := map[string]string{}
		for _, tag := range disk.Tags {
			tags[tag.Key] = tag.Value
		}
		sent = append(sent, ims.Created{
			Name: disk.Name, Description: disk.Description, Tags: tags, MinDisk: disk.MinDisk,
			Origin: ims.OriginFile + "," + disk.ImageURL, Environment: ims.EnvironmentData,
		})
	}
	return sent
}
