package cloud

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// Gateways that refuse a request repeat it, so every text that a service wrote passes here before anybody sees it,
// and before anything is cut from it: half a secret would not be found.

const redacted = "(hidden)"

// addSecrets adds secrets that a service sent, for redact.
func (s *Session) addSecrets(secrets ...settings.Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets = append(s.secrets, secrets...)
}

// redact takes the secrets of the settings, and those that services sent, out of a text.
func (s *Session) redact(text string) string {
	words := s.settings.Secrets()
	s.mu.Lock()
	words = append(words, s.secrets...)
	s.mu.Unlock()

	var forms []string
	for _, word := range words {
		forms = append(forms, formsOf(word.Reveal())...)
	}
	// The longest first: a secret may begin like another, and one form of it like another form.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range slices.Compact(forms) {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
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
