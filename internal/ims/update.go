package ims

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

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
	// Value is a string, or an int64 for the memory sizes. Nil removes the attribute.
	Value any
	// Present tells whether the image is thought to have the attribute now.
	Present bool
}

type patchOperation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"` // left out when nil: "" is a value
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
	switch {
	case len(again) == 0: // all that was to be removed is gone
		return current, nil
	case slices.Equal(again, operations):
		again = otherOperations(again)
	}
	return c.patch(ctx, id, again)
}

// otherOperations are what is left to try when the operations that fit the image are refused: a cloud that adds nothing
// takes replace for all, one that lists attributes it does not have takes add.
func otherOperations(operations []patchOperation) []patchOperation {
	other := "add"
	if slices.ContainsFunc(operations, func(o patchOperation) bool { return o.Op == "add" }) {
		other = "replace"
	}
	others := slices.Clone(operations)
	for i := range others {
		if others[i].Op != "remove" {
			others[i].Op = other
		}
	}
	return others
}

// patchOperations adds what the image lacks and replaces what it has: the service refuses to replace what is not there. It
// removes only what is there.
func patchOperations(changes map[string]Change, has func(string) bool) []patchOperation {
	operations := make([]patchOperation, 0, len(changes))
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		operation := patchOperation{Op: "add", Path: "/" + escapePointer(name), Value: changes[name].Value}
		switch {
		case has(name) && operation.Value == nil:
			operation.Op = "remove"
		case has(name):
			operation.Op = "replace"
		case operation.Value == nil:
			continue
		}
		operations = append(operations, operation)
	}
	return operations
}

// escapePointer is a name as a part of a JSON pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
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

// ProtectImage switches an image's protection from being deleted. It goes through Glance: IMS has no operation for it. Whether
// Glance has one is documented nowhere (API reference, Modifying an Image (Native OpenStack API)): some clouds may refuse it.
func (c *Client) ProtectImage(ctx context.Context, id string, protected bool) error {
	return c.do(ctx, call{
		operation: "protect image " + id, class: safe,
		method: http.MethodPatch, path: "v2/images/" + url.PathEscape(id),
		header: http.Header{"Content-Type": {glancePatch}},
		body:   []patchOperation{{Op: "replace", Path: "/protected", Value: protected}},
	}, nil)
}
