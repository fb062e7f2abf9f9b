package settings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Agencies and the server's keys take part in the same precedence, with one trap each.
func TestPrecedenceOfAgencyAndServerKeys(t *testing.T) {
	yes, no := true, false
	base := Config{AuthURL: "https://iam.eu-de.otc.t-systems.com", DomainName: "acme", Region: "eu-de"}
	with := func(change func(*Config)) Config { c := base; change(&c); return c }
	password := with(func(c *Config) { c.UserName, c.Password, c.ProjectName = "jane", "b", "eu-de_one" })
	agency := map[string]string{
		"OS_AGENCY_NAME": "builders", "OS_AGENCY_DOMAIN_NAME": "owner", "OS_DELEGATED_PROJECT": "eu-de_two",
	}
	wantAgency := map[string]string{
		"assume_role.agency_name": "builders", "assume_role.domain_name": "owner",
		"assume_role.delegated_project": "eu-de_two",
	}
	for name, test := range map[string]struct {
		block Config
		env   map[string]string
		way   string
		want  map[string]string // beside auth_url, domain_name, region
	}{
		"agency of the block": {
			block: with(func(c *Config) {
				c.UserName, c.Password, c.AgencyName, c.AgencyDomainID = "jane", "b", "builders", "d9"
			}),
			env: map[string]string{"OS_AGENCY_NAME": "other", "OS_AGENCY_DOMAIN_NAME": "other"},
			way: "user name and password, then an agency",
			want: map[string]string{
				"user_name": "jane", "password": "b", "assume_role.agency_name": "builders", "assume_role.domain_id": "d9",
			},
		},
		"all of the environment": {
			block: base,
			env:   merged(agency, map[string]string{"OS_TOKEN": "t"}),
			way:   "a token, then an agency", want: merged(wantAgency, map[string]string{"token": "t"}),
		},
		"password and agency of the environment, user of the block": {
			block: with(func(c *Config) { c.UserName = "jane" }),
			env:   merged(agency, map[string]string{"OS_PASSWORD": "e"}),
			way:   "user name and password, then an agency",
			want:  merged(wantAgency, map[string]string{"user_name": "jane", "password": "e"}),
		},
		"an agency left over in the environment": {
			block: password, env: agency,
			way:  "user name and password",
			want: map[string]string{"user_name": "jane", "password": "b", "project_name": "eu-de_one"},
		},
		"keys of the server": {
			block: with(func(c *Config) { c.ServerKeys, c.ProjectName = &yes, "eu-de_one" }),
			env:   map[string]string{"OS_METADATA_URL": "http://127.0.0.1:1", "OS_TOKEN": "t", "OS_PASSWORD": "e"},
			way:   "keys of this server",
			want:  map[string]string{"server_keys": "true", "project_name": "eu-de_one", "metadata_url": "http://127.0.0.1:1"},
		},
		"keys of the server, of the environment": {
			block: base, env: map[string]string{"OS_SERVER_KEYS": "1", "OS_PROJECT_NAME": "eu-de_one"},
			way: "keys of this server", want: map[string]string{"server_keys": "1", "project_name": "eu-de_one"},
		},
		"no keys of the server": {
			block: with(func(c *Config) { c.ServerKeys = &no }),
			env:   map[string]string{"OS_SERVER_KEYS": "true", "OS_TOKEN": "t"},
			way:   "a token", want: map[string]string{"token": "t"},
		},
		"no keys of the server, a password": {
			block: with(func(c *Config) { c.ServerKeys, c.UserName, c.Password, c.ProjectName = &no, "jane", "b", "eu-de_one" }),
			way:   "user name and password",
			want:  map[string]string{"user_name": "jane", "password": "b", "project_name": "eu-de_one"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Resolve(test.block, variablesOf(test.env))
			if err != nil {
				t.Fatal(err)
			}
			want := merged(test.want, map[string]string{
				"way": test.way, "auth_url": base.AuthURL, "domain_name": "acme", "region": "eu-de",
			})
			if diff := cmp.Diff(want, summary(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func merged(maps ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range maps {
		for name, text := range m {
			all[name] = text
		}
	}
	return all
}

func TestWhatAnAgencyLacks(t *testing.T) {
	yes := true
	base := Config{AuthURL: "https://iam.eu-de.otc.t-systems.com", Token: "t"}
	with := func(change func(*Config)) Config { c := base; change(&c); return c }
	for name, test := range map[string]struct {
		block Config
		env   map[string]string
		want  []string
	}{
		"domain and project": {
			block: with(func(c *Config) { c.AgencyName = "a" }),
			want: []string{
				"Unable to sign in with a token, then an agency. Missing:",
				"attribute assume_role.domain_name, OS_AGENCY_DOMAIN_NAME",
				"attribute assume_role.delegated_project, OS_DELEGATED_PROJECT", "attribute region, OS_REGION_NAME",
			},
		},
		"name": {
			block: with(func(c *Config) { c.AgencyDomainName, c.Region = "d", "eu-de" }),
			want:  []string{"attribute assume_role.agency_name, OS_AGENCY_NAME", "assume_role.domain_name: from provider block"},
		},
		"a project, and an agency that does not count": {
			block: Config{AuthURL: base.AuthURL, UserName: "jane", Password: "b", DomainName: "acme"},
			env:   map[string]string{"OS_AGENCY_NAME": "a"},
			want:  []string{"project_name", "Not used,", "assume_role.agency_name: from environment variable OS_AGENCY_NAME"},
		},
		"two ways": {
			block: with(func(c *Config) { c.ServerKeys = &yes }),
			want:  []string{"settings of both a token and keys of this server"},
		},
		"auth_url": {
			block: Config{
				AccessKey: "a", SecretKey: "s", Endpoint: "https://h", ProjectID: "p", AgencyName: "a", AgencyDomainName: "d",
				Region: "r",
			},
			want: []string{"auth_url"},
		},
		"a boolean": {
			block: Config{AuthURL: base.AuthURL, ProjectName: "p"}, env: map[string]string{"OS_SERVER_KEYS": "maybe"},
			want: []string{"server_keys from environment variable OS_SERVER_KEYS: it must be true or false"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Resolve(test.block, variablesOf(test.env))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in %v", want, err)
				}
			}
		})
	}
}
