package search_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestNoImageFound: the error says what was looked for, where, and what comes near it.
func TestNoImageFound(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	added := 0
	add := func(image emulator.Image) string {
		added++
		image.CreatedAt = day(added)
		return cloud.AddImage(image)
	}
	const accepted = "accepted"
	members := []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: accepted}}
	golden := add(emulator.Image{
		Name: "golden", Tags: map[string]string{"stage": "test", "team": "a"},
		Attributes: map[string]any{"__platform": "CentOS"},
	})
	saving := add(emulator.Image{Name: "nightly", Status: "saving"})
	received := add(emulator.Image{Name: "theirs", Owner: emulator.Receiver.ProjectID, Members: members})
	typo := "x" + golden[1:]
	line := func(id string, added int, name, has string) string {
		return fmt.Sprintf("%s  %s  %s: %s", id, day(added).Format(time.RFC3339), name, has)
	}
	byID := "but one:\n  " + line(golden, 1, "golden", fmt.Sprintf("id is %q", golden))
	stage := line(golden, 1, "golden", `tags_all is {"stage":"test","team":"a"}`)
	p := cloud.Protocol(t, emulator.Owner)
	for name, test := range map[string]struct {
		arguments arguments
		says      []string
		not       string
	}{
		"criteria, project and region": {
			arguments{"name": "none", "os_bit": 64, "tags": map[string]string{"stage": "x"}, "image_type": "private"},
			[]string{
				"project " + emulator.Owner.ProjectID + " sees in region " + emulator.Region,
				"\n  image_type = \"private\"\n  name = \"none\"\n  tags = {\"stage\":\"x\"}\n  os_bit = 64\n" +
					"  status = \"active\"\n",
			},
			"but one",
		},
		"a mistyped id":     {arguments{"id": typo}, []string{byID}, saving},
		"an id in capitals": {arguments{"id": strings.ToUpper(golden)}, []string{byID}, ""},
		"half an id":        {arguments{"id": golden[:8]}, []string{byID}, ""},
		"a strange id":      {arguments{"id": "nothing"}, []string{`id = "nothing"`}, "but one"},
		"a platform in small letters": {
			arguments{"platform": "centos", "image_type": "private"},
			[]string{line(golden, 1, "golden", `platform is "CentOS"`)},
			"",
		},
		"another type": {
			arguments{"name": "golden", "image_type": "public"},
			[]string{line(golden, 1, "golden", `image_type is "private"`)},
			"",
		},
		"another value of a tag": {
			arguments{"image_type": "private", "tags": map[string]string{"stage": "released"}},
			[]string{stage},
			saving,
		},
		"left out by a tag": {
			arguments{"name": "golden", "not_tags": map[string]string{"stage": "test"}},
			[]string{`not_tags = {"stage":"test"}`, stage},
			"",
		},
		"not finished": {
			arguments{"name": "nightly"}, []string{line(saving, 2, "nightly", `status is "saving"`)}, golden,
		},
		"shared by another project": {
			arguments{"name": "theirs"}, []string{line(received, 3, "theirs", `image_type is "shared"`)}, "",
		},
		"shared, another owner": {
			arguments{"name": "theirs", "image_type": "shared", "owner": "nobody"},
			[]string{line(received, 3, "theirs", fmt.Sprintf("owner is %q", emulator.Receiver.ProjectID))},
			"",
		},
		"all but the time": {
			arguments{"name": "golden", "created": "gt:2026-01-15T00:00:00Z"},
			[]string{line(golden, 1, "golden", `created_at is "2026-01-01T00:00:00Z"`)},
			"",
		},
		"all but a key that it lacks": {
			arguments{"name": "golden", "cmk_id": "key"}, []string{line(golden, 1, "golden", "cmk_id is not set")}, "",
		},
		"two criteria missed": {arguments{"name": "golden", "os_bit": 32, "platform": "Debian"}, nil, golden},
	} {
		cloud.ResetJournal()
		_, said := p.Look("ims_image", test.arguments)
		if len(said) != 1 || test.not != "" && strings.Contains(said[0], test.not) {
			t.Errorf("%s: said %s", name, said)
		}
		acctest.HasDiagnostic(t, said, append(test.says, "No image found", "Loosen the criteria")...)
		if calls := cloud.Calls(); len(calls) > 2 {
			t.Errorf("%s: took the requests %s", name, calls)
		}
	}
}

// TestNoImageFoundAsksLittle: one look around is all, also where there are many images; one that fails hides nothing.
func TestNoImageFoundAsksLittle(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	for range 600 { // more than a page
		cloud.AddImage(emulator.Image{Status: "saving"})
	}
	cloud.Clock.Advance(time.Minute)
	id := cloud.AddImage(emulator.Image{Name: "golden"})
	p := cloud.Protocol(t, emulator.Owner)

	cloud.ResetJournal()
	_, said := p.Look("ims_image", arguments{"name_regex": "^golden$", "architecture": "arm"})
	acctest.HasDiagnostic(t, said, "No image found", id, `architecture is "x86"`)
	if calls := cloud.Calls(); len(calls) != 2 || strings.Count(said[0], id) != 1 {
		t.Errorf("took the requests %s: %s", calls, said)
	}

	cloud.Inject(emulator.Fault{Path: "/v2/cloudimages", Skip: 1, Status: http.StatusForbidden})
	_, said = p.Look("ims_image", arguments{"name": "Golden", "image_type": "private"})
	acctest.HasDiagnostic(t, said, "No image found", `name = "Golden"`)
	if slices.ContainsFunc(said, func(text string) bool { return strings.Contains(text, "but one") }) {
		t.Errorf("said %s", said)
	}
}

// TestNearMissesAreFew: those that may be meant come first, then the newest, and no more than an error can show.
func TestNearMissesAreFew(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	meant := cloud.AddImage(emulator.Image{
		Name: "App", CreatedAt: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Attributes: map[string]any{"__os_version": "x"},
	})
	var ids []string
	for i := range 8 {
		ids = append(ids, cloud.AddImage(emulator.Image{
			Name: fmt.Sprintf("other-%d", i), CreatedAt: day(1 + i),
			Attributes: map[string]any{"__os_version": "x"},
		}))
	}
	_, said := cloud.Protocol(t, emulator.Owner).Look("ims_image", arguments{"name": "app", "os_version": "x"})
	at := func(id string) int { return strings.Index(said[0], id) }
	acctest.HasDiagnostic(t, said, "… and 4 more")
	shown := []int{at(meant), at(ids[7]), at(ids[6]), at(ids[5]), at(ids[4])}
	if !slices.IsSorted(shown) || shown[0] < 0 || at(ids[3]) >= 0 {
		t.Errorf("the order is %v: %s", shown, said)
	}
}
