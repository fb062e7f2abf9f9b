package settings

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
)

// TLSConfig is a new TLS configuration of these settings.
func (s *Settings) TLSConfig() *tls.Config {
	insecure, _ := parseBool(s.Get(Insecure))
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		RootCAs:            s.authorities,
		Certificates:       s.clientCertificates,
		InsecureSkipVerify: insecure, //nolint:gosec // only when the settings say so in so many words
	}
}

// readCertificates reads the files, or the PEM text, of the TLS settings.
func (s *Settings) readCertificates(env Environment) error {
	if err := s.readAuthorities(env); err != nil {
		return err
	}
	return s.readClientCertificate(env)
}

func (s *Settings) readAuthorities(env Environment) error {
	if !s.Has(CACert) {
		return nil
	}
	pem, err := s.readPEM(CACert, env)
	if err != nil {
		return err
	}

	s.authorities = x509.NewCertPool()
	if !s.authorities.AppendCertsFromPEM(pem) {
		return s.wrong(CACert, "it has no certificate in PEM form")
	}
	return nil
}

func (s *Settings) readClientCertificate(env Environment) error {
	if !s.Has(ClientCert) {
		if s.Has(ClientKey) {
			return s.wrong(ClientKey, "its certificate is missing: "+howToGive([]Name{ClientCert}))
		}
		return nil
	}
	cert, err := s.readPEM(ClientCert, env)
	if err != nil {
		return err
	}
	key := cert // one file may hold both, as curl and requests allow
	if s.Has(ClientKey) {
		if key, err = s.readPEM(ClientKey, env); err != nil {
			return err
		}
	}

	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		// The error's own text may quote the key.
		return s.wrong(ClientCert, "it and its key ("+string(ClientKey)+") are not a pair in PEM form")
	}
	s.clientCertificates = []tls.Certificate{pair}
	return nil
}

func (s *Settings) readPEM(name Name, env Environment) ([]byte, error) {
	text := s.Get(name)
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
