package cloud

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Settings is the outcome of Resolve: where to sign in, as whom, for which project. It does not print what it holds.
type Settings struct {
	way      way
	values   map[string]value
	insecure bool
	roots    *x509.CertPool    // nil: the system's
	identity []tls.Certificate // the client's own certificate, if any
}

// interfaces are the kinds of endpoint a catalog lists.
var interfaces = map[string]bool{"public": true, "internal": true, "admin": true}

// Region is the region that was configured, or empty. Scope.Region has the one in use.
func (s *Settings) Region() string { return s.get(nameRegion) }

// AuthURL is the identity service as configured, or empty.
func (s *Settings) AuthURL() string { return s.get(nameAuthURL) }

// Way names the way in, for people: "a token", "user name and password", "an access key, then an agency".
func (s *Settings) Way() string { return s.way.name }

// Sources tells where each setting in use came from.
func (s *Settings) Sources() []Source { return allSources(s.values) }

func (s *Settings) get(name string) string { return s.values[name].text.reveal() }

func (s *Settings) availability() string {
	if text := s.get(nameInterface); text != "" {
		return strings.TrimSuffix(text, "URL")
	}
	return "public"
}

// projectDomain is the domain a project's name is looked up in: its own if one was said, else the user's.
func (s *Settings) projectDomain() (id, name string) {
	if given(s.values, nameProjectDomainID, nameProjectDomainName) {
		return s.get(nameProjectDomainID), s.get(nameProjectDomainName)
	}
	return s.domain()
}

// domain is the user's: by id if one was said, else by name.
func (s *Settings) domain() (id, name string) {
	if given(s.values, nameDomainName, nameDomainID) {
		return s.get(nameDomainID), s.get(nameDomainName)
	}
	return s.get(nameDefaultDomain), ""
}

// String names the way in and nothing else.
func (s *Settings) String() string {
	if s == nil {
		return "cloud.Settings(nil)"
	}
	return "cloud.Settings{" + s.way.name + "}"
}

// GoString is String: a dump must not show a secret.
func (s *Settings) GoString() string { return s.String() }

// Format is String whatever the verb.
func (s *Settings) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue is String.
func (s *Settings) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, in JSON too.
func (s *Settings) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// readCertificates reads the files, or the PEM text, of the TLS settings.
func (s *Settings) readCertificates(env Environment) error {
	if given(s.values, nameCACert) {
		pem, err := s.readPEM(nameCACert, env)
		if err != nil {
			return err
		}
		s.roots = x509.NewCertPool()
		if !s.roots.AppendCertsFromPEM(pem) {
			return s.wrong(nameCACert, "it has no certificate in PEM form")
		}
	}
	cert, key := given(s.values, nameClientCert), given(s.values, nameClientKey)
	switch {
	case key && !cert:
		return s.wrong(nameClientKey, "its certificate is missing: "+describeMissing([]string{nameClientCert}))
	case !cert:
		return nil
	}
	certPEM, err := s.readPEM(nameClientCert, env)
	if err != nil {
		return err
	}
	keyPEM := certPEM // one file may hold both, as curl and requests allow
	if key {
		if keyPEM, err = s.readPEM(nameClientKey, env); err != nil {
			return err
		}
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		// The error's own text may quote the key.
		return s.wrong(nameClientCert, "it and its key ("+nameClientKey+") are not a pair in PEM form")
	}
	s.identity = []tls.Certificate{pair}
	return nil
}

func (s *Settings) readPEM(name string, env Environment) ([]byte, error) {
	text := s.get(name)
	if strings.Contains(text, "-----BEGIN") {
		return []byte(text), nil
	}
	if rest, ok := strings.CutPrefix(text, "~/"); ok && env.HomeDir != "" {
		text = filepath.Join(env.HomeDir, rest)
	}
	pem, err := os.ReadFile(text)
	if err != nil {
		return nil, s.wrong(name, "it is neither PEM text nor a file that can be read")
	}
	return pem, nil
}

// tlsConfig is a fresh TLS configuration of these settings.
func (s *Settings) tlsConfig() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		RootCAs:            s.roots,
		Certificates:       s.identity,
		InsecureSkipVerify: s.insecure, //nolint:gosec // only when the settings say so in so many words
	}
}
