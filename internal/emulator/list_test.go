package emulator_test

import (
	"fmt"
	"net/url"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func names(images []map[string]any) []string {
	var all []string
	for _, image := range images {
		all = append(all, fmt.Sprint(image["name"]))
	}
	sort.Strings(all)
	return all
}

// TestFilters asks for one of a few images of the tenant's and counts some public ones.
func TestFilters(t *testing.T) {
	b := newBench(t, emulator.Options{})
	old := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, image := range []emulator.Image{
		{Name: "plain"},
		{Name: "old", CreatedAt: old, UpdatedAt: old.Add(time.Hour)},
		{Name: "protected", Protected: true, Tags: map[string]string{"team": "a=b"}},
		{Name: "small", MinDisk: 7, MinRAM: 13, Attributes: object{"enterprise_project_id": emulator.EnterpriseProjectID}},
		{Name: "whole", Attributes: object{"__whole_image": "true", "__backup_id": "x"}},
		{Name: "encrypted", Attributes: object{"__system__cmkid": emulator.KeyID}},
		{Name: "data", Attributes: object{"virtual_env_type": "DataImage", "__os_version": nil}},
		{Name: "queued", Status: "queued"},
		{Name: "arm", Attributes: object{"__support_arm": "true", "disk_format": "qcow2"}},
		{
			Name:       "win",
			Attributes: object{"__os_type": "Windows", "__platform": "Windows", "__os_bit": "32", "__support_kvm": "false"},
		},
	} {
		b.emu.AddImage(image)
	}
	all := []string{"arm", "data", "encrypted", "old", "plain", "protected", "queued", "small", "whole", "win"}
	but := func(out ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(out, name) })
	}
	for query, want := range map[string][]string{
		"":                                                 all,
		"__imagetype=private":                              all,
		"visibility=private":                               all,
		"__imagetype=gold":                                 nil,
		"name=plain":                                       {"plain"},
		"name=plai":                                        nil,
		"protected=true":                                   {"protected"},
		"protected=False":                                  but("protected"),
		"status=queued":                                    {"queued"},
		"min_disk=7":                                       {"small"},
		"min_ram=13":                                       {"small"},
		"tag=team%3Da%3Db":                                 {"protected"},
		"tag=team":                                         nil,
		"__whole_image=true":                               {"whole"},
		"__whole_image=false":                              but("whole"),
		"__isregistered=true":                              all,
		"__system__cmkid=" + keyID:                         {"encrypted"},
		"virtual_env_type=DataImage":                       {"data"},
		"container_format=bare":                            all,
		"disk_format=qcow2":                                {"arm"},
		"__os_bit=32":                                      {"win"},
		"__os_type=Windows":                                {"win"},
		"__platform=Windows":                               {"win"},
		"__platform=windows":                               nil,
		"__support_kvm=false":                              {"win"},
		"architecture=arm":                                 {"arm"},
		"architecture=x86":                                 but("arm"),
		"enterprise_project_id=0":                          but("small"),
		"enterprise_project_id=" + epID:                    {"small"},
		"enterprise_project_id=all_granted_eps":            all,
		"created_at=gt:2020-01-02T03:04:05Z":               but("old"),
		"created_at=gte:2020-01-02T03:04:05Z":              all,
		"created_at=lt:2020-01-02T03:04:06Z":               {"old"},
		"created_at=lte:2020-01-02T03:04:05Z":              {"old"},
		"created_at=eq:2020-01-02T03:04:05Z":               {"old"},
		"created_at=neq:2020-01-02T03:04:05Z":              but("old"),
		"updated_at=eq:2020-01-02T04:04:05Z":               {"old"},
		"created_at=2020-01-02T03:04:05Z":                  {"old"},
		"status=active&protected=false&min_disk=40&limit=": nil,
	} {
		if query == "status=active&protected=false&min_disk=40&limit=" {
			b.refused(400, "IMG.0001", "GET", "/v2/cloudimages?"+query, nil)
			continue
		}
		if got := names(b.list("owner=" + b.tenant.ProjectID + "&" + query)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{
		"__imagetype=public", "visibility=gold", "status=running", "min_disk=x", "__os_bit=16", "__os_type=linux",
		"virtual_env_type=VM",
		"protected=yes", "created_at=yesterday", "created_at=over:2020-01-02T03:04:05Z", "sort_key=owner", "sort_dir=up",
		"limit=-1",
		"member_status=accepted", "visibility=shared&member_status=maybe",
	} {
		b.refused(400, "IMG.0001", "GET", "/v2/cloudimages?"+query, nil)
	}
	b.refused(400, "IMG.0212", "GET", "/v2/cloudimages?architecture=mips", nil)
}

const (
	keyID = emulator.KeyID
	epID  = emulator.EnterpriseProjectID
)

// TestPublicImages looks at what the cloud offers: enough of everything, in a total order.
func TestPublicImages(t *testing.T) {
	b := newBench(t, emulator.Options{})
	const public = "__imagetype=gold&visibility=public&protected=true"
	all := b.list(public)
	if len(all) < 30 {
		t.Errorf("%d public images", len(all))
	}
	times, ids := map[any]int{}, map[any]bool{}
	for i, image := range all {
		times[image["created_at"]]++
		ids[image["id"]] = true
		if i > 0 && fmt.Sprint(all[i-1]["created_at"], all[i-1]["id"]) <= fmt.Sprint(image["created_at"], image["id"]) {
			t.Errorf("%v comes before %v", all[i-1]["name"], image["name"])
		}
		if at, err := time.Parse("2006-01-02T15:04:05Z", fmt.Sprint(image["created_at"])); err != nil || at.Year() < 2018 {
			t.Errorf("%v was created at %v: %v", image["name"], image["created_at"], err)
		}
	}
	if len(times) != len(all)-1 || len(ids) != len(all) {
		t.Errorf("%d images, %d ids, %d times of creation: two images should share theirs", len(all), len(ids), len(times))
	}
	for _, query := range []string{
		"__os_type=Windows", "virtual_env_type=Ironic", "architecture=arm", "__os_bit=32", "__platform=Debian&__os_bit=64",
	} {
		if len(b.list(public+"&"+query)) == 0 {
			t.Errorf("no public image with %s", query)
		}
	}
	id := fmt.Sprint(all[0]["id"])
	b.refused(400, "IMG.0094", "DELETE", "/v2/images/"+id, nil)
	b.refused(
		400, "IMG.0047", "PATCH", "/v2/cloudimages/"+id, []any{object{"op": "replace", "path": "/name", "value": "mine"}},
	)
	b.refused(
		400, "IMG.0047", "POST", "/v2/"+b.tenant.ProjectID+"/images/"+id+"/tags",
		object{"tag": object{"key": "a", "value": "b"}},
	)
}

// TestPages walks through lists page by page in every order.
func TestPages(t *testing.T) {
	b := newBench(t, emulator.Options{ImageQuota: 1000})
	for i := range 12 {
		b.emu.AddImage(
			emulator.Image{Name: fmt.Sprintf("image-%d", i%5), CreatedAt: b.clock.Now().Add(time.Duration(i/4) * time.Minute)},
		)
	}
	for _, order := range []string{
		"", "&sort_dir=asc", "&sort_key=name&sort_dir=asc", "&sort_key=id", "&sort_key=status",
		"&sort_key=name&sort_dir=desc",
	} {
		query := "owner=" + b.tenant.ProjectID + order
		whole := b.list(query)
		var paged []map[string]any
		marker := ""
		for {
			page := b.list(query + "&limit=5" + marker)
			paged = append(paged, page...)
			if len(page) < 5 {
				break
			}
			marker = "&marker=" + fmt.Sprint(page[4]["id"])
		}
		if len(whole) != 12 || fmt.Sprint(whole) != fmt.Sprint(paged) {
			t.Errorf("%s: the pages are not the whole", order)
		}
	}
	if len(b.list("limit=0")) != 0 {
		t.Error("limit=0 gives images")
	}
	b.refused(400, "IMG.0027", "GET", "/v2/cloudimages?marker=nosuch", nil)
	for range 1100 {
		b.emu.AddImage(emulator.Image{Name: "many"})
	}
	if n := len(b.list("limit=1100")); n != 1000 {
		t.Errorf("%d images in a page", n)
	}
}

// TestGlancePages follows Glance's links, which keep the query.
func TestGlancePages(t *testing.T) {
	b := newBench(t, emulator.Options{})
	path, seen := "/v2/images?__imagetype=gold", 0
	for pages := 0; path != ""; pages++ {
		page := b.expect(200, "GET", path, nil)
		images, _ := page["images"].([]any)
		seen += len(images)
		if first, _ := page["first"].(string); first != "/v2/images?__imagetype=gold" ||
			page["schema"] != "/v2/schemas/images" {
			t.Errorf("%v", page)
		}
		path, _ = page["next"].(string)
		if pages == 0 && len(images) != 25 || pages > 5 {
			t.Fatalf("page %d has %d images", pages, len(images))
		}
		if parsed, err := url.Parse(path); path != "" && (err != nil || parsed.Query().Get("__imagetype") != "gold") {
			t.Errorf("next is %s", path)
		}
	}
	if seen != len(b.list("__imagetype=gold")) {
		t.Errorf("%d images by pages", seen)
	}
}

// TestStrangers cannot see or touch what is not theirs.
func TestStrangers(t *testing.T) {
	b := newBench(t, emulator.Options{})
	id := b.emu.AddImage(emulator.Image{})
	jobID := fmt.Sprint(b.expect(200, "POST", actionPath, serverBody)["job_id"])
	other := b.as(emulator.Receiver)
	if found := other.list("id=" + id); len(found) != 0 {
		t.Errorf("a stranger sees %v", found)
	}
	other.expect(404, "GET", "/v2/images/"+id, nil)
	other.expect(404, "DELETE", "/v2/images/"+id, nil)
	other.refused(
		400, "IMG.0027", "PATCH", "/v2/cloudimages/"+id, []any{object{"op": "replace", "path": "/name", "value": "mine"}},
	)
	other.refused(400, "IMG.0027", "GET", "/v2/"+other.tenant.ProjectID+"/images/"+id+"/tags", nil)
	other.refused(400, "IMG.0030", "GET", "/v2/"+b.tenant.ProjectID+"/images/"+id+"/tags", nil)
	other.refused(404, "IMG.0121", "GET", "/v1/"+other.tenant.ProjectID+"/jobs/"+jobID, nil)
}
