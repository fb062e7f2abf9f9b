package framework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Advice is what a user can do about a refused request or a failed job, by the service's error code. Each package has
// the codes that its own requests meet, save those whose message says it all. It may be nil.
type Advice map[string]string

// generalAdvice is on the codes that every request may meet.
var generalAdvice = Advice{
	"IMG.0161":    "Ask for the permission in the project that the provider is configured for.",
	ims.CodeNoAPI: "This cloud does not offer the operation.",
}

// Detail is the body of a diagnostic: what happened in a sentence, what the service said as it said it, the facts that
// its support asks for, and what to do next. Sentence and advice may be empty; an empty advice is replaced by the one
// for the error's code, if there is one.
func (a Advice) Detail(sentence string, err error, advice string) string {
	message, facts := explain(err)
	if advice == "" {
		advice = a.on(err)
	}

	var parts []string
	for _, part := range []string{sentence, message, strings.Join(facts, "\n"), advice} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n")
}

// Detail is [Advice.Detail] for packages whose requests meet no codes of their own.
func Detail(sentence string, err error, advice string) string {
	return Advice(nil).Detail(sentence, err, advice)
}

// explain splits an error into the words to show and the facts to show on lines of their own.
func explain(err error) (message string, facts []string) {
	if err == nil {
		return "", nil
	}
	fact := func(name, value string) {
		if value != "" {
			facts = append(facts, name+": "+value)
		}
	}
	var wait *ims.WaitError
	if errors.As(err, &wait) {
		fact("Job ID", wait.JobID)
	}
	var answered *ims.Error
	if !errors.As(err, &answered) {
		return err.Error(), facts
	}
	message = answered.Message
	if wait != nil {
		message = err.Error()
	}

	fact("Operation", answered.Operation)
	fact("Error code", answered.Code)
	if answered.Status != 0 {
		fact("HTTP status", fmt.Sprint(answered.Status))
	}
	fact("Request ID", answered.RequestID)
	if wait == nil {
		fact("Job ID", answered.JobID)
	}
	for _, quota := range answered.Quotas {
		fact("Quota of "+quota.Type, fmt.Sprintf("%d of %d used", quota.Used, quota.Quota))
	}
	return message, facts
}

// forbiddenAdvice names what rights through enterprise projects never allow (API reference, Permissions and Supported
// Actions).
const forbiddenAdvice = "Check that the user may use IMS in the project that the provider is configured for. A user " +
	"whose " +
	"rights come through an enterprise project alone has to name it, in enterprise_project_id of the resource or of the " +
	"provider block, and can neither change tags, nor share images or answer shares, nor describe and upload registered " +
	"images, nor list OS versions: these need rights in the project."

// on is the advice on an error; empty if there is none.
func (a Advice) on(err error) string {
	var signIn *cloud.SignInError
	var answered *ims.Error
	switch {
	case errors.As(err, &signIn):
		return cmp.Or(signIn.Advice, "Check the provider block, the OS_* variables and clouds.yaml.")
	case errors.As(err, &answered):
		if text := cmp.Or(a[answered.Code], generalAdvice[answered.Code]); text != "" {
			return text
		}
		if answered.Status == http.StatusUnauthorized {
			return "Check that the user may use IMS in the project that the provider is configured for."
		}
		if ims.IsForbidden(err) {
			return forbiddenAdvice
		}
	case errors.Is(err, context.DeadlineExceeded):
		return "Raise the fitting value in timeouts. A read goes by the value that the state has: after raising it, apply " +
			"once with -refresh=false."
	}
	return ""
}
