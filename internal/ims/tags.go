package ims

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// Tag is a tag in the form that create requests and the tag operations take.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Tags are a map's tags in the order of their keys, so that equal maps make equal requests.
func Tags(tags map[string]string) []Tag {
	list := make([]Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, Tag{Key: key, Value: tags[key]})
	}
	return list
}

// SetTags adds tags to an image and changes the values of those it has; other tags stay. An empty map sends nothing.
func (c *Client) SetTags(ctx context.Context, id string, tags map[string]string) error {
	return c.changeTags(ctx, id, "set tags of image "+id, "create", Tags(tags))
}

// RemoveTags removes tags from an image by key. No keys send nothing.
func (c *Client) RemoveTags(ctx context.Context, id string, tags map[string]string) error {
	return c.changeTags(ctx, id, "remove tags of image "+id, "delete", Tags(tags))
}

func (c *Client) changeTags(ctx context.Context, id, operation, action string, tags []Tag) error {
	if len(tags) == 0 {
		return nil
	}
	path, err := c.projectPath(ctx, "v2", "images/"+url.PathEscape(id)+"/tags/action")
	if err != nil {
		return err
	}
	return c.do(ctx, call{
		operation: operation, class: safe, method: http.MethodPost, path: path,
		body: struct {
			Action string `json:"action"`
			Tags   []Tag  `json:"tags"`
		}{action, tags},
	}, nil)
}

// ImageTags reads an image's tags by key.
func (c *Client) ImageTags(ctx context.Context, id string) (map[string]string, error) {
	path, err := c.projectPath(ctx, "v2", "images/"+url.PathEscape(id)+"/tags")
	if err != nil {
		return nil, err
	}
	var body struct {
		Tags []Tag `json:"tags"`
	}
	if err := c.do(ctx, call{operation: "read tags of image " +
		id, class: safe, method: http.MethodGet, path: path}, &body); err != nil {
		return nil, err
	}
	tags := make(map[string]string, len(body.Tags))
	for _, tag := range body.Tags {
		tags[tag.Key] = tag.Value
	}
	return tags, nil
}

// projectPath is the path of one of the few operations that name the project.
func (c *Client) projectPath(ctx context.Context, version, rest string) (string, error) {
	scope, err := c.session.Connect(ctx)
	if err != nil {
		return "", err
	}
	return version + "/" + url.PathEscape(scope.ProjectID) + "/" + rest, nil
}
