package search_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
		image.CreatedAt = day(1 + i)
		cloud.AddImage(image)
	}
	p := cloud.Protocol(t, emulator.Owner)
	unwanted := map[string]string{"stage": "deprecated", "blocked": "", "team": "b"}
	for name, test := range map[string]struct {
		arguments arguments
		want      []string // newest first
	}{
		"all":         {nil, []string{"killed", "saving", "worse", "bad", "good", "old"}},
		"most recent": {arguments{"most_recent": true}, []string{"worse"}},
		"most recent, not wanted": {
			arguments{"most_recent": false, "status": "active"}, []string{"worse", "bad", "good", "old"},
		},
		"most recent that is killed": {arguments{"most_recent": true, "status": "killed"}, []string{"killed"}},
		"not tags":                   {arguments{"not_tags": unwanted}, []string{"killed", "saving", "good", "old"}},
		"most recent, not tags":      {arguments{"most_recent": true, "not_tags": unwanted}, []string{"good"}},
		"tags and not tags": {
			arguments{"tags": map[string]string{"team": "a"}, "not_tags": unwanted}, []string{"good"},
		},
	} {
		found, said := p.Look("ims_images", with(arguments{"image_type": "private"}, test.arguments))
		acctest.NoDiagnostics(t, said)
		if diff := cmp.Diff(test.want, namesOf(found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	found, said := p.Look("ims_image", arguments{"image_type": "private", "most_recent": true, "not_tags": unwanted})
	acctest.NoDiagnostics(t, said)
	acctest.Expect(t, found, map[string]string{"name": "good"})
}

// TestTimesWithOffset: a time of another zone is asked for in UTC, which is all that the service knows.
func TestTimesWithOffset(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.AddImage(emulator.Image{Name: "before", CreatedAt: time.Date(2026, 1, 30, 23, 0, 0, 0, time.UTC)})
	cloud.AddImage(emulator.Image{Name: "after", CreatedAt: time.Date(2026, 1, 30, 23, 45, 0, 0, time.UTC)})
	p := cloud.Protocol(t, emulator.Owner)
	cloud.ResetJournal()
	found, said := p.Look("ims_images", arguments{"image_type": "private", "created": "gt:2026-01-31T01:30:00+02:00"})
	acctest.NoDiagnostics(t, said)
	if diff := cmp.Diff([]string{"after"}, namesOf(found)); diff != "" {
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
	for typeName, test := range map[string]struct {
		arguments arguments
		within    string
	}{
		"ims_image":          {arguments{"id": id}, ""},
		"ims_images":         {arguments{"image_type": "private"}, "images.0."},
		"ims_images_by_tags": {nil, "images.0."},
	} {
		found, said := p.Look(typeName, test.arguments)
		acctest.NoDiagnostics(t, said)
		acctest.Expect(t, found, map[string]string{
			test.within + "properties.__image_login_user": "debian", test.within + "properties.mine": "x",
			test.within + "properties.__support_kvm": "", test.within + "support_flags.kvm": "true",
		})
	}
}
