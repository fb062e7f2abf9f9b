package emulator

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// glanceUpload is PUT /v2/images/{id}/file: the file is counted, summed and thrown away as it comes.
func (e *Emulator) glanceUpload(c *call) (answer, error) {
	left := c.request.Context().Err
	if left() != nil {
		return answer{}, errDropped // during a pause: nothing has begun
	}
	var body io.Reader = c.request.Body
	if isSigned(c.request) {
		// The signature covers the body, so the gateway has to hold all of it.
		held, err := readBody(body, longestSignedBody)
		if err != nil {
			return answer{}, err
		}
		c.body, body = held, bytes.NewReader(held)
	}
	if err := e.beginUpload(c); err != nil {
		return answer{}, err
	}
	sum := md5.New()
	size, err := io.Copy(sum, io.LimitReader(body, largestFile+1))
	err = errors.Join(err, left()) // who does not stay for the answer has not uploaded it

	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	image := e.existing(c.vars["id"])
	switch {
	case image == nil:
		return answer{}, glance(http.StatusGone, "The image was deleted during the upload.")
	case err != nil:
		image.Status = statusQueued // Glance lets the client try again
		return answer{}, glance(http.StatusBadRequest, "The upload broke off.")
	case size > largestFile:
		image.Status = statusKilled
		return answer{}, glance(http.StatusRequestEntityTooLarge, "The file is larger than 128 GB.")
	}
	image.Status, image.ActiveAt, image.UpdatedAt = statusActive, e.second(), e.second()
	image.Attributes["__image_size"] = strconv.FormatInt(size, 10)
	image.Attributes["checksum"] = hex.EncodeToString(sum.Sum(nil))
	image.Attributes["size"] = size
	e.save()
	return noContent(), nil
}

// peek takes the beginning of a file and leaves it in its place. Only of a request whose body has ended does the server
// notice that its client has gone; so that of a small file is read before a pause.
func (c *call) peek() {
	body := c.request.Body
	begin, _ := io.ReadAll(io.LimitReader(body, peeked)) // what went wrong is met again
	c.request.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(begin), body), body}
}

// peeked is how much of a file is read before a pause.
const peeked = 64 << 10

// beginUpload signs in and takes the image for the upload.
func (e *Emulator) beginUpload(c *call) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	if err := e.signIn(c); err != nil {
		return err
	}
	image, err := e.changeable(c)
	if err != nil {
		return err
	}
	if image.Status != statusQueued || image.JobID != "" {
		return glance(http.StatusConflict, "The image is "+image.Status+", not queued.")
	}
	if c.request.Header.Get("Content-Type") != "application/octet-stream" {
		return glance(http.StatusUnsupportedMediaType, "The content type is not application/octet-stream.")
	}
	image.Status = statusSaving
	return nil
}
