package ims

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// registerAgain is when a request to register a file whose answer was lost is sent again.
const registerAgain = 5 * time.Second

// RegisterFile starts the job that takes a file in OBS ("bucket:object") for an image made by [Client.CreateMetadata]
// (API reference, Registering an Image). A job without an id: the image has its file already, or is about to get it.
//
// An image takes one file. So the request is sent a second time when its answer was lost: if the first one was
// accepted, the second is refused.
func (c *Client) RegisterFile(ctx context.Context, id, imageURL string) (StartedJob, error) {
	started, err := c.register(ctx, id, imageURL)
	if !AnswerLost(err) {
		return started, err
	}
	if c.clock.Sleep(ctx, registerAgain) != nil {
		//nolint:nilerr // the context's end is the caller's to see, and no reason to think that the image has no file
		return StartedJob{}, nil
	}
	started, err = c.register(ctx, id, imageURL)
	if AnswerLost(err) {
		return StartedJob{}, nil
	}
	return started, err
}

func (c *Client) register(ctx context.Context, id, imageURL string) (StartedJob, error) {
	var accepted acceptedJob
	err := c.do(ctx, call{
		operation: "register the file of image " + id, class: startsJob,
		method: http.MethodPut, path: "v1/cloudimages/" + url.PathEscape(id) + "/upload",
		body: map[string]string{"image_url": imageURL},
	}, &accepted)
	if HasCode(err, CodeUnavailable) {
		return StartedJob{}, nil
	}
	if err != nil {
		return StartedJob{}, err
	}
	return StartedJob{ID: accepted.id, Expected: expected["register"]}, nil
}
