package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// taggedCloud has some images, each a day older than the next.
func taggedCloud(t *testing.T) *acctest.Cloud {
	t.Helper()
	cloud := acctest.Start(t, emulator.Options{})
	for i, tags := range []map[string]string{
		{"stage": "released", "team": "platform"}, {"stage": "test", "team": "platform"},
		{"stage": "released", "outdated": ""}, {},
	} {
		cloud.AddImage(emulator.Image{Name: fmt.Sprintf("image-%d", i), Tags: tags, CreatedAt: day(1 + i)})
	}
	cloud.AddImage(
		emulator.Image{Name: "stranger's", Owner: emulator.Receiver.ProjectID, Tags: map[string]string{"stage": "released"}},
	)
	return cloud
}

// TestImagesByTagsDataSource finds images by what tags they have, and what they have not.
func TestImagesByTagsDataSource(t *testing.T) {
	t.Parallel()
	p := taggedCloud(t).Protocol(t, emulator.Owner)
	type values = map[string][]string
	released := values{"stage": {"released"}}
	for name, test := range map[string]struct {
		arguments arguments
		want      []string // newest first
		words     string
	}{
		"all":       {nil, []string{"image-3", "image-2", "image-1", "image-0"}, ""},
		"tags":      {arguments{"tags": released}, []string{"image-2", "image-0"}, ""},
		"tags, two": {arguments{"tags": values{"stage": {"released"}, "team": {}}}, []string{"image-0"}, ""},
		"tags, two values": {
			arguments{"tags": values{"stage": {"released", "test"}}}, []string{"image-2", "image-1", "image-0"}, "",
		},
		"any value": {arguments{"tags": values{"outdated": {}}}, []string{"image-2"}, ""},
		"tags_any": {
			arguments{"tags_any": values{"outdated": {}, "team": {"platform"}}}, []string{"image-2", "image-1", "image-0"}, "",
		},
		"not_tags": {
			arguments{"not_tags": values{"stage": {"released"}, "team": {"platform"}}},
			[]string{"image-3", "image-2", "image-1"}, "",
		},
		"not_tags_any": {
			arguments{"not_tags_any": values{"outdated": {}, "team": {"platform"}}}, []string{"image-3"}, "",
		},
		"without_any_tag": {arguments{"without_any_tag": true}, []string{"image-3"}, ""},
		"matches":         {arguments{"matches": map[string]string{"resource_name": "image-1"}}, []string{"image-1"}, ""},
		"together":        {arguments{"tags": released, "not_tags_any": values{"outdated": {}}}, []string{"image-0"}, ""},
		"none":            {arguments{"tags": values{"stage": {"none"}}}, nil, ""},
		"contradiction":   {arguments{"tags": released, "without_any_tag": true}, nil, "fits no condition"},
		"no such match":   {arguments{"matches": map[string]string{"name": "a"}}, nil, "resource_name"},
		"empty condition": {arguments{"tags": values{}}, nil, "at least 1"},
		"long key":        {arguments{"tags": values{strings.Repeat("k", 129): {}}}, nil, "between 1 and 128"},
		"part of a name":  {arguments{"matches": map[string]string{"resource_name": "age-2"}}, []string{"image-2"}, ""},
		"empty name":      {arguments{"matches": map[string]string{"resource_name": ""}}, nil, "between 1 and 255"},
		"null match": {
			arguments{"matches": arguments{"resource_id": nil}}, nil, `attribute "resource_id" is null`,
		},
		"null tag":   {arguments{"tags": arguments{"stage": nil}}, nil, `tag "stage" is null`},
		"null value": {arguments{"not_tags_any": arguments{"x": []any{"a", nil}}}, nil, `A value of tag "x" is null`},
	} {
		found, said := p.Look("ims_images_by_tags", test.arguments)
		if test.words != "" {
			acctest.HasDiagnostic(t, said, test.words)
			continue
		}
		acctest.NoDiagnostics(t, said)
		acctest.Expect(t, found, map[string]string{"ids.#": fmt.Sprint(len(test.want))})
		if diff := cmp.Diff(test.want, namesOf(found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestImagesByTagsDataSourcePages reads to the end.
func TestImagesByTagsDataSourcePages(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	var want []string
	for i := range 1203 {
		want = append(want, fmt.Sprintf("bulk-%04d", i))
		cloud.AddImage(emulator.Image{Name: want[i], Tags: map[string]string{"bulk": ""}})
	}
	found, said := cloud.Protocol(t, emulator.Owner).
		Look("ims_images_by_tags", arguments{"tags": map[string][]string{"bulk": {}}})
	acctest.NoDiagnostics(t, said)
	if got := namesOf(found); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%d images were found, not %d", len(got), len(want))
	}
}
