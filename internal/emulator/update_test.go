package emulator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func op(kind, name string, value any) object {
	return object{"op": kind, "path": "/" + name, "value": value}
}

// TestPatch tries each operation on each attribute; code "" is accepted, and shows want.
func TestPatch(t *testing.T) {
	for _, one := range []struct {
		name, code string
		switches   emulator.Switches
		operation  object
		want       any
	}{
		{"name", "", emulator.Switches{}, op("replace", "name", "new"), "new"},
		{"bad name", "IMG.0003", emulator.Switches{}, op("replace", "name", "a/b"), nil},
		{"no text as name", "IMG.0001", emulator.Switches{}, op("replace", "name", 1), nil},
		{"add description", "", emulator.Switches{}, op("add", "__description", "d"), "d"},
		{"replace missing description", "IMG.0035", emulator.Switches{}, op("replace", "__description", "d"), nil},
		{
			"replace missing, creating", "", emulator.Switches{PatchReplaceCreates: true}, op("replace", "__description", "d"),
			"d",
		},
		{"bad description", "IMG.0054", emulator.Switches{}, op("add", "__description", "<d>"), nil},
		{"add what is there", "", emulator.Switches{}, op("add", "name", "new"), "new"},
		{"add what is there, refused", "IMG.0035", emulator.Switches{PatchAddRefused: true}, op("add", "name", "new"), nil},
		{"memory as text", "", emulator.Switches{}, op("replace", "min_ram", "1024"), 1024.0},
		{"memory as number", "", emulator.Switches{}, op("replace", "min_ram", 1024), 1024.0},
		{"bad memory", "IMG.0055", emulator.Switches{}, op("replace", "min_ram", "much"), nil},
		{"fraction of memory", "IMG.0055", emulator.Switches{}, op("replace", "min_ram", 1.5), nil},
		{"most memory", "", emulator.Switches{}, op("add", "max_ram", 4096), "4096"},
		{"firmware", "", emulator.Switches{}, op("add", "hw_firmware_type", "uefi"), "uefi"},
		{"bad firmware", "IMG.0141", emulator.Switches{}, op("add", "hw_firmware_type", "efi"), nil},
		{"multi-queue", "", emulator.Switches{}, op("add", "hw_vif_multiqueue_enabled", "true"), "true"},
		{"multi-queue as boolean", "IMG.0001", emulator.Switches{}, op("add", "hw_vif_multiqueue_enabled", true), nil},
		{"support", "", emulator.Switches{}, op("add", "__support_xen", "true"), "true"},
		{"remove", "", emulator.Switches{}, op("remove", "__support_kvm", nil), nil},
		{"remove missing", "IMG.0035", emulator.Switches{}, op("remove", "__support_xen", nil), nil},
		{"remove name", "IMG.0105", emulator.Switches{}, op("remove", "name", nil), nil},
		{"enterprise project", "", emulator.Switches{}, op("replace", "enterprise_project_id", epID), epID},
		{"unknown enterprise project", "IMG.0155", emulator.Switches{}, op("replace", "enterprise_project_id", "x"), nil},
		{"protected", "IMG.0105", emulator.Switches{}, op("replace", "protected", "true"), nil},
		{"extended attribute", "", emulator.Switches{}, op("add", "team", "x"), "x"},
		{"extended attribute, capitals", "IMG.0105", emulator.Switches{}, op("add", "Team", "x"), nil},
		{"attribute of the service", "IMG.0105", emulator.Switches{}, op("replace", "__os_bit", "32"), nil},
		{"unknown operation", "IMG.0001", emulator.Switches{}, op("test", "name", "x"), nil},
	} {
		t.Run(one.name, func(t *testing.T) {
			b := newBench(t, emulator.Options{Switches: one.switches})
			id := b.emu.AddImage(emulator.Image{})
			b.clock.Advance(time.Minute)
			before := b.image(id)
			if one.code != "" {
				b.refused(400, one.code, "PATCH", "/v2/cloudimages/"+id, []any{op("replace", "min_ram", 7), one.operation})
				if after := b.image(id); fmt.Sprint(after) != fmt.Sprint(before) {
					t.Errorf("a refused PATCH changed %v to %v", before, after)
				}
				return
			}
			answered := b.expect(200, "PATCH", "/v2/cloudimages/"+id, []any{one.operation})
			name := strings.TrimPrefix(fmt.Sprint(one.operation["path"]), "/")
			if answered[name] != one.want || answered["updated_at"] == before["updated_at"] {
				t.Errorf("%s is %v in %v", name, answered[name], answered)
			}
			if read := b.image(id); fmt.Sprint(read) != fmt.Sprint(answered) {
				t.Errorf("the answer %v is not the image %v", answered, read)
			}
		})
	}
}

