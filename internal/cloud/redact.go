package cloud

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Gateways that refuse a request repeat it, so every text that a service wrote passes here before anybody sees it, and before anything is
// cut from it: half a secret would not be found.

const redacted = "(hidden)"

// redact takes the secrets of the settings, and those that services told, out of a text.
func (s *Session) redact(text string) string {
	words := s.settings.secrets()
	s.mu.Lock()
	words = append(words, s.learned...)
	s.mu.Unlock()
	var forms []string
	for _, word := range words {
		forms = append(forms, formsOf(word.reveal())...)
	}
	// The longest first: a secret may begin like another, and one form of it like another form.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range slices.Compact(forms) {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}

// secrets are the values that no text may show.
func (s *Settings) secrets() []secret {
	var list []secret
	for _, name := range []string{namePassword, namePasscode, nameToken, nameSecretKey, nameSecurityToken} {
		if given(s.values, name) {
			list = append(list, s.values[name].text)
		}
	}
	return list
}

// formsOf are the ways in which a service may repeat a word: as it is, in JSON, in JSON within JSON, in a URL.
func formsOf(word string) []string {
	if word == "" {
		return nil
	}
	forms := []string{word, escape(word), url.QueryEscape(word), url.PathEscape(word)}
	for _, html := range []bool{false, true} {
		once := jsonText(word, html)
		forms = append(forms, once, jsonText(once, false), jsonText(once, true))
	}
	return forms
}

// jsonText is what stands between the quotes of a JSON string.
func jsonText(text string, html bool) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(html)
	if err := encoder.Encode(text); err != nil {
		return text
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.String()), `"`), `"`)
}

// redactRefusal reads an answer that is none and puts it back without secrets.
func (s *Session) redactRefusal(resp *http.Response) {
	content, err := io.ReadAll(resp.Body)
	putBack(resp, []byte(s.redact(string(content))), err)
	resp.ContentLength = -1 // no longer what the header says
}

// peek reads a body and puts it back.
func peek(resp *http.Response) []byte {
	content, err := io.ReadAll(resp.Body)
	putBack(resp, content, err)
	return content
}

// putBack makes content the body. A read error is met again by whoever reads it.
func putBack(resp *http.Response, content []byte, err error) {
	var body io.Reader = bytes.NewReader(content)
	if err != nil {
		body = io.MultiReader(body, failingReader{err})
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{body, resp.Body}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
