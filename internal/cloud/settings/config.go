package settings

import (
	"fmt"
	"log/slog"
	"strconv"
)

// Config is the provider block. An empty string and a nil pointer leave a setting to the other sources.
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
	// Passcode is a one-time code (TOTP) that goes with the password. It works once: a session that used one cannot
	// renew its token.
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

	// AgencyName is an agency of another account to act for, once signed in: of the domain AgencyDomainName or
	// AgencyDomainID, in its project DelegatedProject. Without that, the project called as the region.
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

const hiddenConfig = "settings.Config{…}"

// String hides the whole configuration: it holds secrets.
func (c Config) String() string { return hiddenConfig }

// GoString hides the whole configuration: it holds secrets.
func (c Config) GoString() string { return hiddenConfig }

// Format hides the whole configuration, whatever the verb: it holds secrets.
func (c Config) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenConfig)) }

// LogValue hides the whole configuration: it holds secrets.
func (c Config) LogValue() slog.Value { return slog.StringValue(hiddenConfig) }

// MarshalText hides the whole configuration, in JSON too: it holds secrets.
func (c Config) MarshalText() ([]byte, error) { return []byte(hiddenConfig), nil }

// boolText is a boolean of the block as the other sources write one, or "" if it leaves it open.
func boolText(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}
