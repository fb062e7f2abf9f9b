package cloud

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// Config is what the provider block says. An empty string and a nil pointer mean that it says nothing.
type Config struct {
	// Cloud names an entry of clouds.yaml.
	Cloud string
	// AuthURL is the identity service, with or without the trailing /v3.
	AuthURL string
	// Region picks among the endpoints of the catalog and completes derived ones.
	Region string

	UserName string
	UserID   string
	Password string
	// Passcode is a one-time code (TOTP) that goes with the password. It works once: a session that used one cannot renew its token.
	Passcode string

	// Token is used as it is, or exchanged for one of the project given.
	Token string

	// DomainName and DomainID are the domain of the user and of the project.
	DomainName string
	DomainID   string

	ProjectName string
	ProjectID   string

	AccessKey string
	SecretKey string
	// SecurityToken goes with a temporary access key.
	SecurityToken string

	// ServerKeys takes temporary keys of the server's agency from the metadata service of the server this runs on.
	ServerKeys *bool

	// AgencyName is an agency of another account to act for, once signed in: of the domain AgencyDomainName or AgencyDomainID, in its
	// project DelegatedProject. Without that the project called as the region.
	AgencyName       string
	AgencyDomainName string
	AgencyDomainID   string
	DelegatedProject string

	// Endpoint is the image service's URL; it outranks the catalog. A trailing version is ignored.
	Endpoint string

	// CACert, ClientCert and ClientKey are paths of PEM files or PEM text. A CACert replaces the system's authorities.
	CACert     string
	ClientCert string
	ClientKey  string
	// Insecure accepts every certificate.
	Insecure *bool
}

const hidden = "cloud.Config{…}"

// String hides the whole configuration: it holds secrets.
func (c Config) String() string { return hidden }

// GoString hides the whole configuration: it holds secrets.
func (c Config) GoString() string { return hidden }

// Format hides the whole configuration, whatever the verb: it holds secrets.
func (c Config) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the whole configuration: it holds secrets.
func (c Config) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the whole configuration, in JSON too: it holds secrets.
func (c Config) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Environment is what Resolve reads besides the provider block.
type Environment struct {
	// Lookup finds an environment variable. Nil: none is set.
	Lookup func(name string) (string, bool)
	// ConfigDirs are searched, in this order, for clouds.yaml, secure.yaml and clouds-public.yaml.
	ConfigDirs []string
	// HomeDir replaces a leading ~ in paths of files.
	HomeDir string
}

// SystemEnvironment is the process's environment, and the directories that python-openstackclient searches: the working directory,
// openstack/ in the user's configuration directory (XDG_CONFIG_HOME or ~/.config), /etc/openstack.
func SystemEnvironment() Environment {
	env := Environment{Lookup: os.LookupEnv}
	env.HomeDir, _ = os.UserHomeDir()
	if dir, err := os.Getwd(); err == nil {
		env.ConfigDirs = append(env.ConfigDirs, dir)
	}
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		env.ConfigDirs = append(env.ConfigDirs, filepath.Join(dir, "openstack"))
	} else if env.HomeDir != "" {
		env.ConfigDirs = append(env.ConfigDirs, filepath.Join(env.HomeDir, ".config", "openstack"))
	}
	env.ConfigDirs = append(env.ConfigDirs, "/etc/openstack")
	return env
}

// lookup finds a variable; an empty one counts as not set.
func (e Environment) lookup(name string) (string, bool) {
	if e.Lookup == nil {
		return "", false
	}
	text, ok := e.Lookup(name)
	return text, ok && text != ""
}
