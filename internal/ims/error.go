package ims

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Error is the service's refusal of a request, or a job's failure.
type Error struct {
	Operation  string        // what was tried: "read image"
	Code       string        // IMG.0027, APIGW.0308, …; empty when the service gave none
	Message    string        // the service's own words
	Status     int           // HTTP status; 0 for a job that failed
	RequestID  string        // of the request refused
	JobID      string        // of the job that failed
	RetryAfter time.Duration // what the service asked for; 0: it did not
	Quotas     []Quota       // the project's limits, when the code says that one is reached

	list bool // the request asked for a list
	err  error
}

func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s", e.Operation, e.Message)
	for _, part := range []struct{ name, value string }{
		{"code", e.Code}, {"request id", e.RequestID}, {"job id", e.JobID},
	} {
		if part.value != "" {
			fmt.Fprintf(&text, ", %s %s", part.name, part.value)
		}
	}
	if e.Status != 0 {
		fmt.Fprintf(&text, ", HTTP %d", e.Status)
	}
	return text.String()
}

func (e *Error) Unwrap() error { return e.err }

// Codes with a meaning of their own (API reference, Error Codes).
const (
	// CodeConflict says that a PATCH adds what is there or replaces what is not.
	CodeConflict = "IMG.0035"
	// CodeBeingMade says that an image cannot be deleted because it is still being made.
	CodeBeingMade = "IMG.0090"
	// CodeProtected says that an image cannot be deleted because it is protected.
	CodeProtected = "IMG.0028"
	// CodeUnavailable says that an image's status does not allow what is asked for.
	CodeUnavailable = "IMG.0046"
	// CodeNoAPI says that this cloud has no such operation: see [IsNotOffered].
	CodeNoAPI = "APIGW.0101"
	// CodeObjectExists says that an export would write over an object in OBS.
	CodeObjectExists = "IMG.0070"
	codeNoRole       = "IMG.0026"
	codeNoPermission = "IMG.0161"
	// CodeImageQuota, CodeShareQuota and CodeTagQuota say that a limit of the project is reached.
	CodeImageQuota = "IMG.0015"
	CodeShareQuota = "IMG.0088"
	CodeTagQuota   = "IMG.0116"
)

// goneCodes all mean that the image does not exist; most of them come with HTTP 400.
var goneCodes = map[string]bool{
	"IMG.0027": true, "IMG.0031": true, "IMG.0066": true, "IMG.0086": true, "IMG.0121": true, "IMG.0144": true,
}

// ErrNotFound is what [Client.Image] returns for an image that the service does not list.
var ErrNotFound = errors.New("not found")

// IsNotFound tells whether err says that the thing asked for is gone.
func IsNotFound(err error) bool {
	if errors.Is(err, ErrNotFound) {
		return true
	}
	var answered *Error
	if !errors.As(err, &answered) || IsNotOffered(err) {
		return false
	}
	// A list that finds nothing is empty. Its 404 comes from a wrong address, and taking it for "gone" would lose every
	// image.
	return goneCodes[answered.Code] || answered.Status == http.StatusNotFound && !answered.list
}

// IsNotOffered tells whether this cloud has no such operation. The gateway says so with 404 and a code, or in words alone; it
// never means that the thing asked for is gone.
func IsNotOffered(err error) bool {
	var answered *Error
	if !errors.As(err, &answered) {
		return false
	}
	return answered.Code == CodeNoAPI ||
		answered.Status == http.StatusNotFound && strings.Contains(strings.ToLower(answered.Message), "api does not exist")
}

// IsForbidden tells whether the user lacks the right to an operation (API reference, Error Codes).
func IsForbidden(err error) bool {
	var answered *Error
	return errors.As(err, &answered) && (answered.Status == http.StatusForbidden || HasCode(err, codeNoRole, codeNoPermission))
}

// HasCode tells whether err is the service's refusal with one of the codes.
func HasCode(err error, codes ...string) bool {
	var answered *Error
	if !errors.As(err, &answered) {
		return false
	}
	for _, code := range codes {
		if answered.Code == code {
			return true
		}
	}
	return false
}

// IsJobFailure tells whether err is the service's word that a job failed.
func IsJobFailure(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.JobID != ""
}

// AnswerLost tells whether a request that starts a job may have been accepted although its answer did not arrive: it
// was sent and no answer came, or a gateway spoke in the service's place.
func AnswerLost(err error) bool {
	var answered *Error
	if errors.As(err, &answered) {
		byService := strings.HasPrefix(answered.Code, "IMG.")
		return answered.Status >= http.StatusInternalServerError && !byService ||
			answered.Status >= 200 && answered.Status < 300
	}
	var transport *transportError
	return errors.As(err, &transport) && !NotSent(err)
}

// newError reads what the service, the gateway in front of it, or Glance says. The text of an answer in none of their
// forms is shown as it came, shortened.
func newError(operation string, got *answer, now time.Time) *Error {
	failure := &Error{
		Operation: operation, Status: got.status, RequestID: got.requestID, RetryAfter: retryAfter(got.header, now),
	}
	var body struct {
		Error     json.RawMessage `json:"error"`
		ErrorCode json.RawMessage `json:"error_code"`
		ErrorMsg  string          `json:"error_msg"`
		Code      json.RawMessage `json:"code"`
		Message   string          `json:"message"`
		RequestID string          `json:"request_id"`
	}
	if json.Unmarshal(got.body, &body) == nil {
		var inner struct {
			Code    json.RawMessage `json:"code"`
			Message string          `json:"message"`
		}
		switch {
		case json.Unmarshal(body.Error, &inner) == nil && (inner.Message != "" || inner.Code != nil):
			failure.Code, failure.Message = text(inner.Code), inner.Message
		case body.ErrorCode != nil || body.ErrorMsg != "":
			failure.Code, failure.Message = text(body.ErrorCode), body.ErrorMsg
		default:
			failure.Code, failure.Message = text(body.Code), body.Message
		}
		if failure.RequestID == "" {
			failure.RequestID = body.RequestID
		}
	}
	// Keystone and Glance repeat the HTTP status where others have a code of their own: 401, "404 Not Found".
	if status, _, _ := strings.Cut(failure.Code, " "); status == strconv.Itoa(got.status) {
		failure.Code = ""
	}
	failure.Message = strings.TrimSpace(lineBreak.ReplaceAllString(failure.Message, " "))
	if failure.Message == "" {
		failure.Message = plain(got)
	}
	return failure
}

// lineBreak is markup that Glance leaves in its JSON messages.
var lineBreak = regexp.MustCompile(`\s*<br ?/?>\s*`)

// text is a JSON string or number as a string.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s // empty for null
	}
	return string(raw)
}

var markup = regexp.MustCompile(`(?s)<[^>]*>|\s+`)

// plain is the readable part of an HTML, XML or unknown answer.
func plain(got *answer) string {
	words := strings.TrimSpace(strings.Join(strings.Fields(markup.ReplaceAllString(string(got.body), " ")), " "))
	if words == "" {
		words = http.StatusText(got.status)
	}
	if words == "" {
		return fmt.Sprintf("HTTP status %d", got.status)
	}
	const longest = 500
	if runes := []rune(words); len(runes) > longest {
		words = string(runes[:longest]) + "…"
	}
	return words
}
