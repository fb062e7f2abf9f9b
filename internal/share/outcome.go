package share

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// defaultTimeouts are far above what such jobs take: seconds.
var defaultTimeouts = framework.Timeouts{
	Create: 10 * time.Minute, Read: 10 * time.Minute, Update: 10 * time.Minute, Delete: 10 * time.Minute,
	Creating: "creating it",
}

// fail adds an error in the provider's wording.
func fail(diagnostics *diag.Diagnostics, verb, noun, sentence string, err error, advice string) {
	diagnostics.AddError("Unable to "+verb+" "+noun, adviceOnCodes.Detail(sentence, err, advice))
}

// interrupted tells whether a request was accepted, or may have been, and the run was stopped before its outcome was known.
func interrupted(ctx context.Context, err error) bool {
	var wait *ims.WaitError
	return errors.Is(ctx.Err(), context.Canceled) && (errors.As(err, &wait) || ims.AnswerLost(err))
}

// projectsOf are the projects among members, in order.
func projectsOf(members []ims.Member) []string {
	projects := make([]string, 0, len(members))
	for _, member := range members {
		projects = append(projects, member.ProjectID)
	}
	return projects
}

// without are the elements of one list that another has not.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// both are the elements that two lists share.
func both(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !slices.Contains(other, s) })
}

// named puts projects into a sentence: "project a", "projects a, b".
func named(projects []string) string {
	if len(projects) == 1 {
		return "project " + projects[0]
	}
	return "projects " + strings.Join(projects, ", ")
}
