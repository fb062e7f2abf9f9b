package share_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestRefusedAtPlan: nothing is sent but reads; what is unknown passes.
func TestRefusedAtPlan(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	whole := map[string]any{"__whole_image": "true"}
	full := cloud.AddImage(emulator.Image{Attributes: whole})
	public, theirs := publicImage(cloud), cloud.AddImage(foreign("theirs"))
	received := cloud.AddImage(emulator.Image{
		Attributes: whole, Members: []emulator.Member{{ProjectID: emulator.Receiver.ProjectID, Status: "pending"}},
	})
	owner, receiver := cloud.Protocol(t, emulator.Owner), cloud.Protocol(t, emulator.Receiver)

	own := emulator.Owner.ProjectID
	shared := func(image any, projects ...any) arguments {
		return arguments{"image_id": image, "project_ids": projects}
	}
	several := func(number int) []any {
		var all []any
		for _, id := range projects(number) {
			all = append(all, id)
		}
		return all
	}
	one := func(image, project any) arguments { return arguments{"image_id": image, "project_id": project} }
	answered := func(image, status any) arguments { return arguments{"image_id": image, "status": status} }
	type plan struct {
		arguments arguments
		words     string // nothing: it passes
	}
	for _, kind := range []struct {
		typeName string
		as       *acctest.Protocol
		plans    map[string]plan
	}{
		{shareType, owner, map[string]plan{
			"well":                 {shared(image, several(10)...), ""},
			"nobody":               {shared(image), ""},
			"oneself":              {shared(image, project(1), own), "cannot be shared with its own project"},
			"public":               {shared(public, project(1)), "is a public image"},
			"foreign":              {shared(theirs, project(1)), "Only the owner shares an image"},
			"no such image":        {shared("nothing", project(1)), "There is no image nothing"},
			"full-ECS, 10":         {shared(full, several(10)...), ""},
			"full-ECS, 11":         {shared(full, several(11)...), "can be shared with at most 10 projects; these are 11"},
			"256":                  {shared(image, several(256)...), ""},
			"257":                  {shared(image, several(257)...), "at most 256 elements"},
			"null":                 {shared(image, project(1), nil), "An element is null"},
			"a space":              {shared(image, "no id"), "must be an id"},
			"unknown image":        {shared(acctest.Unknown, several(11)...), ""},
			"unknown project":      {shared(image, project(1), acctest.Unknown), ""},
			"unknown, and oneself": {shared(acctest.Unknown, acctest.Unknown, own), "cannot be shared with its own project"},
			"unknown projects":     {arguments{"image_id": image, "project_ids": acctest.Unknown}, ""},
		}},
		{memberType, owner, map[string]plan{
			"well":    {one(image, project(1)), ""},
			"oneself": {one(image, own), "cannot be shared with its own project"},
			"public":  {one(public, project(1)), "is a public image"},
			"a space": {one(image, "no id"), "must be an id"},
			"empty":   {one(image, ""), "must be an id"},
			"unknown": {one(acctest.Unknown, acctest.Unknown), ""},
		}},
		{acceptanceType, owner, map[string]plan{
			"owner": {answered(image, "accepted"), "not by the owner"},
		}},
		{acceptanceType, receiver, map[string]plan{
			"no answer":      {answered(image, "pending"), "value must be one of"},
			"not shared yet": {answered(image, "accepted"), ""},
			"public":         {answered(public, "accepted"), "there is no share to answer"},
			"no vault":       {answered(received, "accepted"), "accepting it needs vault_id"},
			"vault unknown":  {acctest.With(answered(received, "accepted"), arguments{"vault_id": acctest.Unknown}), ""},
			"rejected":       {answered(received, "rejected"), ""},
			"unknown":        {answered(acctest.Unknown, acctest.Unknown), ""},
		}},
	} {
		for name, test := range kind.plans {
			plan := kind.as.Manage(kind.typeName).Plan(test.arguments)
			switch {
			case test.words != "":
				acctest.HasDiagnostic(t, plan.Diagnostics, "ERROR ", test.words)
			case plan.Action != acctest.Create || len(plan.Diagnostics) > 0:
				t.Errorf("%s, %s: the plan is to %q: %v", kind.typeName, name, plan.Action, plan.Diagnostics)
			}
		}
	}
	if sent := cloud.Count("POST ") + cloud.Count("PUT ") + cloud.Count("DELETE "); sent > 0 {
		t.Error(fmt.Sprint("the plans sent ", cloud.Calls()))
	}
}
