package ims

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

func TestProjectTags(t *testing.T) {
	body := `{"tags":[{"key":"b","values":["2","1","2"]},{"key":"a","values":[]},{"key":"b","values":["3"]}]}`
	session := newSession(t, reply(200, body))
	got, err := New(session, Options{}).ProjectTags(t.Context())
	if diff := gocmp.Diff(map[string][]string{"a": nil, "b": {"1", "2", "3"}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if path := session.requests[0].Path; path != "v2/"+project+"/images/tags" {
		t.Errorf("asked for %s", path)
	}
}

// taggedCloud is a cloud with images, given by their ids in words: those that a search by tags names, those of the
// project's list, and those that only the native read finds. It does not know any other.
type taggedCloud struct {
	tagged, listed, native string
	total                  int // what a search claims to find; 0: as many as it names; -1: no word of it
	page                   int // size of a search's pages; 0: as many as are asked for

	offsets, reads []string // what was asked for
	lists          int
}

func (c *taggedCloud) react(ctx context.Context, req *cloud.Request) (*http.Response, error) {
	image := func(id string) map[string]any {
		return map[string]any{"id": id, "status": "active", "min_disk": 40, "__support_arm": "true"}
	}
	id := req.Query.Get("id")
	_, nativeID, isNative := strings.Cut(req.Path, "v2/images/")
	switch {
	case req.Method == http.MethodPost:
		return c.search(ctx, req)
	case isNative: // of what the list lacks
		c.reads = append(c.reads, nativeID)
		if slices.Contains(strings.Fields(c.native), nativeID) {
			return reply(200, encoded(image(nativeID)))(ctx, req)
		}
		return reply(404, ``)(ctx, req)
	case id != "":
		if slices.Contains(strings.Fields(c.listed), id) {
			c.reads = append(c.reads, id)
			return reply(200, listed(image(id)))(ctx, req)
		}
		return reply(200, listed())(ctx, req)
	}
	c.lists++
	if req.Query.Get("owner") != project {
		return refusal(400, "IMG.0001")(ctx, req)
	}
	var images []map[string]any
	for _, id := range strings.Fields(c.listed) {
		images = append(images, image(id))
	}
	return reply(200, listed(images...))(ctx, req)
}

// search answers as the API reference documents it: a resource has no more than its id, name, tags and status.
func (c *taggedCloud) search(ctx context.Context, req *cloud.Request) (*http.Response, error) {
	var asked struct{ Limit, Offset string }
	if err := json.Unmarshal(req.Body, &asked); err != nil {
		return nil, err
	}
	c.offsets = append(c.offsets, asked.Offset)
	offset, err := strconv.Atoi(asked.Offset)
	if err != nil {
		return nil, err
	}
	limit, err := strconv.Atoi(asked.Limit)
	if err != nil {
		return nil, err
	}
	if c.page > 0 {
		limit = c.page
	}
	tagged := strings.Fields(c.tagged)
	resources := []map[string]any{}
	for _, id := range tagged[min(offset, len(tagged)):min(offset+limit, len(tagged))] {
		resources = append(resources, map[string]any{
			"resource_id": id, "resource_name": "name of " + id, "resource_detail": map[string]any{"status": "active"},
			"tags": []any{map[string]any{"key": "k", "value": "v"}},
		})
	}
	answer := map[string]any{"resources": resources, "total_count": cmp.Or(c.total, len(tagged))}
	if c.total < 0 {
		delete(answer, "total_count")
	}
	return reply(200, encoded(answer))(ctx, req)
}

// TestImagesByTags reads to the end, and shows what the list and the reads by id say of an image: the search itself
// says next to nothing.
func TestImagesByTags(t *testing.T) {
	for name, test := range map[string]struct {
		cloud                taggedCloud
		want, offsets, reads string
		lists                int
	}{
		"none":             {taggedCloud{listed: "x"}, "", "0", "", 0},
		"few, by id":       {taggedCloud{tagged: "c a b", listed: "a b c"}, "c a b", "0", "c a b", 0},
		"more, in a list":  {taggedCloud{tagged: "c a b d", listed: "a b c d e"}, "c a b d", "0", "", 1},
		"not in the list":  {taggedCloud{tagged: "c a b d", listed: "a b d", native: "c"}, "c a b d", "0", "c", 1},
		"gone, of few":     {taggedCloud{tagged: "a b", listed: "b"}, "b", "0", "a b", 0},
		"gone, of more":    {taggedCloud{tagged: "c a b d", listed: "b d", native: "c"}, "c b d", "0", "c a", 1},
		"pages":            {taggedCloud{tagged: "a b c", listed: "a b c", page: 2}, "a b c", "0 2", "a b c", 0},
		"an image twice":   {taggedCloud{tagged: "a b a c", listed: "a b c", page: 2}, "a b c", "0 2", "a b c", 0},
		"too high a total": {taggedCloud{tagged: "a", listed: "a", total: 5}, "a", "0 1", "a", 0},
		"no total":         {taggedCloud{tagged: "a b", page: 1, total: -1, listed: "a b"}, "a b", "0 1 2", "a b", 0},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, test.cloud.react)
			images, err := New(session, Options{RequestsPerSecond: 1000}).ImagesByTags(t.Context(), TagQuery{})
			var ids []string
			for i := range images {
				ids = append(ids, images[i].ID)
				if images[i].MinDisk != 40 || images[i].Architecture() != ArchitectureARM {
					t.Errorf("image %s is %+v", images[i].ID, images[i])
				}
			}
			if got := strings.Join(ids, " "); err != nil || got != test.want {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
			if got := strings.Join(test.cloud.offsets, " "); got != test.offsets {
				t.Errorf("searched from %s, want %s", got, test.offsets)
			}
			if got := strings.Join(test.cloud.reads, " "); got != test.reads || test.cloud.lists != test.lists {
				t.Errorf("read %q and %d lists, want %q and %d", got, test.cloud.lists, test.reads, test.lists)
			}
		})
	}
}

