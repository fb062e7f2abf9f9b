package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var (
	memberStatuses = []string{ims.MemberPending, ims.MemberAccepted, ims.MemberRejected}
	memberTypes    = []string{ims.MemberProject, ims.MemberDomain, ims.MemberOrganization}
)

// memberModel is a member of an image.
type memberModel struct {
	MemberID  types.String `tfsdk:"member_id"`
	Type      types.String `tfsdk:"member_type"`
	ProjectID types.String `tfsdk:"project_id"`
	Status    types.String `tfsdk:"status"`
	CreatedAt types.String `tfsdk:"created_at"`
	UpdatedAt types.String `tfsdk:"updated_at"`
}

// What the attributes of a member are, in words.
var (
	describeStatus    = "Answer to the share: " + framework.OneOf(memberStatuses) + "."
	describeCreatedAt = "When the image was shared, in RFC 3339, UTC."
	describeUpdatedAt = "When the share was last answered, or made, in RFC 3339, UTC."

	describeMember = map[string]string{
		"member_id": "Id of the project, or of what else the image is shared with.",
		"member_type": "What the image is shared with: " + framework.OneOf(memberTypes) + ". Clouds other than Huawei " +
			"Cloud have projects alone.",
		"project_id": "Id of the project. Null if it is none.",
		"status":     describeStatus,
		"created_at": describeCreatedAt,
		"updated_at": describeUpdatedAt,
	}
)

var memberObject = types.ObjectType{AttrTypes: func() map[string]attr.Type {
	attributes := map[string]attr.Type{}
	for name := range describeMember {
		attributes[name] = types.StringType
	}
	return attributes
}()}

// memberAttributes are the attributes of a member in a resource.
func memberAttributes() schema.NestedAttributeObject {
	attributes := map[string]schema.Attribute{}
	for name, description := range describeMember {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return schema.NestedAttributeObject{Attributes: attributes}
}

// foundMemberAttributes are the attributes of a member in a data source.
func foundMemberAttributes() dataschema.NestedAttributeObject {
	attributes := map[string]dataschema.Attribute{}
	for name, description := range describeMember {
		attributes[name] = dataschema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return dataschema.NestedAttributeObject{Attributes: attributes}
}

func memberOf(member *ims.Member) memberModel {
	model := memberModel{
		MemberID: types.StringValue(member.ID), Type: types.StringValue(member.Type),
		Status:    framework.StringOrNull(member.Status),
		CreatedAt: framework.StringOrNull(member.CreatedAt.String()),
		UpdatedAt: framework.StringOrNull(member.UpdatedAt.String()),
	}
	if member.Type == ims.MemberProject {
		model.ProjectID = model.MemberID
	}
	return model
}

func membersOf(members []ims.Member) []memberModel {
	models := make([]memberModel, 0, len(members))
	for i := range members {
		models = append(models, memberOf(&members[i]))
	}
	return models
}

// memberList is the members as a value of the state; null if they were not read.
func memberList(ctx context.Context, members []ims.Member, diagnostics *diag.Diagnostics) types.List {
	if members == nil {
		return types.ListNull(memberObject)
	}
	list, problems := types.ListValueFrom(ctx, memberObject, membersOf(members))
	diagnostics.Append(problems...)
	return list
}
