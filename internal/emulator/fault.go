package emulator

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault makes requests go wrong. It hits those that match Method and Path.
//
// A client of Go's net/http sends a GET again by itself when a connection that it used before breaks, so a Drop with
// Times 1 may go unnoticed.
type Fault struct {
	Method, Path string // Path exactly, or with * for one segment; "": any
	Skip         int    // let the first Skip matching requests pass
	Times        int    // then hit this many; 0: all

	Status        int    // answer with this HTTP status, without doing the work
	Code, Message string // and this error: of IMS (IMG.…) or of the gateway (APIGW.…)
	RetryAfter    string // header Retry-After of that answer

	// Delay is a pause before the work, by the emulator's clock; it ends at the latest when the fault is removed. The work
	// is done even when the client has gone meanwhile, except for an upload.
	Delay      time.Duration
	Drop       bool // close the connection before anything is done
	DropAnswer bool // do the work, then close the connection without answering

	FailJob   string // the job that the request starts ends FAIL with this code ("IMG.0057")
	KeepImage bool   // that job leaves its image as it is, and names it
	HangJob   bool   // that job never ends
	ForgetJob bool   // that job's record is gone once it ended
}

// rule is a fault in force.
type rule struct {
	fault     Fault
	seen, hit int
	removed   chan struct{} // closed with the end of the fault
}

// Inject puts a fault into force, after those that are in force; remove ends it, and the pauses that it made. The first
// fault hits that matches and is not used up.
func (e *Emulator) Inject(fault Fault) (remove func()) {
	added := &rule{fault: fault, removed: make(chan struct{})}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rules = append(e.rules, added)
	return sync.OnceFunc(func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.rules = slices.DeleteFunc(e.rules, func(r *rule) bool { return r == added })
		close(added.removed)
	})
}

// hit is the fault that hits a request. Skip counts every matching request, Times only those hit.
func (e *Emulator) hit(method, requestPath string) *rule {
	var found *rule
	for _, r := range e.rules {
		if !r.fault.matches(method, requestPath) {
			continue
		}
		r.seen++
		if found == nil && r.seen > r.fault.Skip && (r.fault.Times == 0 || r.hit < r.fault.Times) {
			r.hit++
			found = r
		}
	}
	return found
}

func (f *Fault) matches(method, requestPath string) bool {
	if f.Method != "" && f.Method != method {
		return false
	}
	matched, err := path.Match(f.Path, requestPath)
	return f.Path == "" || err == nil && matched
}

func (f *Fault) refusal() *refusal {
	var r *refusal
	switch {
	case strings.HasPrefix(f.Code, "IMG."):
		r = refuse(f.Code)
		if f.Message != "" {
			r = imsRefusal(f.Status, f.Code, f.Message)
		}
	case f.Code != "":
		r = gateway(f.Status, f.Code, f.Message)
	default:
		message := f.Message
		if message == "" {
			message = http.StatusText(f.Status)
		}
		r = glance(f.Status, message)
	}
	r.status = f.Status
	if f.RetryAfter != "" {
		r.header = http.Header{"Retry-After": {f.RetryAfter}}
	}
	return r
}

// FaultSyntax describes what [ParseFault] reads.
const FaultSyntax = `[METHOD] [PATH] WORD...: requests with METHOD (else any) and PATH (exactly, or * for a segment;
else any) suffer
  status=503            an answer with this HTTP status, without the work; optional with it:
    code=IMG.0010       an error code of IMS (IMG.…) or the gateway (APIGW.…), message=WORDS_JOINED_BY_UNDERSCORES,
    retry-after=2       the header Retry-After
  delay=2s              a pause before the work
  drop                  a closed connection before the work
  drop-answer           a closed connection after the work
  fail-job=IMG.0057     the job that the request starts ends FAIL with this code; with keep-image it leaves its image
  hang-job, forget-job  that job never ends; its record is gone once it ended
  skip=1 times=1        only after this many such requests; only this many times
Example: "POST /v2/cloudimages/action drop-answer times=1"`

// ParseFault reads a fault as the command's flag -fault has it; see [FaultSyntax].
func ParseFault(text string) (Fault, error) {
	var fault Fault
	words := strings.Fields(text)
	if len(words) > 0 && words[0] == strings.ToUpper(words[0]) &&
		strings.Trim(words[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		fault.Method, words = words[0], words[1:]
	}
	if len(words) > 0 && strings.HasPrefix(words[0], "/") {
		if _, err := path.Match(words[0], "/"); err != nil {
			return Fault{}, fmt.Errorf("fault %q: path %s: %w", text, words[0], err)
		}
		fault.Path, words = words[0], words[1:]
	}
	if len(words) == 0 {
		return Fault{}, fmt.Errorf("fault %q says nothing of what goes wrong", text)
	}
	for _, word := range words {
		if err := fault.set(word); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", text, err)
		}
	}
	if (fault.Code != "" || fault.Message != "" || fault.RetryAfter != "") && fault.Status == 0 {
		return Fault{}, fmt.Errorf("fault %q: code, message and retry-after need a status", text)
	}
	return fault, nil
}

func (f *Fault) set(word string) error {
	name, value, hasValue := strings.Cut(word, "=")
	flags := map[string]*bool{
		"drop": &f.Drop, "drop-answer": &f.DropAnswer, "hang-job": &f.HangJob, "forget-job": &f.ForgetJob,
		"keep-image": &f.KeepImage,
	}
	numbers := map[string]*int{"skip": &f.Skip, "times": &f.Times, "status": &f.Status}
	texts := map[string]*string{
		"code": &f.Code, "retry-after": &f.RetryAfter, "fail-job": &f.FailJob, "message": &f.Message,
	}
	var err error
	switch {
	case flags[name] != nil && !hasValue:
		*flags[name] = true
	case numbers[name] != nil:
		if *numbers[name], err = strconv.Atoi(value); err != nil || *numbers[name] < 0 {
			return fmt.Errorf("%s needs a number, not %q", name, value)
		}
	case texts[name] != nil && value != "":
		*texts[name] = value
		if name == "message" {
			f.Message = strings.ReplaceAll(value, "_", " ")
		}
	case name == "delay":
		if f.Delay, err = time.ParseDuration(value); err != nil {
			return fmt.Errorf("delay: %w", err)
		}
	default:
		return fmt.Errorf("unknown or incomplete word %q", word)
	}
	if name == "status" && (f.Status < 100 || f.Status > 599) {
		return fmt.Errorf("status %d is none of HTTP", f.Status)
	}
	return nil
}