// TestImagesByTagsRequest: the body is that of the API reference.
func TestImagesByTagsRequest(t *testing.T) {
	session := newSession(t, reply(200, `{"resources":[],"total_count":0}`))
	_, err := New(session, Options{}).ImagesByTags(t.Context(), TagQuery{
		Tags: []TagValues{{"key3", []string{"valueXX"}}}, TagsAny: []TagValues{{"key0", []string{}}},
		Matches: []Tag{{"resource_name", "test100"}},
	})
	want := `{"action":"filter","tags":[{"key":"key3","values":["valueXX"]}],"tags_any":[{"key":"key0","values":[]}],` +
		`"matches":[{"key":"resource_name","value":"test100"}],"limit":"1000","offset":"0"}`
	if body := string(session.requests[0].Body); err != nil || body != want {
		t.Errorf("sent %s, %v", body, err)
	}
}

// TestImagesByTagsFails: what cannot be read is not left out.
func TestImagesByTagsFails(t *testing.T) {
	found := func(ids string) reaction { return (&taggedCloud{tagged: ids}).search }
	for name, script := range map[string][]reaction{
		"the search":            {reply(403, ``)},
		"a read":                {found("a"), reply(403, ``)},
		"the list":              {found("a b c d"), reply(403, ``)},
		"a read after the list": {found("a b c d"), reply(200, listed(activeImage("b"))), reply(403, ``)},
	} {
		images, err := New(newSession(t, script...), Options{}).ImagesByTags(t.Context(), TagQuery{})
		if images != nil || !IsForbidden(err) {
			t.Errorf("%s: got %v, %v", name, images, err)
		}
	}
}

func listAll(ctx context.Context, c *Client) error {
	_, err := c.Images(ctx, ImageFilter{})
	return err
}

func searchByTags(ctx context.Context, c *Client) error {
	_, err := c.ImagesByTags(ctx, TagQuery{})
	return err
}

// TestAnswersWithoutTheirList: an answer that lacks what it must have does not pass for one that finds nothing.
func TestAnswersWithoutTheirList(t *testing.T) {
	ask := map[string]func(context.Context, *Client) error{
		"images":         listAll,
		"images by tags": searchByTags,
		"tags":           func(ctx context.Context, c *Client) error { _, err := c.ProjectTags(ctx); return err },
		"quotas":         func(ctx context.Context, c *Client) error { _, err := c.Quotas(ctx); return err },
		"OS versions":    func(ctx context.Context, c *Client) error { _, err := c.OSVersions(ctx, nil); return err },
	}
	answers := map[string][]string{
		"images":         {`{"images":null}`, `{"images":[null]}`, `{"images":[{}]}`, `{"images":{}}`},
		"images by tags": {`{"resources":null}`, `{"resources":[null]}`, `{"total_count":36}`},
		"tags":           {`{"tags":null}`, `{"tags":[null]}`, `{"tags":[{"values":["v"]}]}`},
		"quotas":         {`{"quotas":{}}`, `{"quotas":{"resources":[null]}}`, `{"quotas":{"resources":[{}]}}`},
		"OS versions":    {`[{"version_list":[]}]`, `[{"platform":"Debian","version_list":[null]}]`},
	}
	for name, send := range ask {
		for _, body := range append(answers[name], `{}`, `null`, `[null]`, `{"error":"busy"}`, ``, `"text"`) {
			var refused *Error
			err := send(t.Context(), New(newSession(t, reply(200, body)), Options{MaxRetries: -1}))
			if !errors.As(err, &refused) || IsNotFound(err) ||
				!strings.Contains(refused.Message, "not what the API reference documents") {
				t.Errorf("%s, %s: got %v", name, body, err)
			}
		}
	}
	for name, body := range map[string]string{
		"images": `{"images":[]}`, "images by tags": `{"resources":[],"total_count":0}`, "tags": `{"tags":[]}`,
		"quotas": `{"quotas":{"resources":[]}}`, "OS versions": `[]`,
	} {
		if err := ask[name](t.Context(), New(newSession(t, reply(200, body)), Options{})); err != nil {
			t.Errorf("%s, %s: got %v", name, body, err)
		}
	}
}

// TestListsEnd: a list that goes on and on is an error.
func TestListsEnd(t *testing.T) {
	next := 0
	fresh := func(page func(ids []string) string, most int) reaction {
		return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			ids := make([]string, most)
			for i := range ids {
				next++
				ids[i] = strconv.Itoa(next)
			}
			return reply(200, page(ids))(ctx, req)
		}
	}
	images := fresh(func(ids []string) string {
		return `{"images":[{"id":"` + strings.Join(ids, `"},{"id":"`) + `"}]}`
	}, pageSize)
	tagged := fresh(func(ids []string) string {
		return `{"resources":[{"resource_id":"` + strings.Join(ids, `"},{"resource_id":"`) + `"}],"total_count":1000000000}`
	}, 1)
	for name, test := range map[string]struct {
		page reaction
		ask  func(context.Context, *Client) error
	}{
		"images": {images, listAll}, "images by tags": {tagged, searchByTags},
	} {
		session := newSession(t, test.page)
		err := test.ask(t.Context(), New(session, Options{RequestsPerSecond: 1000000}))
		if err == nil || !strings.Contains(err.Error(), "does not end") || session.count() != mostPages {
			t.Errorf("%s: got %v after %d requests", name, err, session.count())
		}
	}
}
