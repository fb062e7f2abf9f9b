package cloud

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// isRefusal: a status with which a service refuses credentials.
func isRefusal(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// requestID is the server's id of a request, under either of its names.
func requestID(header http.Header) string {
	if id := header.Get("X-Request-Id"); id != "" {
		return id
	}
	return header.Get("X-Openstack-Request-Id")
}

// messageLimit is how much is shown of an answer that is no JSON, in characters.
const messageLimit = 200

// parseRefusal reads code and message of a refusal: Keystone's, the gateway's or IAM's form of JSON. Of anything else
// the message is the beginning.
func parseRefusal(body []byte) (code, message string) {
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
			return keystoneCode(known.Error.Code), known.Error.Message
		}
	}

	text := strings.Join(strings.Fields(string(body)), " ")
	if runes := []rune(text); len(runes) > messageLimit {
		text = string(runes[:messageLimit]) + "…"
	}
	return "", text
}

// keystoneCode is the code unless it is a number: Keystone repeats the status there.
func keystoneCode(raw json.RawMessage) string {
	code := strings.Trim(string(raw), `"`)
	if _, err := strconv.Atoi(code); err == nil {
		return ""
	}
	return code
}
