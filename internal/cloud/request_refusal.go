package cloud

import (
	"fmt"
	"net/http"
)

// tokenExpired is the gateway's code for a token that must be renewed; its status is not always 401.
const tokenExpired = "APIGW.0307"

// checkRefusal reports whether an answer refuses credentials that can be renewed. What it reads of the body it puts
// back. If they are refused and cannot be renewed, it closes the answer and returns an error with the reason.
func (s *Session) checkRefusal(resp *http.Response) (renewable bool, err error) {
	// Below 400 the request has been carried out, whatever the body says.
	if resp.StatusCode < http.StatusBadRequest {
		return false, nil
	}

	code, message := parseRefusal(readBody(resp))
	refused := resp.StatusCode == http.StatusUnauthorized || code == tokenExpired
	renewable, why := s.credential.renewable()
	advice := ""
	if skew, ok := s.clockSkew(resp.StatusCode, resp.Header); ok {
		// New keys would be refused, too.
		refused, renewable, why, advice = true, false, skewReason(skew), skewAdvice
	}
	if !refused || renewable || why == "" {
		return refused && renewable, nil
	}

	_ = resp.Body.Close()
	failure := s.definiteError(why)
	failure.Advice = advice
	failure.Status, failure.Code, failure.Message = resp.StatusCode, code, message
	failure.RequestID = requestID(resp.Header)
	if resp.Request != nil {
		failure.Request = fmt.Sprintf("%s %s", resp.Request.Method, resp.Request.URL.Redacted())
	}
	return false, notSentError{failure}
}
