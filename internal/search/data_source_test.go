package search_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

type arguments = map[string]any

// with is arguments with more of them.
func with(some arguments, more ...arguments) arguments { return acctest.With(some, more...) }

// day is one of January 2026, or later.
func day(number int) time.Time { return time.Date(2026, 1, number, 0, 0, 0, 0, time.UTC) }

// namesOf are the names of images that a data source found, in its order.
func namesOf(found map[string]string) []string {
	var names []string
	for i := range len(found) {
		if name, ok := found[fmt.Sprintf("images.%d.name", i)]; ok {
			names = append(names, name)
		}
	}
	return names
}

// TestImageDataSource finds exactly one image.
func TestImageDataSource(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	own := func(name string, created time.Time, tags map[string]string) string {
		return cloud.AddImage(emulator.Image{Name: name, Tags: tags, CreatedAt: created})
	}
	first := own("app-1", day(1), map[string]string{"a": "1"})
	latest := own("app-2", day(3), map[string]string{"a": "1", "b": "2"})
	twins := []string{own("twin", day(2), nil), own("twin", day(2), nil)}
	// Others of the same names that are newer, and cannot be used.
	for _, status := range []string{"queued", "saving", "killed", "deleted"} {
		cloud.AddImage(
			emulator.Image{Name: "app-2", Status: status, CreatedAt: day(4), Tags: map[string]string{"a": "1", "b": "2"}},
		)
	}
	theirs := func(answer string) string {
		return cloud.AddImage(emulator.Image{
			Name: "app-9", Owner: emulator.Receiver.ProjectID, CreatedAt: day(32),
			Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: answer}},
		})
	}
	shared, pending := theirs("accepted"), theirs("pending")
	killed := cloud.AddImage(emulator.Image{Name: "broken", Status: "killed"})
	special := cloud.AddImage(emulator.Image{
		Name: "special", CreatedAt: day(1), UpdatedAt: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		Attributes: map[string]any{
			"__whole_image": "true", "__system__cmkid": emulator.KeyID, "__os_version": "CentOS 7.0 64bit",
			"enterprise_project_id": emulator.EnterpriseProjectID,
		},
	})
	p := cloud.Protocol(t, emulator.Owner)

	private := func(name string, value any) arguments { return arguments{"image_type": "private", name: value} }
	received := func(more arguments) arguments {
		return with(arguments{"image_type": "shared", "owner": emulator.Receiver.ProjectID}, more)
	}
	for name, test := range map[string]struct {
		arguments arguments
		id        string
	}{
		"id":                {arguments{"id": twins[0]}, twins[0]},
		"id of a shared":    {received(arguments{"id": shared}), shared},
		"status":            {arguments{"status": "killed", "name": "broken"}, killed},
		"member pending":    {received(arguments{"member_status": "pending"}), pending},
		"updated":           {private("updated", "gt:2098-01-01T00:00:00Z"), special},
		"whole":             {private("whole_image", true), special},
		"key":               {private("cmk_id", emulator.KeyID), special},
		"os_version":        {private("os_version", "CentOS 7.0 64bit"), special},
		"enterprise":        {private("enterprise_project_id", emulator.EnterpriseProjectID), special},
		"private, by name":  {private("name", "app-1"), first},
		"regex":             {arguments{"name_regex": "^app-2$"}, latest},
		"tags":              {arguments{"tags": map[string]string{"a": "1", "b": "2"}}, latest},
		"most recent":       {arguments{"name_regex": "^app-", "most_recent": true}, latest},
		"most recent, twin": {arguments{"name": "twin", "most_recent": true}, slices.Max(twins)},
		"created":           {private("created", "gt:2026-01-02T12:00:00Z"), latest},
		"support":           {with(private("name", "app-2"), arguments{"support": map[string]string{"kvm": "true"}}), latest},
		"shared":            {received(arguments{"name": "app-9"}), shared},
	} {
		found, said := p.Look("ims_image", test.arguments)
		acctest.NoDiagnostics(t, said)
		if status := map[bool]string{true: "killed", false: "active"}[name == "status"]; found["id"] != test.id ||
			found["status"] != status {
			t.Errorf("%s: found image %q, which is %s; want %s", name, found["id"], found["status"], test.id)
		}
	}

	for name, test := range map[string]struct {
		arguments arguments
		pattern   string
	}{
		"shared wants an owner": {arguments{"image_type": "shared", "name": "app-9"}, `owner must say`},
		"empty owner": {
			arguments{"image_type": "shared", "owner": ""}, `owner string length must be at least 1`,
		},
		"empty name":     {arguments{"name": ""}, `name string length must be at least 1`},
		"bad regex":      {arguments{"name_regex": "("}, `regular expression`},
		"bad comparison": {arguments{"created": "after:2026"}, `colon and a time`},
		"bad type":       {arguments{"image_type": "gold"}, `image_type`},
		"member_status":  {arguments{"member_status": "pending"}, `member_status goes with`},
		"several": {
			arguments{"name": "twin"}, `Several images found.*` + twins[1] + ` 2026-01-02T00:00:00Z twin.*most_recent`,
		},
		"none":                      {arguments{"name": "nothing"}, `No image found`},
		"id of another":             {arguments{"id": twins[0], "name": "app-1"}, `No image found`},
		"shared, not found unasked": {arguments{"name": "app-9"}, `No image found`},
	} {
		_, said := p.Look("ims_image", test.arguments)
		text := strings.Join(strings.Fields(strings.Join(said, " ")), " ")
		if !regexp.MustCompile(`ERROR .*` + test.pattern).MatchString(text) {
			t.Errorf("%s: no error matches %s: %s", name, test.pattern, text)
		}
	}
}

