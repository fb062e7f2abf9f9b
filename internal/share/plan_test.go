package share_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// refused is what validating and planning a new resource says against it.
func (q *query) refused(typeName string, arguments map[string]any) string {
	q.t.Helper()
	schema := q.schemas.ResourceSchemas[typeName]
	config := q.value(schema, arguments)
	valid, err := q.ValidateResourceConfig(q.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		q.t.Fatal(err)
	}
	problems := valid.Diagnostics
	if len(problems) == 0 {
		nothing, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), nil))
		if err != nil {
			q.t.Fatal(err)
		}
		planned, err := q.PlanResourceChange(q.t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: typeName, Config: config, ProposedNewState: config, PriorState: &nothing})
		if err != nil {
			q.t.Fatal(err)
		}
		problems = planned.Diagnostics
	}
	var text strings.Builder
	for _, problem := range problems {
		text.WriteString(problem.Summary + ": " + problem.Detail + "\n")
	}
	return text.String()
}

func set(elements ...any) []tftypes.Value {
	values := []tftypes.Value{}
	for _, element := range elements {
		values = append(values, tftypes.NewValue(tftypes.String, element))
	}
	return values
}

func several(n int) []tftypes.Value {
	var all []any
	for i := range n {
		all = append(all, project(i+1))
	}
	return set(all...)
}

// TestRefusedAtPlan speaks the protocol. Nothing is sent but reads; what is unknown passes.
func TestRefusedAtPlan(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	whole := cloud.AddImage(emulator.Image{Attributes: map[string]any{"__whole_image": "true"}})
	public := publicImage(cloud)
	foreign := cloud.AddImage(emulator.Image{Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}})
	received := cloud.AddImage(emulator.Image{Attributes: map[string]any{"__whole_image": "true"}, Members: []emulator.Member{{ProjectID: emulator.Receiver.ProjectID, Status: "pending"}}})
	owner, receiver := startQuery(t, cloud, emulator.Owner), startQuery(t, cloud, emulator.Receiver)
	shared := func(image any, projects ...tftypes.Value) map[string]any {
		return map[string]any{"image_id": image, "project_ids": projects}
	}
	one := func(image, project any) map[string]any {
		return map[string]any{"image_id": image, "project_id": project}
	}
	for name, test := range map[string]struct {
		query     *query
		typeName  string
		arguments map[string]any
		says      string // nothing: it passes
	}{
		"well":                   {owner, "ims_image_share", shared(image, several(10)...), ""},
		"nobody":                 {owner, "ims_image_share", shared(image), ""},
		"oneself":                {owner, "ims_image_share", shared(image, set(project(1), emulator.Owner.ProjectID)...), "cannot be shared with its own project"},
		"public":                 {owner, "ims_image_share", shared(public, several(1)...), "is a public image"},
		"foreign":                {owner, "ims_image_share", shared(foreign, several(1)...), "Only the owner shares an image"},
		"no such image":          {owner, "ims_image_share", shared("nothing", several(1)...), "There is no image nothing"},
		"full-ECS, 10":           {owner, "ims_image_share", shared(whole, several(10)...), ""},
		"full-ECS, 11":           {owner, "ims_image_share", shared(whole, several(11)...), "can be shared with at most 10 projects; these are 11"},
		"256":                    {owner, "ims_image_share", shared(image, several(256)...), ""},
		"257":                    {owner, "ims_image_share", shared(image, several(257)...), "at most 256 elements"},
		"null":                   {owner, "ims_image_share", shared(image, set(project(1), nil)...), "An element is null"},
		"a space":                {owner, "ims_image_share", shared(image, set("no id")...), "must be an id"},
		"unknown image":          {owner, "ims_image_share", shared(tftypes.UnknownValue, several(11)...), ""},
		"unknown project":        {owner, "ims_image_share", shared(image, set(project(1), tftypes.UnknownValue)...), ""},
		"unknown, and oneself":   {owner, "ims_image_share", shared(tftypes.UnknownValue, set(tftypes.UnknownValue, emulator.Owner.ProjectID)...), "cannot be shared with its own project"},
		"unknown projects":       {owner, "ims_image_share", map[string]any{"image_id": image, "project_ids": tftypes.UnknownValue}, ""},
		"member: well":           {owner, "ims_image_share_member", one(image, project(1)), ""},
		"member: oneself":        {owner, "ims_image_share_member", one(image, emulator.Owner.ProjectID), "cannot be shared with its own project"},
		"member: public":         {owner, "ims_image_share_member", one(public, project(1)), "is a public image"},
		"member: a space":        {owner, "ims_image_share_member", one(image, "no id"), "must be an id"},
		"member: empty":          {owner, "ims_image_share_member", one(image, ""), "must be an id"},
		"member: unknown":        {owner, "ims_image_share_member", one(tftypes.UnknownValue, tftypes.UnknownValue), ""},
		"answer: none":           {receiver, "ims_image_share_acceptance", map[string]any{"image_id": image, "status": "pending"}, "value must be one of"},
		"answer: not shared yet": {receiver, "ims_image_share_acceptance", map[string]any{"image_id": image, "status": "accepted"}, ""},
		"answer: owner":          {owner, "ims_image_share_acceptance", map[string]any{"image_id": image, "status": "accepted"}, "not by the owner"},
		"answer: public":         {receiver, "ims_image_share_acceptance", map[string]any{"image_id": public, "status": "accepted"}, "there is no share to answer"},
		"answer: no vault":       {receiver, "ims_image_share_acceptance", map[string]any{"image_id": received, "status": "accepted"}, "accepting it needs vault_id"},
		"answer: vault unknown":  {receiver, "ims_image_share_acceptance", map[string]any{"image_id": received, "status": "accepted", "vault_id": tftypes.UnknownValue}, ""},
		"answer: rejected":       {receiver, "ims_image_share_acceptance", map[string]any{"image_id": received, "status": "rejected"}, ""},
		"answer: unknown":        {receiver, "ims_image_share_acceptance", map[string]any{"image_id": tftypes.UnknownValue, "status": tftypes.UnknownValue}, ""},
	} {
		got := test.query.refused(test.typeName, test.arguments)
		if test.says == "" && got != "" || !strings.Contains(got, test.says) {
			t.Errorf("%s: got %q, want %q", name, got, test.says)
		}
	}
	for _, request := range cloud.Journal() {
		if request.Path == membersPath {
			t.Errorf("%s %s was sent", request.Method, request.Path)
		}
	}
}
