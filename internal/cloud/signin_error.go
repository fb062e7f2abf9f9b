package cloud

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gophercloud/gophercloud/v2"
)

// toSignInError makes gophercloud's error ours, without its body: that could repeat a secret. wait is what the server
// asked for.
func (s *Session) toSignInError(req signInRequest, err error) (failure *SignInError, wait time.Duration) {
	failure = &SignInError{Way: s.settings.Way(), Request: req.method + " " + req.url, Sources: s.settings.Sources()}
	var refused gophercloud.ErrUnexpectedResponseCode
	if errors.As(err, &refused) {
		s.addRefusal(failure, &refused)
		return failure, retryAfter(refused.ResponseHeader)
	}

	if isNoJSON(err) {
		failure.Reason = "the identity service's answer is not what it should be; is auth_url right?"
		failure.Definite = true
		return failure, 0
	}
	failure.Err = redactedError{err, s.redact(err.Error())}
	failure.Definite = staysBroken(err)
	return failure, 0
}

// addRefusal adds what the server answered.
func (s *Session) addRefusal(failure *SignInError, refused *gophercloud.ErrUnexpectedResponseCode) {
	failure.Status = refused.Actual
	failure.Definite = !slices.Contains(transient, refused.Actual)
	failure.RequestID = requestID(refused.ResponseHeader)
	failure.Code, failure.Message = parseRefusal([]byte(s.redact(string(refused.Body))))
	if skew, ok := s.clockSkew(refused.Actual, refused.ResponseHeader); ok {
		failure.Reason, failure.Advice = skewReason(skew), skewAdvice
	}
}

func isNoJSON(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind)
}

// retryAfter is the pause that the server asks for, or 0.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// redactedError keeps a cause for errors.Is and errors.As, with the secrets taken out of its text.
type redactedError struct {
	err  error
	text string
}

func (e redactedError) Error() string { return e.text }
func (e redactedError) Unwrap() error { return e.err }
