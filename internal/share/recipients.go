package share

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// recipientsOf are the members as recipients, in the list's order.
func recipientsOf(members []ims.Member) []ims.Recipient {
	recipients := make([]ims.Recipient, 0, len(members))
	for i := range members {
		recipients = append(recipients, members[i].Recipient())
	}
	return recipients
}

// ofType are those among the recipients that are of one type.
func ofType(memberType string, recipients []ims.Recipient) []ims.Recipient {
	return slices.DeleteFunc(slices.Clone(recipients), func(r ims.Recipient) bool { return r.Type != memberType })
}

// without are the elements of one list that another has not.
func without(list, other []ims.Recipient) []ims.Recipient {
	return slices.DeleteFunc(slices.Clone(list), func(r ims.Recipient) bool { return slices.Contains(other, r) })
}

// both are the elements that two lists share.
func both(list, other []ims.Recipient) []ims.Recipient {
	return slices.DeleteFunc(slices.Clone(list), func(r ims.Recipient) bool { return !slices.Contains(other, r) })
}

// hasDomains is true if there is anybody among the recipients who is no project.
func hasDomains(recipients []ims.Recipient) bool {
	return len(ofType(ims.MemberProject, recipients)) < len(recipients)
}

// named puts recipients into a sentence: "project a", "projects a, b and domain c".
func named(recipients []ims.Recipient) string {
	var parts []string
	for _, memberType := range []string{ims.MemberProject, ims.MemberDomain, ims.MemberOrganization} {
		var ids []string
		for _, recipient := range ofType(memberType, recipients) {
			ids = append(ids, recipient.ID)
		}
		switch len(ids) {
		case 0:
		case 1:
			parts = append(parts, memberType+" "+ids[0])
		default:
			parts = append(parts, memberType+"s "+strings.Join(ids, ", "))
		}
	}
	return strings.Join(parts, " and ")
}

// idSet is the ids of the recipients of one type as a value of the state.
func idSet(memberType string, recipients []ims.Recipient) types.Set {
	elements := []attr.Value{}
	for _, recipient := range ofType(memberType, recipients) {
		elements = append(elements, types.StringValue(recipient.ID))
	}
	return types.SetValueMust(types.StringType, elements)
}

// recipientsIn are the recipients of a set of ids of one type that are known.
func recipientsIn(memberType string, ids types.Set) []ims.Recipient {
	var recipients []ims.Recipient
	for _, element := range ids.Elements() {
		if id, ok := element.(types.String); ok && !id.IsUnknown() && !id.IsNull() {
			recipients = append(recipients, ims.Recipient{Type: memberType, ID: id.ValueString()})
		}
	}
	return recipients
}
