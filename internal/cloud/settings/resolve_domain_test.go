package settings

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The domain of the user: by whatever form, its own goes before one that is given for everything, and a default is for
// want of any.
func TestPrecedenceOfDomains(t *testing.T) {
	user := map[string]string{
		"OS_AUTH_URL": "https://iam.example.com", "OS_USERNAME": "jane", "OS_PASSWORD": "e", "OS_PROJECT_NAME": "p",
	}
	for name, test := range map[string]struct {
		block Config
		env   map[string]string
		want  map[string]string
	}{
		"user's name, any id": {
			env:  map[string]string{"OS_USER_DOMAIN_NAME": "own", "OS_DOMAIN_ID": "any"},
			want: map[string]string{"domain_name": "own"},
		},
		"user's id, any name": {
			env:  map[string]string{"OS_USER_DOMAIN_ID": "own", "OS_DOMAIN_NAME": "any"},
			want: map[string]string{"domain_id": "own"},
		},
		"user's name, any name": {
			env:  map[string]string{"OS_USER_DOMAIN_NAME": "own", "OS_DOMAIN_NAME": "any"},
			want: map[string]string{"domain_name": "own"},
		},
		"user's name and id": {
			env:  map[string]string{"OS_USER_DOMAIN_NAME": "own", "OS_USER_DOMAIN_ID": "d1"},
			want: map[string]string{"domain_name": "own", "domain_id": "d1"},
		},
		"block's before the own": {
			block: Config{DomainName: "block"}, env: map[string]string{"OS_USER_DOMAIN_ID": "own"},
			want: map[string]string{"domain_name": "block"},
		},
		"default alone": {
			env: map[string]string{"OS_DEFAULT_DOMAIN": "def"}, want: map[string]string{"default_domain": "def"},
		},
		"default, user's name": {
			env:  map[string]string{"OS_DEFAULT_DOMAIN": "def", "OS_USER_DOMAIN_NAME": "own"},
			want: map[string]string{"domain_name": "own"},
		},
		"default, any name": {
			env:  map[string]string{"OS_DEFAULT_DOMAIN": "def", "OS_DOMAIN_NAME": "any"},
			want: map[string]string{"domain_name": "any"},
		},
		"default, project's": {
			env:  map[string]string{"OS_DEFAULT_DOMAIN": "def", "OS_PROJECT_DOMAIN_NAME": "pd"},
			want: map[string]string{"default_domain": "def", "project_domain_name": "pd"},
		},
		"default, of a lower file": {
			env:  map[string]string{"OS_DEFAULT_DOMAIN": "def", "OS_CLOUD": "lower"},
			want: map[string]string{"cloud": "lower", "domain_name": "acme"},
		},
		"nothing for keys": {
			block: Config{AccessKey: "ak", SecretKey: "sk"}, env: map[string]string{"OS_DEFAULT_DOMAIN": "def"},
			want: map[string]string{"way": "an access key", "access_key": "ak", "secret_key": "sk"},
		},
		"file: user's name, any id": {
			block: Config{Cloud: "own-name"}, want: map[string]string{"cloud": "own-name", "domain_name": "own"},
		},
		"file: the entry's before its profile's": {
			block: Config{Cloud: "deeper"}, want: map[string]string{"cloud": "deeper", "domain_id": "any"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			env := merged(user, test.env)
			if test.env["OS_CLOUD"] != "" {
				delete(env, "OS_AUTH_URL")
			}
			resolved, err := Resolve(test.block, variablesOf(env, "testdata/domains"))
			if err != nil {
				t.Fatal(err)
			}
			got := summary(resolved)
			want := merged(map[string]string{
				"way": "user name and password", "project_name": "p", "auth_url": "https://iam.example.com",
			}, test.want)
			if want["way"] == "user name and password" {
				want = merged(want, map[string]string{"user_name": "jane", "password": "e"})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
