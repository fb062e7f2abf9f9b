package ims

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

const (
	// pageSize is the largest page that every cloud gives (API reference, Querying Images).
	pageSize = 500
	// mostPages are more than any project has, of any list: a list that is longer does not end.
	mostPages = 100
)

// Image reads one image. One that is gone is [ErrNotFound]: here it is decided that an image is gone; [Sight] does it
// the same way, one look at a time. The list is asked first. It may leave an image out while it is made, or just
// after; the native read (API
// reference, Querying Image Details (Native OpenStack API)) knows it all the same. A cloud that does not offer that
// read is believed by its list.
func (c *Client) Image(ctx context.Context, id string) (*Image, error) {
	image, err := c.listed(ctx, id)
	if !errors.Is(err, ErrNotFound) {
		return image, err
	}
	native, nativeErr := c.nativeImage(ctx, id)
	if IsNotFound(nativeErr) || IsNotOffered(nativeErr) {
		return nil, err
	}
	return native, nativeErr
}

// listed reads one image from the list. One that the list leaves out is [ErrNotFound].
func (c *Client) listed(ctx context.Context, id string) (*Image, error) {
	var page imagePage
	call := call{
		operation: "read image " + id, class: safe, list: true,
		method: http.MethodGet, path: "v2/cloudimages", query: url.Values{"id": {id}},
	}
	if err := c.list(ctx, call, &page); err != nil {
		return nil, err
	}
	// A gone image is an empty list; a cloud that ignores the filter must not pass another image off as this one.
	for i := range page.Images {
		if page.Images[i].ID == id && !page.Images[i].IsDeleted() {
			return &page.Images[i], nil
		}
	}
	return nil, fmt.Errorf("read image %s: %w", id, ErrNotFound)
}

// nativeImage reads one image natively. One that is gone is an error of which [IsNotFound] is true.
func (c *Client) nativeImage(ctx context.Context, id string) (*Image, error) {
	image, err := c.GlanceImage(ctx, id)
	if err == nil && image.IsDeleted() {
		return nil, fmt.Errorf("image %s is %s: %w", id, image.Status, ErrNotFound)
	}
	return image, err
}

// GlanceImage reads one image through Glance, which also knows those without a file. One that does not exist is an
// error of which [IsNotFound] is true.
func (c *Client) GlanceImage(ctx context.Context, id string) (*Image, error) {
	call := call{
		operation: "read image " + id, class: safe, method: http.MethodGet, path: "v2/images/" + url.PathEscape(id),
	}
	var image Image
	if err := c.do(ctx, call, &image); err != nil {
		return nil, err
	}
	if image.ID != id {
		return nil, &Error{
			Operation: call.operation,
			Status:    http.StatusOK,
			Message:   "the answer is not the image",
			list:      true,
		}
	}
	return &image, nil
}

// AllGrantedProjects are all enterprise projects that the user may see (API reference, Querying Images).
const AllGrantedProjects = "all_granted_eps"

// list asks for a list of images. A user whose rights come through enterprise projects alone is refused unless the
// request names some: then it is asked again for all that are granted, and so is every list from then on. Other users'
// lists do not name any, since not every cloud has enterprise projects.
func (c *Client) list(ctx context.Context, call call, page *imagePage) error {
	const parameter = "enterprise_project_id"
	if call.query.Has(parameter) {
		return c.do(ctx, call, page)
	}
	granted := call
	granted.query = maps.Clone(call.query)
	granted.query.Set(parameter, AllGrantedProjects)
	if c.grantedOnly.Load() {
		return c.do(ctx, granted, page)
	}
	err := c.do(ctx, call, page)
	if !IsForbidden(err) || c.do(ctx, granted, page) != nil {
		return err
	}
	c.grantedOnly.Store(true)
	return nil
}

type imagePage struct {
	Images []Image
}

// UnmarshalJSON refuses an answer without a list: it must not pass for an empty one, which says that an image is gone.
func (p *imagePage) UnmarshalJSON(data []byte) error {
	var body struct {
		Images *[]Image `json:"images"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	images, err := required(body.Images, "images", "id", func(image *Image) string { return image.ID })
	p.Images = images
	return err
}

// Images lists the images that match filter, in the service's order, reading every page. Those that the service has
// deleted and still lists are left out. A list that does not end is an error.
func (c *Client) Images(ctx context.Context, filter ImageFilter) ([]Image, error) {
	query := filter.query()
	var images []Image
	seen := map[string]bool{}
	for range mostPages {
		page, err := c.imagePage(ctx, query)
		if err != nil {
			return nil, err
		}
		fresh := 0
		for _, image := range page {
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
		if len(page) < pageSize || fresh == 0 {
			return images, nil
		}
		query.Set("marker", page[len(page)-1].ID)
	}
	return nil, endless(listImages)
}

// FirstImages is the first page of what [Client.Images] lists, by one request: for a look around, where it does not
// matter that there may be more.
func (c *Client) FirstImages(ctx context.Context, filter ImageFilter) ([]Image, error) {
	page, err := c.imagePage(ctx, filter.query())
	return slices.DeleteFunc(page, func(image Image) bool { return image.IsDeleted() }), err
}

const listImages = "list images"

func (c *Client) imagePage(ctx context.Context, query url.Values) ([]Image, error) {
	query.Set("limit", strconv.Itoa(pageSize))
	var page imagePage
	err := c.list(ctx, call{
		operation: listImages, class: safe, list: true, method: http.MethodGet, path: "v2/cloudimages", query: query,
	}, &page)
	return page.Images, err
}

// endless is the error of a list that goes on and on.
func endless(operation string) error {
	return &Error{
		Operation: operation, Status: http.StatusOK, list: true,
		Message: fmt.Sprintf("the list does not end: there are more than %d pages", mostPages),
	}
}

// DeleteImage deletes an image; the service goes on listing it for some seconds. deleteBackup also deletes the backup
// that a full-ECS image is based on; nil says nothing of it. An image that does not exist is an error of which
// [IsNotFound] is true.
func (c *Client) DeleteImage(ctx context.Context, id string, deleteBackup *bool) error {
	call := call{
		operation: "delete image " + id, class: safe,
		method: http.MethodDelete, path: "v2/images/" + url.PathEscape(id),
	}
	if deleteBackup != nil {
		call.body = map[string]bool{"delete_backup": *deleteBackup}
	}
	return c.do(ctx, call, nil)
}
