package emulator_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestTagSearchAnswer: an answer has the fields that the API reference has, and no others.
func TestTagSearchAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, emulator.Options{})
	id := b.emu.AddImage(emulator.Image{Name: "golden", Tags: map[string]string{"a": "1"}})
	for range 10 {
		b.emu.AddImage(emulator.Image{})
	}
	path := "/v2/" + b.tenant.ProjectID + "/images/resource_instances/action"
	tagged := []any{object{"key": "a", "values": []string{}}}
	found := b.expect(200, "POST", path, object{"action": "filter", "tags": tagged})
	want := fmt.Sprintf("map[resources:[map[resource_detail:map[status:active] resource_id:%s resource_name:golden "+
		"tags:[map[key:a value:1]]]] total_count:1]", id)
	if fmt.Sprint(found) != want {
		t.Errorf("got %v, want %s", found, want)
	}
	if page, _ := b.expect(200, "POST", path, object{"action": "filter"})["resources"].([]any); len(page) != 10 {
		t.Errorf("a page has %d images unless a request says how many", len(page))
	}
}

// TestTagSearchMatches: names are compared in part, or as a whole.
func TestTagSearchMatches(t *testing.T) {
	t.Parallel()
	for _, whole := range []bool{false, true} {
		b := newBench(t, emulator.Options{Switches: emulator.Switches{NamesMatchWhole: whole}})
		first := b.emu.AddImage(emulator.Image{Name: "golden"})
		b.emu.AddImage(emulator.Image{Name: "golden-2"})
		path := "/v2/" + b.tenant.ProjectID + "/images/resource_instances/action"
		match := func(key, value string) object { return object{"key": key, "value": value} }
		for _, test := range []struct {
			matches    []any
			part, full []string
		}{
			{[]any{match("resource_name", "golden")}, []string{"golden", "golden-2"}, []string{"golden"}},
			{[]any{match("resource_name", "old")}, []string{"golden", "golden-2"}, nil},
			{[]any{match("resource_name", "Golden")}, nil, nil},
			{[]any{match("resource_id", first)}, []string{"golden"}, []string{"golden"}},
			{[]any{match("resource_id", first[:8])}, nil, nil},
			{[]any{match("resource_id", first), match("resource_name", "2")}, nil, nil},
		} {
			found := b.expect(200, "POST", path, object{"action": "filter", "matches": test.matches})
			var names []string
			resources, _ := found["resources"].([]any)
			for _, resource := range resources {
				names = append(names, fmt.Sprint(dig(resource, "resource_name")))
			}
			slices.Sort(names)
			if want := map[bool][]string{false: test.part, true: test.full}[whole]; !slices.Equal(names, want) {
				t.Errorf("%v, whole %t: %v, want %v", test.matches, whole, names, want)
			}
		}
		for _, refused := range [][]any{
			{match("name", "golden")}, {match("resource_name", "")}, {match("resource_id", "a"), match("resource_id", "b")},
		} {
			b.refused(400, "IMG.0001", "POST", path, object{"action": "filter", "matches": refused})
		}
	}
}
