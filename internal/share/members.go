package share

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

var memberStatuses = []string{ims.MemberPending, ims.MemberAccepted, ims.MemberRejected}

// memberModel is a member of an image.
type memberModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	Status    types.String `tfsdk:"status"`
	CreatedAt types.String `tfsdk:"created_at"`
	UpdatedAt types.String `tfsdk:"updated_at"`
}

var memberType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"project_id": types.StringType, "status": types.StringType, "created_at": types.StringType, "updated_at": types.StringType,
}}

// What the attributes of a member are, in words.
var (
	describeStatus    = "The project's answer: " + framework.OneOf(memberStatuses) + "."
	describeCreatedAt = "When the image was shared with the project, in RFC 3339, UTC."
	describeUpdatedAt = "When the project last answered, or the image was shared with it, in RFC 3339, UTC."
)

func memberOf(member *ims.Member) memberModel {
	return memberModel{
		ProjectID: types.StringValue(member.ProjectID), Status: framework.StringOrNull(member.Status),
		CreatedAt: framework.StringOrNull(member.CreatedAt.String()), UpdatedAt: framework.StringOrNull(member.UpdatedAt.String()),
	}
}

func membersOf(members []ims.Member) []memberModel {
	models := make([]memberModel, 0, len(members))
	for i := range members {
		models = append(models, memberOf(&members[i]))
	}
	return models
}

// memberList is the members as a value of the state.
func memberList(ctx context.Context, members []ims.Member, diagnostics *diag.Diagnostics) types.List {
	list, problems := types.ListValueFrom(ctx, memberType, membersOf(members))
	diagnostics.Append(problems...)
	return list
}

// projectSet is projects as a value of the state.
func projectSet(projects []string) types.Set {
	elements := make([]attr.Value, 0, len(projects))
	for _, project := range projects {
		elements = append(elements, types.StringValue(project))
	}
	return types.SetValueMust(types.StringType, elements)
}

// projectsIn are the projects of a set that are known.
func projectsIn(set types.Set) []string {
	projects := make([]string, 0, len(set.Elements()))
	for _, element := range set.Elements() {
		if project, ok := element.(types.String); ok && !project.IsUnknown() && !project.IsNull() {
			projects = append(projects, project.ValueString())
		}
	}
	return projects
}
