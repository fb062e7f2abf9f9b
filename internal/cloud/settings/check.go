package settings

import (
	"net/url"
	"strings"
)

// interfaces are the kinds of endpoint that a catalog lists.
var interfaces = map[string]bool{"public": true, "internal": true, "admin": true}

// check looks at the values that have a form of their own, and reads the certificates.
func (s *Settings) check(env Environment) error {
	for _, name := range []Name{AuthURL, Endpoint, MetadataURL} {
		if err := s.checkURL(name); err != nil {
			return err
		}
	}
	if text := s.Get(Interface); text != "" && !interfaces[strings.TrimSuffix(text, "URL")] {
		return s.wrong(Interface, "it must be public, internal or admin")
	}
	for _, name := range []Name{ServerKeys, Insecure} {
		if _, ok := parseBool(s.Get(name)); !ok && s.Has(name) {
			return s.wrong(name, "it must be true or false")
		}
	}
	return s.readCertificates(env)
}

func (s *Settings) checkURL(name Name) error {
	text := s.Get(name)
	if text == "" {
		return nil
	}
	if strings.Contains(text, regionTemplate) {
		return s.wrong(name, "it stands for a URL of each region. Give region")
	}

	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return s.wrong(name, "it must be a URL like https://host/path")
	}
	return nil
}

// parseBool reads a boolean as the openstack command and YAML write it.
func parseBool(text string) (val, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "yes", "on", "1", "y", "t":
		return true, true
	case "false", "no", "off", "0", "n", "f":
		return false, true
	}
	return false, false
}
