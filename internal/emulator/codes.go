package emulator

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"sync"
)

// codesJSON holds the documented error codes with their HTTP status and message, data of the IMS API reference of Open
// Telekom Cloud (Apache-2.0).
//
//go:embed codes.json
var codesJSON []byte

type code struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

var codes = sync.OnceValue(func() map[string]code {
	table := map[string]code{}
	if err := json.Unmarshal(codesJSON, &table); err != nil {
		return nil // a test reads every code this package uses
	}
	return table
})

// The gateway's codes, with the words of its documentation.
const (
	gatewayNoAPI       = "APIGW.0101"
	gatewayTooLarge    = "APIGW.0201"
	gatewayNotSignedIn = "APIGW.0301"
	gatewayExpired     = "APIGW.0307"
	gatewayThrottled   = "APIGW.0308"
)

// refusal is a request's end in an error, as the service, the gateway, Keystone or Glance words it.
type refusal struct {
	status  int
	code    string
	body    any
	html    string
	json    any  // instead of html, for those who ask for JSON
	unknown bool // the request held what the API does not know
	header  http.Header
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.code) }

// refuse is IMS's refusal with a documented code. Detail, if any, follows the documented message.
func refuse(imsCode string, detail ...string) *refusal {
	known, ok := codes()[imsCode]
	if !ok {
		known = code{Status: http.StatusBadRequest, Message: "An error without documentation."}
	}
	message := known.Message
	for _, words := range detail {
		message += " " + words
	}
	return imsRefusal(known.Status, imsCode, message)
}

func imsRefusal(status int, imsCode, message string) *refusal {
	return &refusal{
		status: status, code: imsCode, body: map[string]any{"error": map[string]any{"code": imsCode, "message": message}},
	}
}

// unknownField is the refusal of a field or filter that the API reference does not have in that place.
func unknownField(name string) *refusal {
	r := refuse("IMG.0001", fmt.Sprintf("Unknown: %s.", name))
	r.unknown = true
	return r
}

// gateway is a refusal by the API gateway in front of the service.
func gateway(status int, gatewayCode, message string) *refusal {
	return &refusal{
		status: status, code: gatewayCode, body: map[string]any{"error_code": gatewayCode, "error_msg": message},
	}
}

func noSuchAPI() *refusal {
	r := gateway(http.StatusNotFound, gatewayNoAPI, "The API does not exist or has not been published in the environment")
	r.unknown = true
	return r
}

// notOffered is the refusal of an operation that the API reference has and this cloud has not.
func notOffered() *refusal {
	r := noSuchAPI()
	r.unknown = false
	return r
}

func throttled(retryAfter string) *refusal {
	r := gateway(http.StatusTooManyRequests, gatewayThrottled, "The throttling threshold has been reached")
	r.header = http.Header{"Retry-After": {retryAfter}}
	return r
}

// keystone is a refusal by Keystone.
func keystone(status int, message string) *refusal {
	return &refusal{status: status, code: "Keystone", body: map[string]any{
		"error": map[string]any{"code": status, "title": http.StatusText(status), "message": message},
	}}
}

// glance is a refusal by Glance, which speaks HTML unless asked for JSON.
func glance(status int, message string) *refusal {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return &refusal{
		status: status, code: "Glance",
		json: map[string]any{
			"code": title, "title": http.StatusText(status), "message": html.EscapeString(message) + "<br /><br />\n\n\n",
		},
		html: fmt.Sprintf(
			"<html>\n <head>\n  <title>%s</title>\n </head>\n <body>\n  <h1>%s</h1>\n  %s<br /><br />\n\n\n </body>\n</html>",
			title, title, html.EscapeString(message)),
	}
}

func isUnknown(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.unknown
}
