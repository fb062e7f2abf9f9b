package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// listImageTags is GET /v2/{project_id}/images/{image_id}/tags.
func (e *Emulator) listImageTags(c *call) (answer, error) {
	image := e.existing(c.vars["id"])
	if image == nil || !image.readable(c.session.ProjectID) {
		return answer{}, refuse("IMG.0027")
	}
	return ok(map[string]any{"tags": e.tagPairs(image)}), nil
}

// tagPairs are an image's tags as the tag operations show them; a tag without a value has an empty one.
func (e *Emulator) tagPairs(image *Image) []tag {
	pairs := []tag{}
	if e.clock.Now().Before(image.TagsFrom) {
		return pairs
	}
	for _, text := range image.tagList() {
		key, value, _ := strings.Cut(text, "=")
		pairs = append(pairs, tag{key, value})
	}
	return pairs
}

// putTag is POST /v2/{project_id}/images/{image_id}/tags.
func (e *Emulator) putTag(c *call) (answer, error) {
	var body struct {
		Tag tag `json:"tag"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	return e.changeTagsOf(c, c.vars["id"], func(image *Image) error { return image.add(body.Tag, e.tagRules()) })
}

// deleteTag is DELETE /v2/{project_id}/images/{image_id}/tags/{key}.
func (e *Emulator) deleteTag(c *call) (answer, error) {
	return e.changeTagsOf(c, c.vars["id"], func(image *Image) error {
		if image.drop(c.vars["tag"]) {
			return nil
		}
		gone := refuse("IMG.0115", "The image has no such tag.")
		gone.status = http.StatusNotFound
		return gone
	})
}

// changeTags is POST /v2/{project_id}/images/{image_id}/tags/action: all of its tags or none.
func (e *Emulator) changeTags(c *call) (answer, error) {
	var body struct {
		Action string `json:"action"`
		Tags   []tag  `json:"tags"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if len(body.Tags) == 0 || body.Action != "create" && body.Action != "delete" {
		return answer{}, refuse("IMG.0001", `action is neither "create" nor "delete", or there are no tags.`)
	}
	return e.changeTagsOf(c, c.vars["id"], func(image *Image) error {
		for _, t := range body.Tags {
			if body.Action == "delete" {
				image.drop(t.Key)
			} else if err := image.add(t, e.tagRules()); err != nil {
				return err
			}
		}
		return nil
	})
}

// putTagText is PUT /v1/cloudimages/tags, with the tag as "key.value" or as a pair.
func (e *Emulator) putTagText(c *call) (answer, error) {
	var body struct {
		ImageID  string `json:"image_id"`
		Tag      string `json:"tag"`
		ImageTag tag    `json:"image_tag"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	return e.changeTagsOf(c, body.ImageID, func(image *Image) error {
		if body.Tag != "" {
			key, value, _ := strings.Cut(body.Tag, ".")
			body.ImageTag = tag{key, value}
		}
		return image.add(body.ImageTag, e.tagRules())
	})
}

// changeTagsOf changes the tags of one of the project's images as a whole or not at all.
func (e *Emulator) changeTagsOf(c *call, id string, change func(*Image) error) (answer, error) {
	image, err := e.ownImage(c, id)
	if err != nil {
		return answer{}, err
	}
	changed := image.clone()
	if err := change(changed); err != nil {
		return answer{}, err
	}
	if len(changed.tagList()) > e.tagRules().most {
		return answer{}, refuse("IMG.0116")
	}
	changed.TagsFrom = time.Time{}
	changed.UpdatedAt = e.second()
	e.world.Images[id] = changed
	return noContent(), nil
}

func (i *Image) add(t tag, rules tagRules) error {
	if err := rules.check(t); err != nil {
		return err
	}
	i.drop(t.Key)
	i.Tags[t.Key] = t.Value
	return nil
}

// drop takes the tag with a key away, and reports whether it was there.
func (i *Image) drop(key string) bool {
	_, found := i.Tags[key]
	delete(i.Tags, key)
	return i.dropTag(key) || found
}

// listTagTexts is GET /v1/cloudimages/tags: the tags of the images that the list's filters let through, as "key.value".
func (e *Emulator) listTagTexts(c *call) (answer, error) {
	wanted, err := readListing(c.query, e.longestPage(), e.longestPage())
	if err != nil {
		return answer{}, err
	}
	page, err := e.list(c.session.ProjectID, wanted)
	if err != nil {
		return answer{}, err
	}
	texts := []string{}
	for _, image := range page {
		tags, _ := image["tags"].([]string)
		for _, text := range tags {
			texts = append(texts, strings.Replace(text, "=", ".", 1))
		}
	}
	slices.Sort(texts)
	return ok(map[string]any{"tags": slices.Compact(texts)}), nil
}

type keyValues struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

// listProjectTags is GET /v2/{project_id}/images/tags.
func (e *Emulator) listProjectTags(c *call) (answer, error) {
	values := map[string][]string{}
	for _, image := range e.world.Images {
		if image.Owner != c.session.ProjectID || !image.DeletedAt.IsZero() {
			continue
		}
		for _, t := range e.tagPairs(image) {
			values[t.Key] = append(values[t.Key], t.Value)
		}
	}
	all := []keyValues{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		slices.Sort(values[key])
		all = append(all, keyValues{key, slices.Compact(values[key])})
	}
	return ok(map[string]any{"tags": all}), nil
}

// tagQuery is the body of POST /v2/{project_id}/images/resource_instances/action.
type tagQuery struct {
	Action        string      `json:"action"`
	Tags          []keyValues `json:"tags"`
	TagsAny       []keyValues `json:"tags_any"`
	NotTags       []keyValues `json:"not_tags"`
	NotTagsAny    []keyValues `json:"not_tags_any"`
	WithoutAnyTag bool        `json:"without_any_tag"`
	Matches       []tag       `json:"matches"`
	Limit         string      `json:"limit"`
	Offset        string      `json:"offset"`
}

// imagesByTags lists or counts images by their tags.
func (e *Emulator) imagesByTags(c *call) (answer, error) {
	var query tagQuery
	if err := c.decode(&query); err != nil {
		return answer{}, err
	}
	if query.Action != "filter" && query.Action != "count" {
		return answer{}, refuse("IMG.0001", `action is neither "filter" nor "count".`)
	}
	if err := query.checkMatches(); err != nil {
		return answer{}, err
	}
	if query.Action == "count" && (query.Limit != "" || query.Offset != "") {
		return answer{}, refuse("IMG.0001", "limit and offset go with filter only.")
	}
	resources := []any{}
	page, err := e.list(c.session.ProjectID, &listing{sortKey: "created_at", limit: len(e.world.Images)})
	if err != nil {
		return answer{}, err
	}
	for _, listed := range page {
		id, _ := listed["id"].(string)
		image := e.world.Images[id]
		pairs := e.tagPairs(image)
		if image.Owner != c.session.ProjectID || !e.matches(image, query.Matches) || !query.fits(pairs) {
			continue
		}
		resources = append(resources, map[string]any{
			"resource_id": id, "resource_name": image.Name, "tags": pairs,
			"resource_detail": map[string]any{"status": image.Status},
		})
	}
	if query.Action == "count" {
		return ok(map[string]any{"total_count": len(resources)}), nil
	}
	limit, offset, err := query.page()
	if err != nil {
		return answer{}, err
	}
	total := len(resources)
	resources = resources[min(offset, total):min(offset+limit, total)]
	return ok(map[string]any{"resources": resources, "total_count": total}), nil
}

// What a search compares besides tags.
const (
	matchName = "resource_name"
	matchID   = "resource_id"
)

// checkMatches refuses keys that there are not, or that are there twice, and empty values.
func (q *tagQuery) checkMatches() error {
	seen := map[string]bool{}
	for _, m := range q.Matches {
		if m.Key != matchName && m.Key != matchID || seen[m.Key] || m.Value == "" {
			return refuse("IMG.0001", "matches has resource_name and resource_id, each once, with a value.")
		}
		seen[m.Key] = true
	}
	return nil
}

func (q *tagQuery) page() (limit, offset int, err error) {
	limit = 10
	for _, number := range []struct {
		text string
		into *int
		min  int
	}{{q.Limit, &limit, 1}, {q.Offset, &offset, 0}} {
		if number.text == "" {
			continue
		}
		n, err := strconv.Atoi(number.text)
		if err != nil || n < number.min || n > 1000 && number.into == &limit {
			return 0, 0, refuse("IMG.0001", "limit or offset is out of range.")
		}
		*number.into = n
	}
	return limit, offset, nil
}

// matches reports whether an image has the attributes: its id as a whole, a part of its name.
func (e *Emulator) matches(image *Image, wanted []tag) bool {
	for _, m := range wanted {
		whole, of := true, image.ID
		if m.Key == matchName {
			whole, of = e.options.Switches.NamesMatchWhole, image.Name
		}
		if whole && m.Value != of || !strings.Contains(of, m.Value) {
			return false
		}
	}
	return true
}

// fits reports whether an image with such tags does: it has all of tags, one of tags_any, not all of not_tags, none of
// not_tags_any.
func (q *tagQuery) fits(pairs []tag) bool {
	has := func(wanted keyValues) bool {
		return slices.ContainsFunc(pairs, func(t tag) bool {
			return t.Key == wanted.Key && (len(wanted.Values) == 0 || slices.Contains(wanted.Values, t.Value))
		})
	}
	lacks := func(wanted keyValues) bool { return !has(wanted) }
	switch {
	case q.WithoutAnyTag:
		return len(pairs) == 0
	case slices.ContainsFunc(q.Tags, lacks), len(q.TagsAny) > 0 && !slices.ContainsFunc(q.TagsAny, has):
		return false
	default:
		return (len(q.NotTags) == 0 || slices.ContainsFunc(q.NotTags, lacks)) && !slices.ContainsFunc(q.NotTagsAny, has)
	}
}
