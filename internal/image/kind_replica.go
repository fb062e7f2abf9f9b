package image

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// NewImageReplicaResource is the resource ims_image_replica.
func NewImageReplicaResource() resource.Resource { return &imageResource{kind: imageReplica} }

// What a replica is called; kindOf says so, too.
const (
	replicaName = "image_replica"
	replicaNoun = "image replica"
)

var imageReplica = &kind{
	name: replicaName,
	noun: replicaNoun,
	description: "Replica of an image: a private image of its own, made from a private image or from one that another project shares. It is made " +
		"in the same region or, on clouds that can, such as Huawei Cloud, in another one. The replica stays when its source is deleted.\n\n" +
		"A replica can be encrypted with another key than its source, or with one where the source has none. ISO images cannot be replicated, " +
		"full-ECS images only to another region. A replica in another region is made by a job in the region that the provider is configured " +
		"for, and then read, changed and deleted in its own region, with the same way of signing in.",
	importID: "An existing replica is imported by its id, one in another region by `<region>/<id>` or `<region>/<project name>/<id>`: as this " +
		"resource, or as the one for what it holds, such as `ims_system_disk_image`.",
	arguments: replicaArguments,
	newModel:  func() model { return &imageReplicaModel{} },
	// Some clouds do not tell an image's origin.
	accepts: func(image *ims.Image) bool {
		return image.Origin().Kind == "" && image.Environment != ims.EnvironmentISO
	},
}

var replicaArguments = withCommon(
	argument{
		name: "source_image_id", of: text{}, source: true,
		says:     "Id of the image to replicate.",
		required: []string{always}, why: ": the id of the image to replicate",
	},
	argument{
		name: "cmk_id", of: notEmpty, reported: true,
		says:    "Id of the KMS key to encrypt the replica with; it must not be the source's. Default: the replica is not encrypted.",
		without: []string{"target_region"},
	},
	argument{
		name: "target_region", of: notEmpty, reported: true, settled: true,
		says: "Region to make the replica in. Default: the region that the provider is configured for.",
	},
	argument{
		name: "target_project_name", of: notEmpty, settled: true,
		says: "Name of the project to make the replica in. Default: the project that is named like the region.",
		with: []string{"target_region"},
	},
	argument{
		name: "agency_name", of: text{}, inputOnly: true, change: records,
		says: "Name of the agency by which the image service may act in the target region. It counts when a replica is made.",
		with: []string{"target_region"}, required: []string{"target_region"},
	},
	argument{
		name: "vault_id", of: notEmpty,
		says: "Id of the vault in the target region for the backup of a full-ECS image, which needs one.",
		with: []string{"target_region"},
	},
	argument{
		name: "delete_backup", of: truth{modifiers: []planmodifier.Bool{ownBackup{"vault_id"}}}, change: records, settled: true,
		says: "Whether the backup that the replica of a full-ECS image is based on is deleted with it. A backup that is left stays billed. " +
			"Default, chosen when the replica is made: `true` with `vault_id`; `false` after an import. " +
			"A change takes effect once it is applied: apply it before the destroy.",
	},
)

var notEmpty = text{rules: []validator.String{stringvalidator.LengthAtLeast(1)}}

// imageReplicaModel is a replica's configuration, plan or state.
type imageReplicaModel struct {
	imageModel
	SourceImageID     types.String `tfsdk:"source_image_id"`
	TargetRegion      types.String `tfsdk:"target_region"`
	TargetProjectName types.String `tfsdk:"target_project_name"`
	AgencyName        types.String `tfsdk:"agency_name"`
	VaultID           types.String `tfsdk:"vault_id"`
	DeleteBackup      types.Bool   `tfsdk:"delete_backup"`

	home string // the provider's region, where the source is
}

func (m *imageReplicaModel) place(home string) (region, project string) {
	m.home = home
	return m.TargetRegion.ValueString(), m.TargetProjectName.ValueString()
}

func (m *imageReplicaModel) setPlace(region, project string) {
	m.TargetRegion, m.TargetProjectName = types.StringValue(region), framework.StringOrNull(project)
}

