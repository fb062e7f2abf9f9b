package cloud

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// ErrNotSent is wrapped by errors of Do after which the request has surely not been carried out: it was never written
// to a connection, or it was refused for its credentials and those could not be renewed. Such a request may be sent
// again, a POST too.
var ErrNotSent = errors.New("the request was not sent")

// notSentError marks an error with ErrNotSent and keeps its text.
type notSentError struct{ err error }

func (e notSentError) Error() string   { return e.err.Error() }
func (e notSentError) Unwrap() []error { return []error{ErrNotSent, e.err} }

// SignInError says why signing in failed. It never contains a secret.
type SignInError struct {
	// Way is the way to sign in, for people: "user name and password". Empty: none is known yet.
	Way string
	// Reason is a sentence of ours without its end, or empty when the server's answer says all.
	Reason string
	// Request is the method and URL that failed, or empty when none was sent.
	Request string
	// Status is the HTTP status of the refusal, or 0 when there was no answer.
	Status int
	// Code and Message are the server's own; either may be empty.
	Code    string
	Message string
	// RequestID is the server's id of the request, or empty.
	RequestID string
	// Sources are where each setting in use came from.
	Sources settings.Sources
	// Advice is what to do, or empty when the settings are to be checked.
	Advice string
	// Definite is true when trying again with the same settings would fail again; the session remembers such a refusal and
	// sends no more.
	Definite bool
	// Err is the cause, such as a broken connection, or nil.
	Err error
}

// Unwrap returns the cause.
func (e *SignInError) Unwrap() error { return e.Err }

// Error is one sentence, then the facts and the sources on their own lines.
func (e *SignInError) Error() string {
	var b strings.Builder
	b.WriteString("Unable to sign in")
	if e.Way != "" {
		b.WriteString(" with " + e.Way)
	}
	for _, part := range []string{e.Reason, e.Message, causeText(e.Err)} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}

	for _, fact := range []struct{ title, text string }{
		{"Request", e.Request}, {"Status", statusText(e.Status)}, {"Error code", e.Code}, {"Request ID", e.RequestID},
	} {
		if fact.text != "" {
			fmt.Fprintf(&b, "\n%s: %s", fact.title, fact.text)
		}
	}
	b.WriteString(e.Sources.Paragraph("Used:"))
	return b.String()
}

func causeText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// definiteError is a definite failure that no server reported.
func (s *Session) definiteError(reason string) *SignInError {
	return &SignInError{Way: s.settings.Way(), Reason: reason, Sources: s.settings.Sources(), Definite: true}
}