// TestPatchOnWholes has rules on more than one attribute, and on the image itself.
func TestPatchOnWholes(t *testing.T) {
	b := newBench(t, emulator.Options{})
	arm := b.emu.AddImage(emulator.Image{Attributes: object{"__support_arm": "true"}})
	b.refused(400, "IMG.0141", "PATCH", "/v2/cloudimages/"+arm, []any{op("add", "hw_firmware_type", "bios")})
	b.refused(
		400, "IMG.0055", "PATCH", "/v2/cloudimages/"+arm, []any{op("add", "max_ram", "1"), op("replace", "min_ram", "2")},
	)
	b.refused(400, "IMG.0007", "PATCH", "/v2/cloudimages/"+arm, []any{})
	b.refused(400, "IMG.0027", "PATCH", "/v2/cloudimages/NoSuch", []any{op("replace", "name", "x")})
}

// TestTags adds, changes and takes away tags one by one and in a batch.
func TestTags(t *testing.T) {
	b := newBench(t, emulator.Options{})
	id := b.emu.AddImage(emulator.Image{Tags: map[string]string{"keep": "1"}})
	path := "/v2/" + b.tenant.ProjectID + "/images/" + id + "/tags"
	tags := func() string { return fmt.Sprint(b.image(id)["tags"]) }
	before := b.image(id)["updated_at"]
	b.clock.Advance(time.Minute)
	for _, step := range []struct {
		status             int
		method, path, want string
		body               any
	}{
		{204, "POST", path, "[a=1 keep=1]", object{"tag": object{"key": "a", "value": "1"}}},
		{400, "POST", path, "[a=1 keep=1]", object{"tag": object{"key": "a", "value": "x=y"}}},
		{
			204, "POST", path + "/action", "[a=2 b= keep=1]",
			object{"action": "create", "tags": []any{object{"key": "a", "value": "2"}, object{"key": "b", "value": ""}}},
		},
		{
			204, "POST", path + "/action", "[b= keep=1]",
			object{"action": "delete", "tags": []any{object{"key": "a"}, object{"key": "nosuch"}}},
		},
		{204, "DELETE", path + "/b", "[keep=1]", nil},
		{404, "DELETE", path + "/b", "[keep=1]", nil},
		{400, "POST", path + "/action", "[keep=1]", object{"action": "create", "tags": pairs(10)}},
		{
			400, "POST", path + "/action", "[keep=1]",
			object{"action": "create", "tags": []any{object{"key": "c"}, object{"key": ""}}},
		},
		{400, "POST", path + "/action", "[keep=1]", object{"action": "replace", "tags": pairs(1)}},
		{204, "PUT", "/v2/images/" + id + "/tags/alone", "[alone keep=1]", nil},
		{204, "PUT", "/v2/images/" + id + "/tags/t=v", "[alone keep=1 t=v]", nil},
		{204, "DELETE", "/v2/images/" + id + "/tags/alone", "[keep=1 t=v]", nil},
		{404, "DELETE", "/v2/images/" + id + "/tags/t", "[keep=1 t=v]", nil},
		{204, "PUT", "/v1/cloudimages/tags", "[keep=2 t=v]", object{"image_id": id, "tag": "keep.2"}},
	} {
		b.expect(step.status, step.method, step.path, step.body)
		if got := tags(); got != step.want {
			t.Errorf("%s %s: tags %s, want %s", step.method, step.path, got, step.want)
		}
	}
	if b.image(id)["updated_at"] == before {
		t.Error("updated_at has not changed with the tags")
	}
	listed := fmt.Sprint(b.expect(200, "GET", path, nil))
	if listed != "map[tags:[map[key:keep value:2] map[key:t value:v]]]" {
		t.Error(listed)
	}
	b.emu.AddImage(emulator.Image{Tags: map[string]string{"keep": "3"}})
	all := fmt.Sprint(b.expect(200, "GET", "/v2/"+b.tenant.ProjectID+"/images/tags", nil))
	if all != "map[tags:[map[key:keep values:[2 3]] map[key:t values:[v]]]]" {
		t.Error(all)
	}
}

