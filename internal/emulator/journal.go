package emulator

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// Request is one request in the journal. Nothing in it is secret: headers are left out and secrets in bodies are
// blacked out.
type Request struct {
	Time                time.Time // when it arrived
	Took                time.Duration
	Method, Path, Query string
	Operation           string // "" for an unknown route
	ProjectID           string
	Status              int    // 0: not answered yet, or dropped
	Code                string // of a refusal
	RequestID           string
	Fields              []string // paths of the JSON fields sent, sorted: "data_images[].name"
	Body                json.RawMessage
	Unknown             bool   // the route, a field or a filter is not in the API reference
	Connection          string // the client's address: requests with the same one share a connection
}

// Journal is every request since the start or the last [Emulator.ResetJournal], in the order of arrival, also those
// that are not answered yet.
func (e *Emulator) Journal() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]Request, 0, len(e.journal))
	for _, entry := range e.journal {
		all = append(all, *entry)
	}
	return all
}

// watcher waits for a request.
type watcher struct {
	fits   func(Request) bool
	arrive func()
}

// OnRequest calls do when the next request has arrived that fits, before it is answered, and only once. fits is called
// with every request until then, one at a time, and may not call the emulator.
func (e *Emulator) OnRequest(fits func(Request) bool, do func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.watchers = append(e.watchers, watcher{fits, do})
}

// AwaitRequest waits for a request that fits, if there is none in the journal. It fails when the context ends.
func (e *Emulator) AwaitRequest(ctx context.Context, fits func(Request) bool) error {
	arrived := make(chan struct{})
	e.mu.Lock()
	if slices.ContainsFunc(e.journal, func(r *Request) bool { return fits(*r) }) {
		e.mu.Unlock()
		return nil
	}
	e.watchers = append(e.watchers, watcher{fits, func() { close(arrived) }})
	e.mu.Unlock()
	select {
	case <-arrived:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// enter puts a request into the journal. It returns whom to call about it.
func (e *Emulator) enter(entry *Request) (arrive []func()) {
	e.journal = append(e.journal, entry)
	e.watchers = slices.DeleteFunc(e.watchers, func(w watcher) bool {
		fits := w.fits(*entry)
		if fits {
			arrive = append(arrive, w.arrive)
		}
		return fits
	})
	return arrive
}

// ResetJournal empties the journal.
func (e *Emulator) ResetJournal() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.journal = nil
}

// Unknown is every request in the journal that the API reference does not know. Tests fail on them.
func (e *Emulator) Unknown() []Request {
	return slices.DeleteFunc(e.Journal(), func(r Request) bool { return !r.Unknown })
}

// secretFields hold secrets wherever they are, and so does everything below them.
var secretFields = map[string]bool{
	"password": true, "passcode": true, "secret": true, "secret_key": true, "securitytoken": true, "security_token": true,
	"token": true, "signature": true, "access": true, "original_password": true, "adminPass": true,
}

const blackedOut = "***"

// describeBody is what the journal says of a body: its fields, and itself without secrets. A body that is no JSON is
// left out.
func describeBody(body []byte) (fields []string, kept json.RawMessage) {
	var document any
	if len(body) == 0 || json.Unmarshal(body, &document) != nil {
		return nil, nil
	}
	fields = fieldPaths(document, "")
	slices.Sort(fields)
	redacted, err := json.Marshal(redact(document, false))
	if err != nil {
		return fields, nil
	}
	return slices.Compact(fields), redacted
}

func redact(value any, secret bool) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			// The name of a user whose password is given is no secret.
			hidden := secret && name != "methods" || secretFields[name]
			if _, isObject := inner.(map[string]any); isObject && name == "password" {
				hidden = false
			}
			v[name] = redact(inner, hidden)
		}
		return v
	case []any:
		for i := range v {
			v[i] = redact(v[i], secret)
		}
		return v
	default:
		if secret && value != nil {
			return blackedOut
		}
		return value
	}
}

func fieldPaths(value any, path string) []string {
	var paths []string
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			below := name
			if path != "" {
				below = path + "." + name
			}
			paths = append(paths, fieldPaths(inner, below)...)
		}
	case []any:
		for _, inner := range v {
			paths = append(paths, fieldPaths(inner, path+"[]")...)
		}
	}
	if len(paths) == 0 && path != "" {
		return []string{path}
	}
	return paths
}
