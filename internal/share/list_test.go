package share_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

type listingServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// query is the provider as an engine that knows lists talks to it.
type query struct {
	listingServer
	schemas *tfprotov6.GetProviderSchemaResponse
	t       *testing.T
}

func startQuery(t *testing.T, cloud *acctest.Cloud, tenant emulator.Tenant) *query {
	t.Helper()
	server, err := cloud.Factories()["ims"]()
	if err != nil {
		t.Fatal(err)
	}
	lister, ok := server.(listingServer)
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	q := &query{lister, schemas, t}
	block := map[string]any{
		"auth_url": cloud.URL + "/v3", "region": emulator.Region, "user_name": tenant.UserName, "password": tenant.Password,
		"domain_name": tenant.DomainName, "project_name": tenant.ProjectName,
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: q.value(schemas.Provider, block)})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(configured, err)
	}
	return q
}

// value is a configuration with these arguments.
func (q *query) value(schema *tfprotov6.Schema, arguments map[string]any) *tfprotov6.DynamicValue {
	q.t.Helper()
	object, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		q.t.Fatal("the schema is no object")
	}
	values := map[string]tftypes.Value{}
	for name, each := range object.AttributeTypes {
		values[name] = tftypes.NewValue(each, nil)
		if argument, given := arguments[name]; given {
			values[name] = tftypes.NewValue(each, argument)
		}
	}
	value, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	if err != nil {
		q.t.Fatal(err)
	}
	return &value
}

// list returns what a list finds as "name: identity" or, with resources, "name: identity = resource", and its errors.
func (q *query) list(typeName string, arguments map[string]any, limit int64, resources bool) []string {
	q.t.Helper()
	config := q.value(q.schemas.ListResourceSchemas[typeName], arguments)
	valid, err := q.ValidateListResourceConfig(q.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		q.t.Fatal(err)
	}
	for _, problem := range valid.Diagnostics {
		return []string{problem.Summary}
	}
	stream, err := q.ListResource(q.t.Context(), &tfprotov6.ListResourceRequest{TypeName: typeName, Config: config, Limit: limit, IncludeResource: resources})
	if err != nil {
		q.t.Fatal(err)
	}
	var all []string
	for result := range stream.Results {
		for _, problem := range result.Diagnostics {
			all = append(all, problem.Summary+": "+problem.Detail)
		}
		if result.Identity == nil {
			continue
		}
		identityType := identityTypes(resultIdentity(typeName))
		text := result.DisplayName + ": " + q.text(result.Identity.IdentityData, identityType)
		if resources {
			text += " = " + q.text(result.Resource, q.schemas.ResourceSchemas[typeName].ValueType())
		}
		all = append(all, text)
	}
	return all
}

func resultIdentity(typeName string) []string {
	if typeName == "ims_image_share" {
		return []string{"region", "image_id"}
	}
	if typeName == "ims_image_share_member" {
		return []string{"region", "image_id", "project_id", "domain_id"}
	}
	return []string{"region", "image_id", "project_id"}
}

func identityTypes(names []string) tftypes.Type {
	types := map[string]tftypes.Type{}
	for _, name := range names {
		types[name] = tftypes.String
	}
	return tftypes.Object{AttributeTypes: types}
}

// text is the strings of an object, without those that are null.
func (q *query) text(value *tfprotov6.DynamicValue, of tftypes.Type) string {
	q.t.Helper()
	object, err := value.Unmarshal(of)
	if err != nil {
		q.t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		q.t.Fatal(err)
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		var text string
		if attributes[name].Type().Is(tftypes.String) && !attributes[name].IsNull() && attributes[name].As(&text) == nil {
			parts = append(parts, name+" "+text)
		} else if !attributes[name].IsNull() {
			var several []tftypes.Value
			if attributes[name].As(&several) == nil {
				parts = append(parts, fmt.Sprintf("%s %d", name, len(several)))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// TestLists speaks the protocol: the engines that know lists are newer than those that the suite has.
func TestLists(t *testing.T) {
	t.Parallel()
	cloud, first := start(t, emulator.Options{})
	second := cloud.AddImage(emulator.Image{Name: "second", CreatedAt: cloud.Clock.Now().Add(-acctest.JobDuration)})
	cloud.AddImage(emulator.Image{Name: "shared with nobody"})
	outside(t, cloud, first, addMembers(project(1), emulator.Receiver.ProjectID))
	outside(t, cloud, second, addMembers(emulator.Receiver.ProjectID))
	outside(t, cloud, second, func(i *emulator.Image) { i.Members[0].Status = "rejected" })
	cloud.AddImage(emulator.Image{Name: "received", Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}})
	owner, receiver := startQuery(t, cloud, emulator.Owner), startQuery(t, cloud, emulator.Receiver)

	share := func(name, image string) string { return name + ": image_id " + image + ", region " + emulator.Region }
	one := func(name, image, project string) string {
		return name + ": image_id " + image + ", project_id " + project + ", region " + emulator.Region
	}
	with := func(name, image, project string) string { return one(name+" with "+project, image, project) }
	for name, test := range map[string]struct {
		query     *query
		typeName  string
		arguments map[string]any
		limit     int64
		want      []string
	}{
		"shares":               {query: owner, typeName: "ims_image_share", want: []string{share("golden", first), share("second", second)}},
		"shares, limit":        {query: owner, typeName: "ims_image_share", limit: 1, want: []string{share("golden", first)}},
		"members":              {query: owner, typeName: "ims_image_share_member", want: []string{with("golden", first, emulator.Receiver.ProjectID), with("golden", first, project(1)), with("second", second, emulator.Receiver.ProjectID)}},
		"members, image":       {query: owner, typeName: "ims_image_share_member", arguments: map[string]any{"image_id": second}, want: []string{with("second", second, emulator.Receiver.ProjectID)}},
		"members, limit":       {query: owner, typeName: "ims_image_share_member", limit: 2, want: []string{with("golden", first, emulator.Receiver.ProjectID), with("golden", first, project(1))}},
		"acceptances":          {query: receiver, typeName: "ims_image_share_acceptance", want: []string{one("golden", first, emulator.Receiver.ProjectID), one("second", second, emulator.Receiver.ProjectID)}},
		"acceptances, status":  {query: receiver, typeName: "ims_image_share_acceptance", arguments: map[string]any{"status": "rejected"}, want: []string{one("second", second, emulator.Receiver.ProjectID)}},
		"acceptances, invalid": {query: receiver, typeName: "ims_image_share_acceptance", arguments: map[string]any{"status": "perhaps"}, want: []string{"Invalid Attribute Value Match"}},
	} {
		if diff := cmp.Diff(test.want, test.query.list(test.typeName, test.arguments, test.limit, false)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	resources := owner.list("ims_image_share", nil, 1, true)
	if want := share("golden", first) + " = image_id " + first + ", members 2, project_ids 2"; len(resources) != 1 || resources[0] != want {
		t.Errorf("got %q, want %q", resources, want)
	}
	for _, text := range append(owner.list("ims_image_share_member", nil, 1, true), receiver.list("ims_image_share_acceptance", nil, 1, true)...) {
		if !strings.Contains(text, " = ") || !strings.Contains(text, "status pending") {
			t.Errorf("got %q", text)
		}
	}

	cloud.Inject(emulator.Fault{Path: "/v2/images/*/members", Status: http.StatusForbidden})
	if got := owner.list("ims_image_share", nil, 0, false); len(got) != 1 || !strings.Contains(got[0], "Unable to list image share") {
		t.Errorf("got %q", got)
	}
}
