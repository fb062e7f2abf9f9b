package ims

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// requestLimit is how long one request may take. Uploads are not bound by it.
const requestLimit = 60 * time.Second

// class says when a request may be sent again.
type class int

const (
	// safe requests have the same effect however often they are sent.
	safe class = iota
	// startsJob requests make something each time: they are sent again only when they were surely refused or never sent.
	startsJob
)

// call describes one request.
type call struct {
	operation string // what it does, for logs and errors: "read image"
	class     class
	list      bool // asks for a list: a 404 says that the address is wrong, not that something is gone
	method    string
	path      string // below the endpoint, no slash in front
	query     url.Values
	header    http.Header
	body      any // encoded as JSON; nil for none
}

// answer is a response read to its end.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	requestID string
}

// do sends a call as often as its class allows and decodes the answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, call call, out any) error {
	var body []byte
	if call.body != nil {
		var err error
		if body, err = json.Marshal(call.body); err != nil {
			return fmt.Errorf("%s: encoding the request: %w", call.operation, err)
		}
	}
	retry := c.newRetry(call)
	for {
		if err := c.limit.wait(ctx, givesWay(ctx)); err != nil {
			return retry.interrupted(err)
		}
		got, err := c.send(ctx, call, body)
		if err == nil {
			if out == nil {
				return nil
			}
			return decode(call, got, out)
		}
		pause, again := retry.after(err)
		if !again {
			return c.withFigures(ctx, call, err)
		}
		tflog.Debug(ctx, "IMS request will be sent again", map[string]any{
			"operation": call.operation, "pause": pause.String(), "error": err.Error(),
		})
		if isRateLimit(err) {
			c.limit.hold(pause)
		}
		if err := c.clock.Sleep(ctx, pause); err != nil {
			return retry.interrupted(err)
		}
	}
}

// send sends a call once. Any answer that is not 2xx is an [*Error].
func (c *Client) send(ctx context.Context, call call, body []byte) (*answer, error) {
	limited := ctx
	if call.class == startsJob {
		// A cancellation now would lose the job's id and with it the image.
		limited = context.WithoutCancel(ctx)
	}
	limited, stop := context.WithTimeout(limited, requestLimit)
	defer stop()

	header := call.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Accept", "application/json")
	header.Set("X-Language", "en-us") // else messages may be Chinese
	if body != nil && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	start := time.Now()
	response, err := c.session.Do(limited, &cloud.Request{
		Method: call.method, Path: call.path, Query: call.query, Header: header, Body: body,
	})
	if err != nil {
		logRequest(ctx, call, start, nil, err)
		if ctx.Err() != nil && call.class == safe {
			return nil, fmt.Errorf("%s: %w", call.operation, ctx.Err())
		}
		return nil, &transportError{operation: call.operation, err: err}
	}
	got, err := c.read(response)
	logRequest(ctx, call, start, got, err)
	if err != nil {
		return nil, &transportError{operation: call.operation, err: err}
	}
	if got.status < 200 || got.status > 299 {
		failure := newError(call.operation, got, c.clock.Now())
		failure.list = call.list
		return nil, failure
	}
	return got, nil
}

func logRequest(ctx context.Context, call call, start time.Time, got *answer, err error) {
	fields := map[string]any{
		"operation":   call.operation,
		"method":      call.method,
		"path":        call.path,
		"duration_ms": time.Since(start).Milliseconds(),
	}
	if got != nil {
		fields["status"] = got.status
		fields["request_id"] = got.requestID
	}
	if err != nil {
		fields["error"] = err.Error()
	}
	tflog.Debug(ctx, "IMS request", fields)
}

// transportError is a request that got no answer, or not all of it.
type transportError struct {
	operation string
	err       error
}

func (e *transportError) Error() string { return e.operation + ": " + e.err.Error() }
func (e *transportError) Unwrap() error { return e.err }

// NotSent tells whether the request surely never reached the service.
func NotSent(err error) bool { return errors.Is(err, cloud.ErrNotSent) }
