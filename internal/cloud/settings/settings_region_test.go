package settings

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The settings for another region are about its project and its hosts, and leave the first ones as they are.
func TestIn(t *testing.T) {
	const endpoint = "https://ims.eu-de.example.com"
	user := Config{
		AuthURL: "https://iam.eu-de.example.com", Region: "eu-de", UserName: "jane", Password: "b", DomainName: "acme",
		ProjectName: "eu-de_one",
	}
	with := func(change func(*Config)) Config { c := user; change(&c); return c }
	for name, test := range map[string]struct {
		block         Config
		home, project string
		want          map[string]string // what is not the same as before; "" if it is gone
	}{
		"the region's own project": {
			block: user, home: "eu-de",
			want: map[string]string{"auth_url": "https://iam.eu-nl.example.com", "project_name": "eu-nl"},
		},
		"a project by name": {
			block: user, home: "eu-de", project: "eu-nl_two",
			want: map[string]string{"auth_url": "https://iam.eu-nl.example.com", "project_name": "eu-nl_two"},
		},
		"in place of a project's id": {
			block: with(func(c *Config) { c.ProjectName, c.ProjectID = "", "p1" }), home: "eu-de",
			want: map[string]string{
				"auth_url": "https://iam.eu-nl.example.com", "project_id": "", "project_name": "eu-nl",
			},
		},
		"an endpoint of the region": {
			block: with(func(c *Config) { c.Endpoint = endpoint }), home: "eu-de",
			want: map[string]string{
				"auth_url": "https://iam.eu-nl.example.com", "endpoint": "https://ims.eu-nl.example.com",
				"project_name": "eu-nl",
			},
		},
		"an endpoint of no region": {
			block: with(func(c *Config) { c.Endpoint = "https://ims.example.com" }), home: "eu-de",
			want: map[string]string{
				"auth_url": "https://iam.eu-nl.example.com", "endpoint": "", "project_name": "eu-nl",
			},
		},
		"no home": {
			block: with(func(c *Config) { c.Endpoint = endpoint }),
			want:  map[string]string{"endpoint": "", "project_name": "eu-nl"},
		},
		"an agency": {
			block: with(func(c *Config) { c.AgencyName, c.AgencyDomainName = "builders", "owner" }), home: "eu-de",
			want: map[string]string{
				"auth_url": "https://iam.eu-nl.example.com", "assume_role.delegated_project": "eu-nl",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			here, err := Resolve(test.block, Environment{})
			if err != nil {
				t.Fatal(err)
			}
			before := summary(here)
			got := here.In(test.home, "eu-nl", test.project)
			want := merged(before, map[string]string{"region": "eu-nl"}, test.want)
			for name, text := range test.want {
				if text == "" {
					delete(want, name)
				}
			}
			if diff := cmp.Diff(want, summary(got)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before, summary(here)); diff != "" {
				t.Errorf("the first settings changed: %s", diff)
			}
		})
	}
}

func TestHostIn(t *testing.T) {
	for address, want := range map[string]string{
		"https://iam.eu-de.example.com/v3":      "https://iam.eu-nl.example.com/v3",
		"https://ims.eu-de.example.com:8443/":   "https://ims.eu-nl.example.com:8443/",
		"https://iam.example.com/v3":            "",
		"https://iam.eu-de2.example.com/eu-de/": "",
		"":                                      "",
		"%":                                     "",
	} {
		got, moved := hostIn(address, "eu-de", "eu-nl")
		if moved != (want != "") || moved && got != want {
			t.Errorf("hostIn(%q) = %q, %t", address, got, moved)
		}
	}
}
