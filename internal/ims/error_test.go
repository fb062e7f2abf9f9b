package ims

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

func TestErrorForms(t *testing.T) {
	tests := map[string]struct {
		status  int
		body    string
		headers []string
		want    Error
	}{
		"IMS": {
			400, `{"error":{"code":"IMG.0027","message":"The image ID in the request does not exist."}}`,
			[]string{"X-Request-Id", "r-1"},
			Error{Code: "IMG.0027", Message: "The image ID in the request does not exist.", RequestID: "r-1"},
		},
		"IMS, angle brackets are part of the words": {
			400, `{"error":{"code":"IMG.0054","message":"Spaces and angle brackets (< >) are not allowed."}}`, nil,
			Error{Code: "IMG.0054", Message: "Spaces and angle brackets (< >) are not allowed."},
		},
		"gateway": {
			429, `{"error_code":"APIGW.0308","error_msg":"The throttling threshold has been reached","request_id":"r-2"}`,
			[]string{"Retry-After", "3"},
			Error{
				Code: "APIGW.0308", Message: "The throttling threshold has been reached", RequestID: "r-2",
				RetryAfter: 3 * time.Second,
			},
		},
		"gateway, header before body": {
			404, `{"error_code":"APIGW.0101","error_msg":"The API does not exist","request_id":"r-3"}`,
			[]string{"X-Openstack-Request-Id", "r-4"},
			Error{Code: "APIGW.0101", Message: "The API does not exist", RequestID: "r-4"},
		},
		"gateway, numeric code": {
			500, `{"error_code":5001,"error_msg":"broken"}`, nil, Error{Code: "5001", Message: "broken"},
		},
		"Keystone, numeric code": {
			401, `{"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}}`,
			nil,
			Error{Message: "The request you have made requires authentication."},
		},
		"Glance HTML": {
			404,
			"<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n" +
				"  No image found with ID 1<br /><br />\n </body>\n</html>",
			nil,
			Error{Message: "404 Not Found No image found with ID 1"},
		},
		"Glance JSON": {
			404, `{"message":"No image found with ID 1<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"}`, nil,
			Error{Message: "No image found with ID 1"},
		},
		"XML": {
			503, `<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please wait</Message></Error>`, nil,
			Error{Message: "SlowDown Please wait"},
		},
		"code beside message": {400, `{"code":"IMG.0001","message":"bad"}`, nil, Error{Code: "IMG.0001", Message: "bad"}},
		"code alone": {
			400, `{"error":{"code":"IMG.0001"}}`, nil, Error{Code: "IMG.0001", Message: `{"error":{"code":"IMG.0001"}}`},
		},
		"error is a string": {400, `{"error":"invalid"}`, nil, Error{Message: `{"error":"invalid"}`}},
		"error is null":     {400, `{"error":null,"message":"bad"}`, nil, Error{Message: "bad"}},
		"text":              {500, "  upstream\n  timed out ", nil, Error{Message: "upstream timed out"}},
		"empty":             {502, "", nil, Error{Message: "Bad Gateway"}},
		"a list":            {400, `[1]`, nil, Error{Message: `[1]`}},
		"a null":            {400, `null`, nil, Error{Message: `null`}},
		"unknown status":    {599, "", nil, Error{Message: "HTTP status 599"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, reply(test.status, test.body, test.headers...))
			err := New(session, Options{MaxRetries: -1}).ProtectImage(t.Context(), imageID, true)
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			test.want.Operation, test.want.Status = "protect image "+imageID, test.status
			if diff := cmp.Diff(test.want, *got, cmpopts.IgnoreUnexported(Error{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	for want, err := range map[string]*Error{
		"read image a: gone, code IMG.0027, request id r, HTTP 400": {
			Operation: "read image a", Message: "gone", Code: "IMG.0027", RequestID: "r", Status: 400,
		},
		"create image: bad file, code IMG.0057, job id j": {
			Operation: "create image", Message: "bad file", Code: "IMG.0057", JobID: "j",
		},
		"list images: Bad Gateway, HTTP 502": {
			Operation: "list images", Message: "Bad Gateway", Status: 502,
		},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	long := newError("read", &answer{status: 500, body: []byte(strings.Repeat("ä", 5000))}, time.Now())
	if runes := utf8.RuneCountInString(long.Message); runes != 501 || !utf8.ValidString(long.Message) {
		t.Errorf("a long page is shown with %d runes", runes)
	}
}

func TestIsNotFound(t *testing.T) {
	codes := map[string]bool{
		"IMG.0027": true, "IMG.0031": true, "IMG.0066": true, "IMG.0086": true, "IMG.0121": true, "IMG.0144": true,
		"IMG.0001": false, "IMG.0028": false, "IMG.0090": false, "": false,
	}
	for code, want := range codes {
		err := fmt.Errorf("wrapped: %w", &Error{Code: code, Status: 400})
		if IsNotFound(err) != want {
			t.Errorf("400 with code %q: got %t", code, !want)
		}
	}
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"nil":               {nil, false},
		"404":               {&Error{Status: 404}, true},
		"404, no such API":  {&Error{Status: 404, Code: CodeNoAPI}, false},
		"a failed job":      {&Error{JobID: jobID, Code: "IMG.0057"}, false},
		"another error":     {errReset, false},
		"the context's":     {context.Canceled, false},
		"an empty list":     {fmt.Errorf("read image: %w", ErrNotFound), true},
		"a lost connection": {&transportError{"read", errReset}, false},
	} {
		if got := IsNotFound(test.err); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// TestGone asks for things that are gone, or seem to be.
func TestGone(t *testing.T) {
	read := func(c *Client) error { return readImage(t.Context(), c) }
	list := func(c *Client) error { _, err := c.Images(t.Context(), ImageFilter{}); return err }
	remove := func(c *Client) error { return c.DeleteImage(t.Context(), imageID, nil) }
	job := func(c *Client) error { _, err := c.Job(t.Context(), jobID); return err }
	tags := func(c *Client) error { _, err := c.ImageTags(t.Context(), imageID); return err }
	for name, test := range map[string]struct {
		send func(*Client) error
		with reaction
		want bool
	}{
		"read, empty list":    {read, reply(200, `{"images":[]}`), true},
		"read, no list":       {read, reply(200, `{}`), false},
		"read, null list":     {read, reply(200, `{"images":null}`), false},
		"read, a gone code":   {read, refusal(400, "IMG.0027"), true},
		"read, another image": {read, reply(200, listed(activeImage("another"))), true},
		"read, deleted":       {read, reply(200, `{"images":[{"id":"`+imageID+`","status":"deleted"}]}`), true},
		"read, to be deleted": {
			read, reply(200, `{"images":[{"id":"`+imageID+`","status":"pending_delete"}]}`), true,
		},
		"read, killed":                    {read, reply(200, `{"images":[{"id":"`+imageID+`","status":"killed"}]}`), false},
		"read, the address is wrong":      {read, reply(404, `<h1>Not Found</h1>`), false},
		"read, the operation is missing":  {read, refusal(404, "APIGW.0101"), false},
		"list, the address is wrong":      {list, reply(404, ``), false},
		"delete, 404":                     {remove, reply(404, `<h1>Not Found</h1>`), true},
		"delete, a gone code":             {remove, refusal(400, "IMG.0144"), true},
		"delete, no such operation":       {remove, refusal(404, "APIGW.0101"), false},
		"delete, protected":               {remove, refusal(400, "IMG.0028"), false},
		"job, 404":                        {job, reply(404, ``), true},
		"job, a gone code":                {job, refusal(400, "IMG.0121"), true},
		"tags, 404":                       {tags, reply(404, ``), true},
		"read, not JSON, with status 200": {read, reply(200, `<h1>Not Found</h1>`), false},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, test.with, reply(404, `Not Found`)) // what the native read says, where it is asked
			if err := test.send(New(session, Options{})); IsNotFound(err) != test.want {
				t.Errorf("IsNotFound(%v) is %t", err, !test.want)
			}
		})
	}
}

func TestHasCode(t *testing.T) {
	err := fmt.Errorf("wrapped: %w", &Error{Code: CodeImageQuota})
	if !HasCode(err, CodeShareQuota, CodeImageQuota) || HasCode(err, CodeShareQuota) || HasCode(err) ||
		HasCode(nil, CodeImageQuota) ||
		HasCode(errReset, "") {
		t.Error("HasCode finds the wrong codes")
	}
}

func TestAnswerLost(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"nil":               {nil, false},
		"broken connection": {&transportError{"create", errReset}, true},
		"not sent":          {&transportError{"create", errNotSent}, false},
		"not sent in time": {
			&transportError{"create", errors.Join(cloud.ErrNotSent, context.DeadlineExceeded)}, false,
		},
		"no answer in time":          {&transportError{"create", context.DeadlineExceeded}, true},
		"502":                        {&Error{Status: 502}, true},
		"500 with the service's":     {&Error{Status: 500, Code: "IMG.0061"}, false},
		"200 with garbage":           {&Error{Status: 200}, true},
		"429":                        {&Error{Status: 429}, false},
		"400":                        {&Error{Status: 400, Code: "IMG.0001"}, false},
		"a failed job":               {&Error{JobID: jobID}, false},
		"refused to sign in":         {&transportError{"create", signInError(true)}, false},
		"cancelled before it was":    {fmt.Errorf("not sent: %w", context.Canceled), false},
		"cancelled after a refusal":  {fmt.Errorf("%w, %w", context.Canceled, &Error{Status: 429}), false},
		"cancelled after a not sent": {fmt.Errorf("%w, %w", context.Canceled, &transportError{"create", errNotSent}), false},
	} {
		if got := AnswerLost(test.err); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func FuzzNewError(f *testing.F) {
	for _, seed := range []string{
		`{"error":{"code":"IMG.0027","message":"gone"}}`, `{"error_code":"APIGW.0308","error_msg":"slow"}`,
		`{"error":{"code":401}}`,
		`{"error":"x","code":{},"message":"<br/>"}`, `<h1>Bad Gateway</h1>`, ``, `null`, `{"error":[`, "\xff<",
	} {
		f.Add(404, seed, "3")
	}
	f.Fuzz(func(t *testing.T, status int, body, after string) {
		got := newError(
			"read", &answer{status: status, body: []byte(body), header: http.Header{"Retry-After": {after}}}, time.Now(),
		)
		if got.Message == "" || got.Error() == "" {
			t.Errorf("%q has no words", body)
		}
		if got.RetryAfter < 0 {
			t.Errorf("Retry-After %q is %s", after, got.RetryAfter)
		}
		var form struct {
			Error struct{ Message string }
		}
		if json.Unmarshal([]byte(body), &form) == nil && strings.TrimSpace(form.Error.Message) != "" &&
			!strings.Contains(form.Error.Message, "<") &&
			got.Message != strings.TrimSpace(form.Error.Message) {
			t.Errorf("the service said %q, we say %q", form.Error.Message, got.Message)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"3", "-1", "Mon, 02 Jan 2006 15:04:05 GMT", "9223372036854775807", "1.5", ""} {
		f.Add(seed, "Mon, 02 Jan 2006 15:04:05 GMT")
	}
	f.Fuzz(func(t *testing.T, after, date string) {
		if got := retryAfter(http.Header{"Retry-After": {after}, "Date": {date}}, time.Now()); got < 0 {
			t.Errorf("got %s", got)
		}
	})
}
