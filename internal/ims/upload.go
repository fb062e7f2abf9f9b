package ims

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// An upload has no limit as a whole. What it may not do is stand still: while the file is sent, or afterwards, when the
// service stores what it has received.
const (
	stallLimit = 2 * time.Minute
	storeLimit = 15 * time.Minute
)

var (
	errStalled  = fmt.Errorf("nothing could be sent for %s", stallLimit)
	errUnstored = fmt.Errorf("the whole file was sent, and no answer came within %s", storeLimit)
)

// UploadFile sends a file of that size for an image that is queued (API reference, Uploading an Image (Native OpenStack
// API)). It keeps no more of the file than is on its way, and sends it once: after an error the image may be queued,
// saving or active, which only reading it tells. The image is read first, so that a token that has died meanwhile is
// renewed before.
func (c *Client) UploadFile(ctx context.Context, id string, file io.Reader, size int64) error {
	operation := "upload the file of image " + id
	image, err := c.GlanceImage(ctx, id)
	switch {
	case IsNotOffered(err): // then the service itself refuses what it does not take
	case err != nil:
		return err
	case image.Status != StatusQueued:
		return &Error{
			Operation: operation,
			Message:   fmt.Sprintf("the image is %s; only one that is queued takes a file", image.Status),
		}
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
		Method:       call.method,
		Path:         call.path,
		Stream:       body,
		StreamLength: size,
		Header: http.Header{
			"Content-Type": {"application/octet-stream"},
			"Accept":       {"application/json"},
			"X-Language":   {"en-us"},
		},
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
	return &transportError{
		operation: call.operation,
		err:       fmt.Errorf("%w, after %d of %d bytes", err, body.sent.Load(), size),
	}
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

// watch ends the upload when it stands still. It goes by real time, as the network does.
func (r *countedReader) watch(ctx context.Context, stop context.CancelCauseFunc, stall, store time.Duration) {
	before := int64(-1)
	sending := Polling{For: "an upload", Every: stall}
	err := poll(ctx, wallClock{}, sending, func(context.Context) (Look, error) {
		sent := r.sent.Load()
		if r.done.Load() {
			return Look{Done: true}, nil
		}
		if sent == before {
			return Look{}, errStalled
		}
		before = sent
		return Look{}, nil
	})
	if err != nil {
		stop(err)
		return
	}
	storing := Polling{For: "the answer to an upload", Every: store, Later: true}
	if poll(ctx, wallClock{}, storing, func(context.Context) (Look, error) { return Look{Done: true}, nil }) == nil {
		stop(errUnstored)
	}
}