// TestImagesByTags finds images by every condition.
func TestImagesByTags(t *testing.T) {
	b := newBench(t, emulator.Options{})
	for name, tags := range map[string]map[string]string{
		"ab": {"a": "1", "b": "1"}, "a2": {"a": "2"}, "c": {"c": "1"}, "none": nil,
	} {
		b.emu.AddImage(emulator.Image{Name: name, Tags: tags})
	}
	key := func(name string, values ...string) object {
		return object{"key": name, "values": append([]string{}, values...)}
	}
	for _, query := range []struct {
		condition object
		want      []string
	}{
		{object{}, []string{"a2", "ab", "c", "none"}},
		{object{"tags": []any{key("a")}}, []string{"a2", "ab"}},
		{object{"tags": []any{key("a", "1", "3"), key("b", "1")}}, []string{"ab"}},
		{object{"tags_any": []any{key("b"), key("c", "1")}}, []string{"ab", "c"}},
		{object{"not_tags": []any{key("a"), key("b")}}, []string{"a2", "c", "none"}},
		{object{"not_tags_any": []any{key("b"), key("c")}}, []string{"a2", "none"}},
		{object{"without_any_tag": true}, []string{"none"}},
		{object{"matches": []any{object{"key": "resource_name", "value": "c"}}}, []string{"c"}},
	} {
		path := "/v2/" + b.tenant.ProjectID + "/images/resource_instances/action"
		found := b.expect(200, "POST", path, with(query.condition, object{"action": "filter", "limit": "10", "offset": "0"}))
		var got []string
		resources, _ := found["resources"].([]any)
		for _, resource := range resources {
			got = append(got, fmt.Sprint(dig(resource, "resource_name")))
		}
		slices.Sort(got)
		if !slices.Equal(got, query.want) {
			t.Errorf("%v: %v, want %v", query.condition, got, query.want)
		}
		counted := b.expect(200, "POST", path, with(query.condition, object{"action": "count"}))
		if counted["total_count"] != float64(len(query.want)) || found["total_count"] != counted["total_count"] {
			t.Errorf("%v: counted %v", query.condition, counted)
		}
		b.refused(400, "IMG.0001", "POST", path, object{"action": "filter", "limit": 10})
	}
}

// TestDelete is refused for a reason, and takes a backup along when told to.
func TestDelete(t *testing.T) {
	b := newBench(t, emulator.Options{})
	protected := b.emu.AddImage(emulator.Image{Protected: true})
	b.refused(400, "IMG.0028", "DELETE", "/v2/images/"+protected, nil)
	given := b.emu.AddImage(emulator.Image{
		Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: b.tenant.ProjectID, Status: "accepted"}},
	})
	b.refused(400, "IMG.0092", "DELETE", "/v2/images/"+given, nil)

	const whole = "/v1/cloudimages/wholeimages/action"
	first := b.made("POST", whole, backupBody)
	b.refused(400, "IMG.0134", "POST", whole, backupBody)
	b.expect(204, "DELETE", "/v2/images/"+first, object{"delete_backup": false})
	second := b.made("POST", whole, backupBody)
	if image := b.image(second); image["__whole_image"] != "true" ||
		image["__data_origin"] != "server_backup,"+emulator.BackupID {
		t.Errorf("%v", image)
	}
	b.expect(204, "DELETE", "/v2/images/"+second, object{"delete_backup": true})
	b.refused(400, "IMG.0020", "POST", whole, backupBody)
	b.refused(400, "IMG.0001", "DELETE", "/v2/images/"+protected, object{"force": true})
}
