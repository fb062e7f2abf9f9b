package search_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestImagesDefaults: whoever wants one image wants one that can be used; a list shows what there is. Tags leave images
// out.
func TestImagesDefaults(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	for i, image := range []emulator.Image{
		{Name: "old"},
		{Name: "good", Tags: map[string]string{"team": "a"}},
		{Name: "bad", Tags: map[string]string{"stage": "deprecated", "team": "a"}},
		{Name: "worse", Tags: map[string]string{"blocked": ""}},
		{Name: "saving", Status: "saving"},
		{Name: "killed", Status: "killed"},
	} {
		image.CreatedAt = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)
		cloud.AddImage(image)
	}
	p := cloud.Protocol(t, emulator.Owner)
	unwanted := map[string]string{"stage": "deprecated", "blocked": "", "team": "b"}
	for name, test := range map[string]struct {
		arguments map[string]any
		want      []string // newest first
	}{
		"all":         {nil, []string{"killed", "saving", "worse", "bad", "good", "old"}},
		"most recent": {map[string]any{"most_recent": true}, []string{"worse"}},
		"most recent, not wanted": {
			map[string]any{"most_recent": false, "status": "active"}, []string{"worse", "bad", "good", "old"},
		},
		"most recent that is killed": {map[string]any{"most_recent": true, "status": "killed"}, []string{"killed"}},
		"not tags":                   {map[string]any{"not_tags": unwanted}, []string{"killed", "saving", "good", "old"}},
		"most recent, not tags":      {map[string]any{"most_recent": true, "not_tags": unwanted}, []string{"good"}},
		"tags and not tags": {
			map[string]any{"tags": map[string]string{"team": "a"}, "not_tags": unwanted}, []string{"good"},
		},
	} {
		arguments := map[string]any{"image_type": "private"}
		for argument, value := range test.arguments {
			arguments[argument] = value
		}
		found, told := p.Look("ims_images", arguments)
		acctest.Silent(t, told)
		if diff := cmp.Diff(test.want, namesOf(t, found["images"])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	found, told := p.Look("ims_image", map[string]any{"image_type": "private", "most_recent": true, "not_tags": unwanted})
	acctest.Silent(t, told)
	var name string
	if err := found["name"].As(&name); err != nil || name != "good" {
		t.Errorf("found %q, %v", name, err)
	}
}

// TestTimesWithOffset: a time of another zone is asked for in UTC, which is all that the service knows.
func TestTimesWithOffset(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.AddImage(emulator.Image{Name: "before", CreatedAt: time.Date(2026, 1, 30, 23, 0, 0, 0, time.UTC)})
	cloud.AddImage(emulator.Image{Name: "after", CreatedAt: time.Date(2026, 1, 30, 23, 45, 0, 0, time.UTC)})
	p := cloud.Protocol(t, emulator.Owner)
	cloud.ResetJournal()
	found, told := p.Look("ims_images", map[string]any{"image_type": "private", "created": "gt:2026-01-31T01:30:00+02:00"})
	acctest.Silent(t, told)
	if diff := cmp.Diff([]string{"after"}, namesOf(t, found["images"])); diff != "" {
		t.Error(diff)
	}
	want := "created_at=" + url.QueryEscape("gt:2026-01-30T23:30:00Z")
	if !slices.ContainsFunc(cloud.Journal(), func(r emulator.Request) bool { return strings.Contains(r.Query, want) }) {
		t.Errorf("the service was not asked for %s", want)
	}
}

// TestProperties: what has no attribute of its own can be read all the same.
func TestProperties(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	id := cloud.AddImage(emulator.Image{Attributes: map[string]any{"__image_login_user": "debian", "mine": "x"}})
	p := cloud.Protocol(t, emulator.Owner)
	one, told := p.Look("ims_image", map[string]any{"id": id})
	acctest.Silent(t, told)
	several, told := p.Look("ims_images", map[string]any{"image_type": "private"})
	acctest.Silent(t, told)
	tagged, told := p.Look("ims_images_by_tags", nil)
	acctest.Silent(t, told)
	for where, properties := range map[string]tftypes.Value{
		"ims_image":          one["properties"],
		"ims_images":         objects(t, several["images"])[0]["properties"],
		"ims_images_by_tags": objects(t, tagged["images"])[0]["properties"],
	} {
		var values map[string]tftypes.Value
		var user, mine string
		if err := properties.As(&values); err != nil {
			t.Fatal(err)
		}
		if values["__image_login_user"].As(&user) != nil || values["mine"].As(&mine) != nil || user+mine != "debianx" {
			t.Errorf("%s: %s", where, properties)
		}
		if _, shown := values["__support_kvm"]; shown {
			t.Errorf("%s: flags are shown twice", where)
		}
	}
}
