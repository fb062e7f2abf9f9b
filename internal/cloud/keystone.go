package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2"
)

// question is one request to the identity service.
type question struct {
	method, url string
	// once: the request cannot be repeated when its answer is lost, because it used up a one-time code.
	once bool
	// send sends it; its error is gophercloud's.
	send func(ctx context.Context) error
}

// How often a question is put again, and how long the first pause is; it doubles each time, up to the longest.
const (
	askTries     = 5
	firstPause   = 500 * time.Millisecond
	longestPause = 10 * time.Second
)

// transient are the statuses after which the same question may be answered.
var transient = []int{
	http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable,
	http.StatusGatewayTimeout,
}

// ask puts a question until it is answered, refused, or has failed too often.
func (s *Session) ask(ctx context.Context, q question) error {
	for try := 1; ; try++ {
		record := &attempt{}
		err := q.send(record.attach(ctx))
		if err == nil {
			return nil
		}
		failure, wait := s.explain(q, err)
		turnedAway := failure.Status == http.StatusTooManyRequests || failure.Status == http.StatusServiceUnavailable
		if !failure.Definite && q.once && !record.surelyNotSent() && !turnedAway {
			failure.Reason = "the answer was lost, and the passcode may be used up"
			failure.Definite = true
		}
		if ctx.Err() != nil {
			// Not the cause itself: to a caller it would look as if its own time was over.
			failure.Reason, failure.Err = fmt.Sprintf("no answer within %s", signInLimit), nil
			return failure
		}
		if failure.Definite || try == askTries {
			return failure
		}
		backoff := min(firstPause<<(try-1), longestPause)
		backoff += time.Duration(float64(backoff) * s.jitter() / 2)
		if err := s.pause(ctx, max(backoff, wait)); err != nil {
			return failure
		}
	}
}

// explain makes gophercloud's error ours, without its body: that could repeat a secret. wait is what the server asked for.
func (s *Session) explain(q question, err error) (failure *SignInError, wait time.Duration) {
	failure = &SignInError{Way: s.settings.way.name, Request: q.method + " " + q.url, Sources: s.settings.Sources()}
	var refused gophercloud.ErrUnexpectedResponseCode
	if !errors.As(err, &refused) {
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		if errors.As(err, &syntax) || errors.As(err, &kind) {
			failure.Reason = "the identity service's answer is not what it should be; is auth_url right?"
			failure.Definite = true
			return failure, 0
		}
		failure.Err = redactedError{err, s.redact(err.Error())}
		failure.Definite = staysBroken(err)
		return failure, 0
	}
	failure.Status = refused.Actual
	failure.Definite = !slices.Contains(transient, refused.Actual)
	failure.RequestID = requestID(refused.ResponseHeader)
	failure.Code, failure.Message = serverWords([]byte(s.redact(string(refused.Body))))
	if skew, ok := clockSkew(s.now(), refused.ResponseHeader); ok && s.signs() && isRefusal(refused.Actual) {
		failure.Reason, failure.Advice = skewReason(skew), skewAdvice
	}
	if seconds, err := strconv.Atoi(refused.ResponseHeader.Get("Retry-After")); err == nil && seconds > 0 {
		wait = time.Duration(seconds) * time.Second
	}
	return failure, wait
}

func isRefusal(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// redactedError keeps a cause for errors.Is and errors.As, with the secrets taken out of its text.
type redactedError struct {
	err  error
	text string
}

func (e redactedError) Error() string { return e.text }
func (e redactedError) Unwrap() error { return e.err }

// requestID is the server's id of a request, under either of its names.
func requestID(header http.Header) string {
	if id := header.Get("X-Request-Id"); id != "" {
		return id
	}
	return header.Get("X-Openstack-Request-Id")
}

// serverWords reads code and message of a refusal: Keystone's, the gateway's or IAM's form of JSON. Of anything else it returns the
// beginning.
func serverWords(body []byte) (code, message string) {
	var known struct {
		Error struct {
			Code    json.RawMessage `json:"code"`
			Message string          `json:"message"`
		} `json:"error"`
		Code    string `json:"error_code"`
		Message string `json:"error_msg"`
	}
	if json.Unmarshal(body, &known) == nil {
		if known.Code != "" || known.Message != "" {
			return known.Code, known.Message
		}
		if known.Error.Message != "" {
			code = strings.Trim(string(known.Error.Code), `"`)
			if _, err := strconv.Atoi(code); err == nil {
				code = "" // Keystone repeats the status here
			}
			return code, known.Error.Message
		}
	}
	text := strings.Join(strings.Fields(string(body)), " ")
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	return "", text
}
