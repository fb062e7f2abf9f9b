package search

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// lookingFor is a query by these criteria in project "own".
func lookingFor(t *testing.T, criteria map[string]any) *query {
	t.Helper()
	kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
	for name, value := range criteria {
		switch value := value.(type) {
		case string:
			values[name] = types.StringValue(value)
		case int:
			values[name] = types.Int64Value(int64(value))
		case bool:
			values[name] = types.BoolValue(value)
		case map[string]string:
			values[name] = framework.StringMap(value)
		}
		kinds[name] = values[name].Type(t.Context())
	}
	all, problems := CriteriaOf(t.Context(), types.ObjectValueMust(kinds, values))
	if problems.HasError() {
		t.Fatal(problems)
	}
	q, err := newQuery(t.Context(), ims.New(home{}, ims.Options{}), &all)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// home is a session that is signed in to project "own", and sends nothing.
type home struct{ ims.Session }

func (home) Connect(context.Context) (*cloud.Scope, error) {
	return &cloud.Scope{ProjectID: "own", Region: "eu-de"}, nil
}

func moment(t *testing.T, text string) ims.Timestamp {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return ims.Timestamp{Time: parsed}
}

// TestCriteria holds an image against each criterion alone.
func TestCriteria(t *testing.T) {
	t.Parallel()
	image := ims.Image{
		ID: "i-1", Name: "app-1", Owner: "own", Status: ims.StatusActive,
		ImageType: ims.ImageTypePrivate, Visibility: "private",
		Platform: "Debian", OSType: "Linux", OSBit: 64, OSVersion: "Debian 12", Environment: ims.EnvironmentECS,
		WholeImage: true, KeyID: "key", EnterpriseProjectID: "ep", Tags: []string{"stage=test", "team=a"},
		Support:   map[string]string{"kvm": "True", "arm": "true"},
		CreatedAt: moment(t, "2026-01-02T00:00:00Z"), UpdatedAt: moment(t, "2026-01-03T00:00:00Z"),
	}
	all := map[string]string{"stage": "test", "team": "a"}
	other := map[string]string{"stage": "test", "team": "b"}
	for name, test := range map[string]struct{ fits, fails []any }{
		"id":                    {[]any{"i-1"}, []any{"i-2", "I-1"}},
		"image_type":            {[]any{TypePrivate}, []any{TypePublic, TypeShared}},
		"name":                  {[]any{"app-1"}, []any{"app", "App-1"}},
		"name_regex":            {[]any{"app", "^app-[0-9]$"}, []any{"^pp", "b"}},
		"tags":                  {[]any{all, map[string]string{"team": "a"}}, []any{other, map[string]string{"x": ""}}},
		"not_tags":              {[]any{map[string]string{"stage": "prod", "x": ""}}, []any{all, other}},
		"platform":              {[]any{"Debian"}, []any{"debian"}},
		"os_type":               {[]any{"Linux"}, []any{"Windows"}},
		"os_bit":                {[]any{64}, []any{32}},
		"os_version":            {[]any{"Debian 12"}, []any{"Debian"}},
		"architecture":          {[]any{"arm"}, []any{"x86"}},
		"virtual_env_type":      {[]any{"FusionCompute"}, []any{"DataImage"}},
		"status":                {[]any{"active"}, []any{"saving"}},
		"owner":                 {[]any{"own"}, []any{"another"}},
		"member_status":         {[]any{"accepted", "pending"}, nil},
		"enterprise_project_id": {[]any{"ep", ims.AllGrantedProjects}, []any{"0", "another"}},
		"whole_image":           {[]any{true}, []any{false}},
		"cmk_id":                {[]any{"key"}, []any{"another"}},
		"created": {
			[]any{
				"gt:2026-01-01T00:00:00Z", "gte:2026-01-02T00:00:00Z", "eq:2026-01-02T02:00:00+02:00",
				"lt:2026-01-03T00:00:00Z", "lte:2026-01-02T00:00:00Z", "neq:2026-01-03T00:00:00Z",
			},
			[]any{
				"gt:2026-01-02T00:00:00Z", "gte:2026-01-02T00:00:00-01:00", "eq:2026-01-02T02:00:00Z",
				"lt:2026-01-02T00:00:00Z", "lte:2026-01-01T00:00:00Z", "neq:2026-01-02T00:00:00Z",
			},
		},
		"updated": {[]any{"eq:2026-01-03T00:00:00Z"}, []any{"eq:2026-01-02T00:00:00Z"}},
		"support": {
			[]any{map[string]string{"kvm": "true"}, map[string]string{"xen": "false"}},
			[]any{map[string]string{"kvm": "false"}, map[string]string{"kvm": "true", "xen": "true"}},
		},
	} {
		for _, value := range test.fits {
			if missed := lookingFor(t, map[string]any{name: value}).misses(&image); len(missed) != 0 {
				t.Errorf("%s = %v: the image misses %s", name, value, missed[0].name)
			}
		}
		for _, value := range test.fails {
			missed := lookingFor(t, map[string]any{name: value}).misses(&image)
			if len(missed) != 1 || missed[0].name != name {
				t.Errorf("%s = %v: the image misses %d criteria", name, value, len(missed))
			}
		}
	}
}

// TestCriteriaAreAllHeld: what can be asked is held against images, or is about their order.
func TestCriteriaAreAllHeld(t *testing.T) {
	t.Parallel()
	held := []string{"most_recent", "sort_direction", "sort_key"}
	for _, each := range allCriteria {
		held = append(held, each.name)
		if _, ok := found[each.has]; !ok {
			t.Errorf("%s: a found image has no attribute %s", each.name, each.has)
		}
		before := lookingFor(t, nil).Criteria
		if got := each.asks(before); !got.IsNull() {
			t.Errorf("%s: nobody asks, and it is %s", each.name, got)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(criteriaSchema(false))), slices.Sorted(slices.Values(held))); diff != "" {
		t.Errorf("(-asked for +held):\n%s", diff)
	}
}

// TestImageTypes: whose an image is follows from its owner, since an own one that is shared has another type.
func TestImageTypes(t *testing.T) {
	t.Parallel()
	images := map[string]ims.Image{
		"own":         {Owner: "own", ImageType: ims.ImageTypePrivate},
		"own, shared": {Owner: "own", ImageType: ims.ImageTypeShared, Visibility: "shared"},
		"public":      {Owner: "cloud", ImageType: ims.ImageTypePublic, Visibility: "public"},
		"received":    {Owner: "other", ImageType: ims.ImageTypeShared, Visibility: "shared"},
	}
	for imageType, want := range map[string][]string{
		"": {"own", "own, shared", "public"}, TypePrivate: {"own", "own, shared"}, TypePublic: {"public"},
		TypeShared: {"received"},
	} {
		criteria := map[string]any{}
		if imageType != "" {
			criteria["image_type"] = imageType
		}
		q := lookingFor(t, criteria)
		var got []string
		for _, name := range slices.Sorted(maps.Keys(images)) {
			if image := images[name]; len(q.misses(&image)) == 0 {
				got = append(got, name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", imageType, got, want)
		}
	}
}

// TestTimesForTheService are in UTC, whatever zone the configuration writes them in.
func TestTimesForTheService(t *testing.T) {
	t.Parallel()
	q := lookingFor(t, map[string]any{
		"created": "gt:2026-01-31T01:30:00+02:00", "updated": "lte:2026-01-31T23:30:00-01:00",
	})
	filter := q.filter()
	if filter.CreatedAt != "gt:2026-01-30T23:30:00Z" || filter.UpdatedAt != "lte:2026-02-01T00:30:00Z" {
		t.Errorf("the service is asked for %q and %q", filter.CreatedAt, filter.UpdatedAt)
	}
	if filter := lookingFor(t, nil).filter(); filter.CreatedAt != "" || filter.UpdatedAt != "" {
		t.Errorf("the service is asked for %q and %q, and nobody does", filter.CreatedAt, filter.UpdatedAt)
	}
	// What the service did not give is not what it left out.
	if !comparisonOf(types.StringValue("eq:2026-01-31T00:00:00Z")).holds(ims.Timestamp{}) {
		t.Error("an image without a time does not fit")
	}
}

func TestIsSlip(t *testing.T) {
	t.Parallel()
	const id = "33ad552d-1149-471c-8190-ff6776174a00"
	for want, pairs := range map[bool][][2]string{
		true: {
			{"Debian", "debian"},
			{"CentOS", "centos"},
			{"Debain", "Debian"},
			{"Debin", "Debian"},
			{"Debbian", "Debian"},
			{id, "33AD552D-1149-471C-8190-FF6776174A00"},
			{id, "33ad552d-1149-471c-8190-ff6776174a0"},
			{id, "33ad552d-1149-471c-8109-ff6776174a00"},
			{id, "33ad552d"},
			{id, id + " "},
			{"app-1", "app-2"},
			{"golden", "golden-2026-01-31"},
			{"Müller", "Mülller"},
		},
		false: {
			{"Debian", "Ubuntu"},
			{id, "33ad552d-1149-471c-8190-ff6776170000"[:30] + "123456"},
			{"app", "application-server"},
			{"", "a"},
			{"a", "b"},
			{"Debian", ""},
		},
	} {
		for _, pair := range pairs {
			if isSlip(pair[0], pair[1]) != want || isSlip(pair[1], pair[0]) != want {
				t.Errorf("%q and %q: %t", pair[0], pair[1], !want)
			}
		}
	}
}

// TestPropertiesComplete: what the service reports of an image is seen in one attribute or another.
func TestPropertiesComplete(t *testing.T) {
	t.Parallel()
	empty := valuesOf(&ims.Image{})
	values := map[reflect.Type]string{
		reflect.TypeFor[string](): `"uefi"`, reflect.TypeFor[ims.Int](): "7", reflect.TypeFor[ims.Bool](): "true",
		reflect.TypeFor[[]string](): `["a=b"]`, reflect.TypeFor[ims.Timestamp](): `"2026-01-01T00:00:00Z"`,
	}
	names := map[string]string{
		"__image_login_user": `"debian"`, "__support_kvm": `"true"`, "myown": `"x"`, "__list": `["a"]`,
	}
	for field := range reflect.TypeFor[ims.Image]().NumField() {
		each := reflect.TypeFor[ims.Image]().Field(field)
		if name := each.Tag.Get("json"); name != "-" {
			names[name] = values[each.Type]
		}
	}
	for name, value := range names {
		var image ims.Image
		if err := json.Unmarshal(fmt.Appendf(nil, "{%q:%s}", name, value), &image); err != nil {
			t.Fatal(name, err)
		}
		var shown []string
		for attribute, got := range valuesOf(&image) {
			if !got.Equal(empty[attribute]) {
				shown = append(shown, attribute)
			}
		}
		if len(shown) != 1 {
			t.Errorf("%s is seen in %v", name, shown)
		}
	}
}
