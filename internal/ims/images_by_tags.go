package ims

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
)

// TagValues is a tag's key with values, one of which a tag has to have. No values: any.
type TagValues struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

// TagQuery says which images to list by their tags (API reference, Querying Images by Tag). A field that is empty is
// not sent.
type TagQuery struct {
	Tags          []TagValues // all of them
	TagsAny       []TagValues // at least one
	NotTags       []TagValues // not all of them
	NotTagsAny    []TagValues // none
	WithoutAnyTag bool
	Matches       []Tag // "resource_name" with a part of the name, "resource_id" with the id
}

const (
	// taggedPage is the most images in an answer.
	taggedPage = 1000
	// fewImages are as many as are read one by one: for more, the list of all takes fewer requests.
	fewImages = 3
)

// ImagesByTags lists the project's images that match query, in the service's order, reading every page. The answer to
// such a search has no more than an image's id, name, tags and status (API reference, Querying Images by Tag): a few
// images are then read by their ids, more of them from the list of the project's own images. Those that are gone by
// then are left out.
func (c *Client) ImagesByTags(ctx context.Context, query TagQuery) ([]Image, error) {
	ids, err := c.taggedIDs(ctx, query)
	if err != nil {
		return nil, err
	}
	own := map[string]*Image{}
	if len(ids) > fewImages {
		if own, err = c.ownImages(ctx); err != nil {
			return nil, err
		}
	}

	images := make([]Image, 0, len(ids))
	for _, id := range ids {
		if image := own[id]; image != nil {
			images = append(images, *image)
			continue
		}
		image, err := c.Image(ctx, id)
		if err == nil {
			images = append(images, *image)
		} else if !IsNotFound(err) {
			return nil, err
		}
	}
	return images, nil
}

// ownImages are the project's own images by their ids.
func (c *Client) ownImages(ctx context.Context) (map[string]*Image, error) {
	scope, err := c.Scope(ctx)
	if err != nil {
		return nil, err
	}
	images, err := c.Images(ctx, ImageFilter{Owner: scope.ProjectID})
	own := make(map[string]*Image, len(images))
	for i := range images {
		own[images[i].ID] = &images[i]
	}
	return own, err
}

// taggedIDs are the ids of the images that match query, in the service's order, each once.
func (c *Client) taggedIDs(ctx context.Context, query TagQuery) ([]string, error) {
	path, err := c.projectPath(ctx, "v2", "images/resource_instances/action")
	if err != nil {
		return nil, err
	}
	const operation = "list images by tags"
	var ids []string
	seen := map[string]bool{}
	offset := 0
	for range mostPages {
		var page taggedImages
		err := c.do(ctx, call{
			operation: operation, class: safe, list: true, method: http.MethodPost, path: path,
			body: tagRequest{
				Action: "filter", Tags: query.Tags, TagsAny: query.TagsAny, NotTags: query.NotTags, NotTagsAny: query.NotTagsAny,
				WithoutAnyTag: query.WithoutAnyTag, Matches: query.Matches,
				Limit: strconv.Itoa(taggedPage), Offset: strconv.Itoa(offset),
			},
		}, &page)
		if err != nil {
			return nil, err
		}
		before := len(ids)
		for _, id := range page.ids {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
		// A page of nothing new would otherwise be asked for without end.
		if offset += len(page.ids); len(ids) == before || offset >= page.total {
			return ids, nil
		}
	}
	return nil, endless(operation)
}

// tagRequest is the body of the operation; its numbers are strings.
type tagRequest struct {
	Action        string      `json:"action"`
	Tags          []TagValues `json:"tags,omitempty"`
	TagsAny       []TagValues `json:"tags_any,omitempty"`
	NotTags       []TagValues `json:"not_tags,omitempty"`
	NotTagsAny    []TagValues `json:"not_tags_any,omitempty"`
	WithoutAnyTag bool        `json:"without_any_tag,omitempty"`
	Matches       []Tag       `json:"matches,omitempty"`
	Limit         string      `json:"limit"`
	Offset        string      `json:"offset"`
}

// taggedImages is a page of the answer.
type taggedImages struct {
	ids   []string
	total int // of all pages; math.MaxInt where it does not say
}

// UnmarshalJSON refuses an answer without a list of images.
func (t *taggedImages) UnmarshalJSON(data []byte) error {
	type resource struct {
		ID string `json:"resource_id"`
	}
	var body struct {
		Resources *[]resource `json:"resources"`
		Total     *Int        `json:"total_count"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	resources, err := required(body.Resources, "images", "resource_id", func(r *resource) string { return r.ID })
	for _, each := range resources {
		t.ids = append(t.ids, each.ID)
	}
	if t.total = math.MaxInt; body.Total != nil {
		t.total = int(*body.Total)
	}
	return err
}

// ProjectTags reads all tags of the project's images: the values by key, each in order (API reference, Querying Image
// Tags).
func (c *Client) ProjectTags(ctx context.Context) (map[string][]string, error) {
	path, err := c.projectPath(ctx, "v2", "images/tags")
	if err != nil {
		return nil, err
	}
	var all projectTags
	err = c.do(ctx, call{operation: "list tags", class: safe, list: true, method: http.MethodGet, path: path}, &all)
	if err != nil {
		return nil, err
	}
	tags := make(map[string][]string, len(all))
	for _, tag := range all {
		tags[tag.Key] = append(tags[tag.Key], tag.Values...)
		slices.Sort(tags[tag.Key])
		tags[tag.Key] = slices.Compact(tags[tag.Key])
	}
	return tags, nil
}

type projectTags []TagValues

// UnmarshalJSON refuses an answer without a list of tags.
func (t *projectTags) UnmarshalJSON(data []byte) error {
	var body struct {
		Tags *[]TagValues `json:"tags"`
	}
	err := json.Unmarshal(data, &body)
	if err == nil {
		*t, err = required(body.Tags, "tags", "key", func(tag *TagValues) string { return tag.Key })
	}
	return err
}
