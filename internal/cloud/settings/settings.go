package settings

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"strings"
)

// Settings is the outcome of Resolve: where to sign in, as whom, for which project. It does not change, and does not
// print what it holds.
type Settings struct {
	way                string
	values             values
	authorities        *x509.CertPool    // nil: the system's
	clientCertificates []tls.Certificate // the client's own, if any
}

// Get is the text of a setting, or "" if there is none.
func (s *Settings) Get(name Name) string { return s.values[name].text.Reveal() }

// Has reports whether one of the settings is there.
func (s *Settings) Has(names ...Name) bool { return s.values.has(names...) }

// Way names the way to sign in, for people: "a token", "user name and password", "an access key, then an agency".
func (s *Settings) Way() string { return s.way }

// Sources are where each setting in use came from.
func (s *Settings) Sources() Sources { return s.values.sources() }

// Interface is the kind of endpoint to take from the catalog: public (the default), internal or admin.
func (s *Settings) Interface() string {
	if text := s.Get(Interface); text != "" {
		return strings.TrimSuffix(text, "URL")
	}
	return "public"
}

// Domain is the user's: by id or by name. Both are "" if none is known.
func (s *Settings) Domain() (id, name string) {
	if s.Has(DomainName, DomainID) {
		return s.Get(DomainID), s.Get(DomainName)
	}
	return s.Get(DefaultDomain), ""
}

// ProjectDomain is the domain in which to look a project's name up: the project's own if there is one, else the user's.
func (s *Settings) ProjectDomain() (id, name string) {
	if s.Has(ProjectDomainID, ProjectDomainName) {
		return s.Get(ProjectDomainID), s.Get(ProjectDomainName)
	}
	return s.Domain()
}

// Secrets are the values that no text may show.
func (s *Settings) Secrets() []Secret {
	var list []Secret
	for _, name := range []Name{Password, Passcode, Token, SecretKey, SecurityToken} {
		if val, ok := s.values[name]; ok {
			list = append(list, val.text)
		}
	}
	return list
}

// String names the way to sign in and nothing else.
func (s *Settings) String() string {
	if s == nil {
		return "settings.Settings(nil)"
	}
	return "settings.Settings{" + s.way + "}"
}

// GoString is String: a dump must not show a secret.
func (s *Settings) GoString() string { return s.String() }

// Format is String whatever the verb.
func (s *Settings) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue is String.
func (s *Settings) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, in JSON too.
func (s *Settings) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
