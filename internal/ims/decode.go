package ims

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// read takes a response to its end, so that its connection is used again, and learns the server's time from it.
func (c *Client) read(response *http.Response) (*answer, error) {
	body, err := io.ReadAll(response.Body)
	if closeErr := response.Body.Close(); err == nil {
		err = closeErr
	}
	got := &answer{status: response.StatusCode, header: response.Header, body: body, requestID: requestID(response.Header)}
	if date, dateErr := http.ParseTime(response.Header.Get("Date")); dateErr == nil {
		c.mu.Lock()
		skew := date.Sub(c.clock.Now())
		c.skew = &skew
		c.mu.Unlock()
	}
	return got, err
}

func decode(call call, got *answer, out any) error {
	decoder := json.NewDecoder(bytes.NewReader(got.body))
	if err := decoder.Decode(out); err != nil {
		return &Error{
			Operation: call.operation, Status: got.status, RequestID: got.requestID,
			Message: fmt.Sprintf("the answer is not what the API reference documents: %v", err), list: call.list, err: err,
		}
	}
	return nil
}

// required is a list that an answer must have. An answer without it must not pass for an empty list, nor an element
// without its key for one that is there. of and key are words for an error: "images", "id".
func required[T any](list *[]T, of, key string, keyOf func(*T) string) ([]T, error) {
	if list == nil {
		return nil, fmt.Errorf("it holds no list of %s", of)
	}
	for i := range *list {
		if keyOf(&(*list)[i]) == "" {
			return nil, fmt.Errorf("one of its %s has no %s", of, key)
		}
	}
	return *list, nil
}

// requestID is the id the service gave the request, which its support asks for.
func requestID(header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Openstack-Request-Id"} {
		if id := header.Get(name); id != "" {
			return id
		}
	}
	return ""
}
