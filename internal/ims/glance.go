package ims

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// Metadata is an image to come, whose file is still to be uploaded or registered (API reference, Creating Image Metadata
// (Native OpenStack API)).
type Metadata struct {
	Name       string
	OSVersion  string // "" is left to the service
	DiskFormat string // zvhd2, vhd, raw, qcow2, …; "" is the service's own
	MinDisk    int64  // GB; 0 is left to the service
	MinRAM     int64  // MB
	Protected  bool
	Tags       map[string]string
}

type metadataRequest struct {
	Name            string   `json:"name"`
	OSVersion       string   `json:"__os_version,omitempty"`
	ContainerFormat string   `json:"container_format"`
	DiskFormat      string   `json:"disk_format,omitempty"`
	MinDisk         int64    `json:"min_disk,omitempty"`
	MinRAM          int64    `json:"min_ram,omitempty"`
	Visibility      string   `json:"visibility"`
	Protected       bool     `json:"protected,omitempty"`
	Tags            []string `json:"tags,omitempty"`
}

// CreateMetadata makes an image without a file; it is queued until one comes. Each request makes another image, so it is sent
// again only when it surely made none.
func (c *Client) CreateMetadata(ctx context.Context, metadata *Metadata) (*Image, error) {
	request := metadataRequest{
		Name: metadata.Name, OSVersion: metadata.OSVersion, ContainerFormat: "bare", DiskFormat: metadata.DiskFormat,
		MinDisk: metadata.MinDisk, MinRAM: metadata.MinRAM, Visibility: "private", Protected: metadata.Protected,
	}
	for _, key := range slices.Sorted(maps.Keys(metadata.Tags)) {
		request.Tags = append(request.Tags, key+"="+metadata.Tags[key])
	}
	call := call{
		operation: "create image metadata", class: startsJob, list: true, method: http.MethodPost, path: "v2/images", body: request,
	}
	var image Image
	if err := c.do(ctx, call, &image); err != nil {
		return nil, err
	}
	if image.ID == "" {
		return nil, &Error{Operation: call.operation, Status: http.StatusCreated, Message: "the answer has no image id", list: true}
	}
	c.MarkMade(image.ID)
	return &image, nil
}

// GlanceImage reads one image through Glance, which also knows those without a file. One that does not exist is an error of
// which [IsNotFound] is true.
func (c *Client) GlanceImage(ctx context.Context, id string) (*Image, error) {
	call := call{operation: "read image " + id, class: safe, method: http.MethodGet, path: "v2/images/" + url.PathEscape(id)}
	var image Image
	if err := c.do(ctx, call, &image); err != nil {
		return nil, err
	}
	if image.ID != id {
		return nil, &Error{Operation: call.operation, Status: http.StatusOK, Message: "the answer is not the image", list: true}
	}
	return &image, nil
}

// An upload has no limit as a whole. What it may not do is stand still: while the file is sent, or afterwards, when the service
// stores what it has received.
const (
	stallLimit = 2 * time.Minute
	storeLimit = 15 * time.Minute
)

var (
	errStalled  = fmt.Errorf("nothing could be sent for %s", stallLimit)
	errUnstored = fmt.Errorf("the whole file was sent, and no answer came within %s", storeLimit)
)

// UploadFile sends a file of that size for an image that is queued (API reference, Uploading an Image (Native OpenStack API)).
// It keeps no more of the file than is on its way, and sends it once: after an error the image may be queued, saving or
// active, which only reading it tells. The image is read first, so that a token that has died meanwhile is renewed before.
func (c *Client) UploadFile(ctx context.Context, id string, file io.Reader, size int64) error {
	operation := "upload the file of image " + id
	image, err := c.GlanceImage(ctx, id)
	if err != nil {
		return err
	}
	if image.Status != StatusQueued {
		return &Error{Operation: operation, Message: fmt.Sprintf("the image is %s; only one that is queued takes a file", image.Status)}
	}
	if err := c.limit.wait(ctx, false); err != nil {
		return fmt.Errorf("%s: not sent: %w", operation, err)
	}
	return c.upload(ctx, call{
		operation: operation, method: http.MethodPut, path: "v2/images/" + url.PathEscape(id) + "/file",
	}, file, size)
}

func (c *Client) upload(ctx context.Context, call call, file io.Reader, size int64) error {
	limited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	body := &countedReader{next: file}
	go body.watch(limited, stop, c.stallLimit, c.storeLimit)

	start := time.Now()
	response, err := c.session.Do(limited, &cloud.Request{
		Method: call.method, Path: call.path, Stream: body, StreamLength: size,
		Header: http.Header{"Content-Type": {"application/octet-stream"}, "Accept": {"application/json"}},
	})
	var got *answer
	if err == nil {
		got, err = c.read(response)
	}
	logRequest(ctx, call, start, got, err)
	tflog.Debug(ctx, "IMS upload", map[string]any{"operation": call.operation, "bytes": body.sent.Load(), "of": size})
	switch {
	case err == nil && got.status >= 200 && got.status <= 299:
		return nil
	case err == nil:
		return newError(call.operation, got, c.clock.Now())
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", call.operation, ctx.Err())
	}
	if cause := context.Cause(limited); errors.Is(cause, errStalled) || errors.Is(cause, errUnstored) {
		err = cause
	}
	return &transportError{operation: call.operation, err: fmt.Errorf("%w, after %d of %d bytes", err, body.sent.Load(), size)}
}

// countedReader counts what is read of a file, which is what goes out, but for the little that is on its way.
type countedReader struct {
	next io.Reader
	sent atomic.Int64
	done atomic.Bool
}

func (r *countedReader) Read(p []byte) (int, error) {
	n, err := r.next.Read(p)
	r.sent.Add(int64(n))
	if errors.Is(err, io.EOF) {
		r.done.Store(true)
	}
	return n, err
}

// watch ends the upload when it stands still.
func (r *countedReader) watch(ctx context.Context, stop context.CancelCauseFunc, stall, store time.Duration) {
	for !r.done.Load() {
		before := r.sent.Load()
		if !wait(ctx, stall) {
			return
		}
		if r.sent.Load() == before && !r.done.Load() {
			stop(errStalled)
			return
		}
	}
	if wait(ctx, store) {
		stop(errUnstored)
	}
}

// wait tells whether the time passed before the context ended.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
