package emulator

import (
	"encoding/json"
	"slices"
	"time"
)

// Request is one request in the journal. Nothing in it is secret: headers are left out and secrets in bodies are blacked out.
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

// Journal is every request since the start or the last [Emulator.ResetJournal], in the order of arrival, also those that are
// not answered yet.
func (e *Emulator) Journal() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]Request, 0, len(e.journal))
	for _, entry := range e.journal {
		all = append(all, *entry)
	}
	return all
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

// describeBody is what the journal says of a body: its fields, and itself without secrets. A body that is no JSON is left
// out.
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
