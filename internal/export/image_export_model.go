package export

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// keyImported is the key of private state of an export that was imported, until an update records how it was made: the
// service does not say that.
const keyImported = "imported"

// imageExportModel is the configuration, plan or state of an export.
type imageExportModel struct {
	arguments
	record
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// exportIdentity is the identity of an export.
type exportIdentity struct {
	Region    types.String `tfsdk:"region"`
	ImageID   types.String `tfsdk:"image_id"`
	BucketURL types.String `tfsdk:"bucket_url"`
}

// identityOf takes an id to import apart.
func identityOf(id string) exportIdentity {
	image, object, _ := strings.Cut(id, ",")
	return exportIdentity{ImageID: types.StringValue(image), BucketURL: types.StringValue(object)}
}

// isWhole is true of an identity that says which image is meant, and which file.
func (i *exportIdentity) isWhole() bool {
	return i.ImageID.ValueString() != "" && framework.ObjectRule.Holds(i.BucketURL.ValueString())
}

// identify sets the identity, which engines want after every call.
func (r *imageExportResource) identify(
	ctx context.Context, identity *tfsdk.ResourceIdentity, m *imageExportModel, diagnostics *diag.Diagnostics,
) {
	scope, err := r.Client.Scope(ctx)
	if err != nil {
		diagnostics.AddError("Unable to sign in for the export of an image", framework.Detail("", err, ""))
		return
	}
	diagnostics.Append(identity.Set(ctx, exportIdentity{types.StringValue(scope.Region), m.ImageID, m.BucketURL})...)
}

// replacedBy are the paths whose planned values take a new export.
func (m *imageExportModel) replacedBy(plan *imageExportModel, imported bool) path.Paths {
	var replaced path.Paths
	for _, argument := range []struct {
		name          string
		before, after attr.Value
		onlyRecorded  bool
	}{
		{"image_id", m.ImageID, plan.ImageID, false},
		{"bucket_url", m.BucketURL, plan.BucketURL, false},
		{"file_format", m.FileFormat, plan.FileFormat, imported},
		{"quick_export", falseIfNull(m.QuickExport), falseIfNull(plan.QuickExport), imported},
	} {
		if !argument.onlyRecorded && !argument.after.Equal(argument.before) {
			replaced = append(replaced, path.Root(argument.name))
		}
	}
	return replaced
}

func falseIfNull(value types.Bool) types.Bool {
	if value.IsNull() {
		return types.BoolValue(false)
	}
	return value
}

// conclude does what the table says about the outcome.
func conclude(
	ctx context.Context, doing verb, outcome framework.Outcome, err error, m *imageExportModel, state *tfsdk.State,
	diagnostics *diag.Diagnostics,
) {
	verdict := verdicts[doing][outcome]
	diagnostics.Append(verdict.Effect.Apply(ctx, state, m)...)
	verdict.Report(m.words(m.JobID.ValueString()), adviceOnCodes, err, diagnostics)
}