func (m *imageReplicaModel) origin() (origin string, minDisk int64) {
	return ims.OriginImage + "," + m.home + "," + m.SourceImageID.ValueString(), 0
}

func (m *imageReplicaModel) deleteBackup() types.Bool {
	if m.BackupID.ValueString() == "" {
		return types.BoolNull()
	}
	return m.DeleteBackup
}

// unsent: a request for another region says nothing of the enterprise project, which is changed once the image is there.
func (m *imageReplicaModel) unsent(created *ims.Created) {
	created.Tags = nil
	if m.TargetRegion.ValueString() != "" {
		created.EnterpriseProjectID = ""
	}
}

func (m *imageReplicaModel) readArguments(image *ims.Image) {
	m.imageModel.readArguments(image)
	fillSource(image.Origin(), map[string]*types.String{ims.OriginImage: &m.SourceImageID})
	for _, argument := range []*types.String{&m.TargetRegion, &m.TargetProjectName, &m.VaultID} {
		framework.SetIfUnset(argument, types.StringNull())
	}
	if m.DeleteBackup.IsNull() {
		m.DeleteBackup = types.BoolValue(false)
	}
}

// checkSource refuses what the service would.
func (m *imageReplicaModel) checkSource(ctx context.Context, client *ims.Client, diagnostics *diag.Diagnostics) {
	if m.SourceImageID.IsUnknown() || m.SourceImageID.IsNull() {
		return
	}
	const summary = "Unable to replicate image"
	image, scope := readSource(ctx, client, "source_image_id", m.SourceImageID.ValueString(), summary, diagnostics)
	if image == nil {
		return
	}
	refuse := func(argument, format string) {
		diagnostics.AddAttributeError(path.Root(argument), summary, fmt.Sprintf(format, fmt.Sprintf("%s (%q)", image.ID, image.Name)))
	}
	shared := image.Owner != scope.ProjectID
	switch {
	case m.TargetRegion.ValueString() == scope.Region:
		refuse("target_region", "Image %s is in that region, the one that the provider is configured for. Leave target_region out to replicate it there.")
	case image.IsPublic():
		refuse("source_image_id", "Image %s is a public image of the cloud, which cannot be replicated.")
	case image.Environment == ims.EnvironmentISO:
		refuse("source_image_id", "Image %s is an ISO image. ISO images cannot be replicated.")
	case bool(image.WholeImage) && m.TargetRegion.IsNull():
		refuse("source_image_id", "Image %s is a full-ECS image, which can be replicated only to another region: with target_region and vault_id.")
	case bool(image.WholeImage) && m.VaultID.IsNull():
		refuse("vault_id", "Image %s is a full-ECS image. vault_id must name the vault in the target region that takes its backup.")
	case shared && image.KeyID != "":
		refuse("source_image_id", "Image %s is encrypted and belongs to another project. Only its own project can replicate it.")
	case image.KeyID != "" && m.CMKID.ValueString() == image.KeyID:
		refuse("cmk_id", "Image %s is encrypted with that key. The replica's key must be another one.")
	}
}

func (m *imageReplicaModel) create(ctx context.Context, client *ims.Client) (ims.StartedJob, error) {
	region := m.TargetRegion.ValueString()
	if m.DeleteBackup.IsUnknown() {
		m.DeleteBackup = types.BoolValue(m.VaultID.ValueString() != "")
	}
	if region != "" {
		return client.CopyImageAcrossRegions(ctx, m.SourceImageID.ValueString(), &ims.CrossRegionCopyRequest{
			Name: m.Name.ValueString(), Description: m.Description.ValueString(), Region: region,
			ProjectName: cmp.Or(m.TargetProjectName.ValueString(), region), AgencyName: m.AgencyName.ValueString(), VaultID: m.VaultID.ValueString(),
		})
	}
	return client.CopyImage(ctx, m.SourceImageID.ValueString(), &ims.CopyRequest{
		Name: m.Name.ValueString(), Description: m.Description.ValueString(), KeyID: m.CMKID.ValueString(), EnterpriseProjectID: m.EnterpriseProjectID.ValueString(),
	})
}