// TestImageDataSourcePublic finds an image of the cloud's own.
func TestImageDataSourcePublic(t *testing.T) {
	t.Parallel()
	found, said := acctest.Start(t, emulator.Options{}).Protocol(t, emulator.Owner).Look("ims_image", arguments{
		"image_type": "public", "platform": "Debian", "os_bit": 64, "os_type": "Linux", "architecture": "x86",
		"virtual_env_type": "FusionCompute", "most_recent": true,
	})
	acctest.NoDiagnostics(t, said)
	acctest.Expect(t, found, map[string]string{
		"image_type": "public", "visibility": "public", "platform": "Debian", "protected": "true", "os_bit": "64",
		"min_disk": "*",
	})
}

// TestImagesDataSource finds any number of images, on all pages, in the order asked for.
func TestImagesDataSource(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	const many = 1203 // three pages
	for i := range many {
		cloud.AddImage(emulator.Image{Name: fmt.Sprintf("bulk-%04d", i)})
	}
	p := cloud.Protocol(t, emulator.Owner)
	for name, test := range map[string]struct {
		arguments arguments
		want      []string
	}{
		"ascending": {
			arguments{
				"image_type": "private", "name_regex": "^bulk-(0000|0600|1202)$", "sort_key": "name", "sort_direction": "asc",
			},
			[]string{"bulk-0000", "bulk-0600", "bulk-1202"},
		},
		"descending": {
			arguments{"image_type": "private", "name_regex": "^bulk-000[0-3]$", "sort_key": "name"},
			[]string{"bulk-0003", "bulk-0002", "bulk-0001", "bulk-0000"},
		},
		"none": {arguments{"name": "nothing"}, nil},
	} {
		found, said := p.Look("ims_images", test.arguments)
		acctest.NoDiagnostics(t, said)
		acctest.Expect(
			t, found, map[string]string{"ids.#": fmt.Sprint(len(test.want)), "images.#": fmt.Sprint(len(test.want))},
		)
		if diff := cmp.Diff(test.want, namesOf(found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	found, said := p.Look("ims_images", arguments{"image_type": "private", "most_recent": true})
	acctest.NoDiagnostics(t, said)
	acctest.Expect(t, found, map[string]string{"ids.#": "1"})
}
