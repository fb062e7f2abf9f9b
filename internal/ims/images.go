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

// pageSize is the largest page the service gives (API reference, Querying Images).
const pageSize = 500

// Image reads one image. One that is gone is [ErrNotFound]: here, and nowhere else, it is decided that an image is gone. The list
// is asked first. It may leave an image out while it is made, or just after; the native read (API reference, Querying Image
// Details (Native OpenStack API)) knows it all the same. A cloud that does not offer that read is believed by its list.
func (c *Client) Image(ctx context.Context, id string) (*Image, error) {
	image, err := c.listed(ctx, id)
	if !errors.Is(err, ErrNotFound) {
		return image, err
	}
	native, nativeErr := c.nativeImage(ctx, id)
	if IsNotFound(nativeErr) || HasCode(nativeErr, CodeNoAPI) {
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
	if err := c.do(ctx, call, &page); err != nil {
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
	if body.Images == nil {
		return errors.New("it holds no list of images")
	}
	p.Images = *body.Images
	return nil
}

// Images lists the images that match filter, in the service's order, reading every page. Those that the service has deleted and
// still lists are left out.
func (c *Client) Images(ctx context.Context, filter ImageFilter) ([]Image, error) {
	query := filter.query()
	query.Set("limit", strconv.Itoa(pageSize))
	var images []Image
	seen := map[string]bool{}
	for {
		var page imagePage
		err := c.do(ctx, call{
			operation: "list images", class: safe, list: true, method: http.MethodGet, path: "v2/cloudimages", query: query,
		}, &page)
		if err != nil {
			return nil, err
		}
		fresh := 0
		for _, image := range page.Images {
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
		if len(page.Images) < pageSize || fresh == 0 {
			return images, nil
		}
		query.Set("marker", page.Images[len(page.Images)-1].ID)
	}
}

// Attributes that [Client.UpdateImage] changes, by their names on the wire (API reference, Updating an Image).
const (
	AttributeName              = "name"
	AttributeDescription       = "__description"
	AttributeEnterpriseProject = "enterprise_project_id"
	AttributeMinRAM            = "min_ram"
	AttributeMaxRAM            = "max_ram"
	AttributeFirmware          = "hw_firmware_type"
	AttributeMultiQueue        = "hw_vif_multiqueue_enabled"
)

// Change is an attribute's new value.
type Change struct {
	// Value is a string, or an int64 for the memory sizes.
	Value any
	// Present tells whether the image is thought to have the attribute now.
	Present bool
}

type patchOperation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// UpdateImage changes attributes in one request and returns the image as it then is. Only active images can be changed.
func (c *Client) UpdateImage(ctx context.Context, id string, changes map[string]Change) (*Image, error) {
	operations := patchOperations(changes, func(name string) bool { return changes[name].Present })
	image, err := c.patch(ctx, id, operations)
	if !HasCode(err, CodeConflict) {
		return image, err
	}
	current, readErr := c.Image(ctx, id)
	if readErr != nil {
		return nil, err
	}
	again := patchOperations(changes, current.Has)
	if slices.Equal(again, operations) {
		again = otherOperations(again)
	}
	return c.patch(ctx, id, again)
}

// otherOperations are what is left to try when the operations that fit the image are refused: a cloud that adds nothing takes
// replace for all, one that lists attributes it does not have takes add.
func otherOperations(operations []patchOperation) []patchOperation {
	other := "add"
	if slices.ContainsFunc(operations, func(o patchOperation) bool { return o.Op == "add" }) {
		other = "replace"
	}
	others := slices.Clone(operations)
	for i := range others {
		others[i].Op = other
	}
	return others
}

// patchOperations adds what the image lacks and replaces what it has: the service refuses to replace what is not there.
func patchOperations(changes map[string]Change, has func(string) bool) []patchOperation {
	operations := make([]patchOperation, 0, len(changes))
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		op := "add"
		if has(name) {
			op = "replace"
		}
		operations = append(operations, patchOperation{Op: op, Path: "/" + name, Value: changes[name].Value})
	}
	return operations
}

func (c *Client) patch(ctx context.Context, id string, operations []patchOperation) (*Image, error) {
	var image Image
	err := c.do(ctx, call{
		operation: "update image " + id, class: safe,
		method: http.MethodPatch, path: "v2/cloudimages/" + url.PathEscape(id), body: operations,
	}, &image)
	if err != nil {
		return nil, err
	}
	if image.ID != id { // an answer of another form must not pass for an image without attributes
		return c.Image(ctx, id)
	}
	return &image, nil
}

// glancePatch is the content type of Glance's PATCH.
const glancePatch = "application/openstack-images-v2.1-json-patch"

// ProtectImage switches an image's protection from being deleted. It goes through Glance: IMS has no operation for it.
func (c *Client) ProtectImage(ctx context.Context, id string, protected bool) error {
	return c.do(ctx, call{
		operation: "protect image " + id, class: safe,
		method: http.MethodPatch, path: "v2/images/" + url.PathEscape(id),
		header: http.Header{"Content-Type": {glancePatch}},
		body:   []patchOperation{{Op: "replace", Path: "/protected", Value: protected}},
	}, nil)
}

// DeleteImage deletes an image; the service goes on listing it for some seconds. deleteBackup also deletes the backup that
// a full-ECS image is based on; nil says nothing of it. An image that does not exist is an error of which [IsNotFound] is true.
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
