package ims

import (
	"context"
	"encoding/json"
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
	Matches       []Tag // attributes and their values; "resource_name" is the one that the reference names
}

// taggedPage is the most images in an answer.
const taggedPage = 1000

// ImagesByTags lists the project's images that match query, in the service's order, reading every page. Those that the
// service has deleted and still lists are left out.
func (c *Client) ImagesByTags(ctx context.Context, query TagQuery) ([]Image, error) {
	path, err := c.projectPath(ctx, "v2", "images/resource_instances/action")
	if err != nil {
		return nil, err
	}
	var images []Image
	seen := map[string]bool{}
	for offset := 0; ; {
		var page struct {
			Resources []taggedImage `json:"resources"`
			Total     Int           `json:"total_count"`
		}
		err := c.do(ctx, call{
			operation: "list images by tags", class: safe, list: true, method: http.MethodPost, path: path,
			body: tagRequest{
				Action: "filter", Tags: query.Tags, TagsAny: query.TagsAny, NotTags: query.NotTags, NotTagsAny: query.NotTagsAny,
				WithoutAnyTag: query.WithoutAnyTag, Matches: query.Matches,
				Limit: strconv.Itoa(taggedPage), Offset: strconv.Itoa(offset),
			},
		}, &page)
		if err != nil {
			return nil, err
		}
		fresh := 0
		for i := range page.Resources {
			image := page.Resources[i].image()
			if seen[image.ID] {
				continue
			}
			seen[image.ID] = true
			fresh++
			if !image.IsDeleted() {
				images = append(images, image)
			}
		}
		// A page of nothing new would otherwise be asked for without end.
		if offset += len(page.Resources); fresh == 0 || offset >= int(page.Total) {
			return images, nil
		}
	}
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

type taggedImage struct {
	ID     string          `json:"resource_id"`
	Name   string          `json:"resource_name"`
	Tags   []Tag           `json:"tags"`
	Detail json.RawMessage `json:"resource_detail"`
}

// image is the detail, with what stands beside it where the detail is silent or not an image.
func (t *taggedImage) image() Image {
	var image Image
	if json.Unmarshal(t.Detail, &image) != nil {
		image = Image{}
	}
	if image.ID == "" {
		image.ID = t.ID
	}
	if image.Name == "" {
		image.Name = t.Name
	}
	if len(image.Tags) == 0 {
		for _, tag := range t.Tags {
			image.Tags = append(image.Tags, tag.Key+"="+tag.Value)
		}
	}
	return image
}

// ProjectTags reads all tags of the project's images: the values by key, each in order (API reference, Querying Image
// Tags).
func (c *Client) ProjectTags(ctx context.Context) (map[string][]string, error) {
	path, err := c.projectPath(ctx, "v2", "images/tags")
	if err != nil {
		return nil, err
	}
	var body struct {
		Tags []TagValues `json:"tags"`
	}
	err = c.do(ctx, call{operation: "list tags", class: safe, list: true, method: http.MethodGet, path: path}, &body)
	if err != nil {
		return nil, err
	}
	tags := make(map[string][]string, len(body.Tags))
	for _, tag := range body.Tags {
		tags[tag.Key] = append(tags[tag.Key], tag.Values...)
		slices.Sort(tags[tag.Key])
		tags[tag.Key] = slices.Compact(tags[tag.Key])
	}
	return tags, nil
}
