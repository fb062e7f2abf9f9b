package settings

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// variablesOf is an environment of these variables.
func variablesOf(pairs map[string]string, dirs ...string) Environment {
	return Environment{
		ConfigDirs: dirs, Lookup: func(name string) (string, bool) { text, ok := pairs[name]; return text, ok },
	}
}

// summary is what Resolve decided: the way, and each setting with its value. The tests' secrets are not secret to them.
func summary(s *Settings) map[string]string {
	got := map[string]string{"way": s.way}
	for name, val := range s.values {
		got[string(name)] = val.text.Reveal()
	}
	return got
}

const cloudsDir = "testdata/clouds"

func TestPrecedence(t *testing.T) {
	base := Config{AuthURL: "https://iam.eu-de.otc.t-systems.com", ProjectName: "eu-de_one", DomainName: "acme"}
	with := func(change func(*Config)) Config { c := base; change(&c); return c }
	common := map[string]string{"auth_url": base.AuthURL, "project_name": "eu-de_one", "domain_name": "acme"}
	want := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range []map[string]string{common, more} {
			for name, text := range m {
				all[name] = text
			}
		}
		return all
	}
	for name, test := range map[string]struct {
		block Config
		env   map[string]string
		want  map[string]string
	}{
		"block alone": {
			block: with(func(c *Config) { c.UserName, c.Password = "jane", "b" }),
			want:  want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "b"}),
		},
		"environment alone": {
			env: map[string]string{
				"OS_AUTH_URL": base.AuthURL, "OS_USERNAME": "jane", "OS_PASSWORD": "e", "OS_USER_DOMAIN_NAME": "acme",
				"OS_TENANT_NAME": "eu-de_one",
				"OS_REGION_NAME": "eu-de", "OS_INSECURE": "True", "OS_INTERFACE": "internal",
			},
			want: want(map[string]string{
				"way": "user name and password", "user_name": "jane", "password": "e", "region": "eu-de", "insecure": "True",
				"interface": "internal",
			}),
		},
		"block before environment": {
			block: with(func(c *Config) { c.UserName, c.Password = "jane", "b" }),
			env: map[string]string{
				"OS_AUTH_URL": "https://other", "OS_USERNAME": "joe", "OS_PASSWORD": "e", "OS_PROJECT_NAME": "other",
				"OS_DOMAIN_NAME": "other",
				"OS_REGION_NAME": "eu-de",
			},
			want: want(map[string]string{
				"way": "user name and password", "user_name": "jane", "password": "b", "region": "eu-de",
			}),
		},
		"a way is completed by the environment": {
			block: with(func(c *Config) { c.UserName = "jane" }),
			env:   map[string]string{"OS_PASSWORD": "e", "OS_PASSCODE": "1"},
			want: want(map[string]string{
				"way": "user name and password", "user_name": "jane", "password": "e", "passcode": "1",
			}),
		},
		"an alternative silences the lower one": {
			block: Config{AuthURL: base.AuthURL, UserName: "jane", DomainName: "acme", ProjectName: "eu-de_one", Password: "b"},
			env: map[string]string{
				"OS_USER_ID": "u2", "OS_USER_DOMAIN_ID": "d2", "OS_PROJECT_ID": "p2", "OS_PROJECT_DOMAIN_ID": "d2",
			},
			want: want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "b"}),
		},
		"an openrc file gives name and id": {
			env: map[string]string{
				"OS_AUTH_URL": base.AuthURL, "OS_USERNAME": "jane", "OS_PASSWORD": "e", "OS_DOMAIN_NAME": "acme",
				"OS_PROJECT_NAME": "eu-de_one", "OS_PROJECT_ID": "p1", "OS_PROJECT_DOMAIN_ID": "d1",
			},
			want: want(map[string]string{
				"way": "user name and password", "user_name": "jane", "password": "e", "project_id": "p1",
				"project_domain_id": "d1",
			}),
		},
		"block's password, environment's keys": {
			block: with(func(c *Config) { c.UserName, c.Password = "jane", "b" }),
			env:   map[string]string{"OS_ACCESS_KEY": "ak", "OS_SECRET_KEY": "sk", "OS_TOKEN": "t"},
			want:  want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "b"}),
		},
		"block's token, environment's password": {
			block: with(func(c *Config) { c.Token = "t" }),
			env:   map[string]string{"OS_USERNAME": "joe", "OS_PASSWORD": "e", "OS_PASSCODE": "1"},
			want:  want(map[string]string{"way": "a token", "token": "t"}),
		},
		"block's keys, environment's token": {
			block: with(func(c *Config) { c.AccessKey, c.SecretKey = "ak", "sk" }),
			env:   map[string]string{"OS_AUTH_TOKEN": "t"},
			want:  want(map[string]string{"way": "an access key", "access_key": "ak", "secret_key": "sk"}),
		},
		"a security token of other keys": {
			block: with(func(c *Config) { c.AccessKey, c.SecretKey = "ak", "sk" }),
			env:   map[string]string{"OS_ACCESS_KEY": "ak2", "OS_SECRET_KEY": "sk2", "OS_SECURITY_TOKEN": "st2"},
			want:  want(map[string]string{"way": "an access key", "access_key": "ak", "secret_key": "sk"}),
		},
		"a security token beside its secret key": {
			block: with(func(c *Config) { c.AccessKey = "ak" }),
			env:   map[string]string{"OS_SECRET_KEY": "sk", "OS_SECURITY_TOKEN": "st"},
			want: want(map[string]string{
				"way": "an access key", "access_key": "ak", "secret_key": "sk", "security_token": "st",
			}),
		},
		"two ways in one environment: the token": {
			block: base,
			env:   map[string]string{"OS_USERNAME": "jane", "OS_PASSWORD": "e", "OS_TOKEN": "t"},
			want:  want(map[string]string{"way": "a token", "token": "t"}),
		},
		"two ways in one environment: the complete one": {
			block: base,
			env:   map[string]string{"OS_USERNAME": "jane", "OS_ACCESS_KEY": "ak", "OS_SECRET_KEY": "sk"},
			want:  want(map[string]string{"way": "an access key", "access_key": "ak", "secret_key": "sk"}),
		},
		"cloud of the block before the environment": {
			block: Config{Cloud: "plain"},
			env: map[string]string{
				"OS_USERNAME": "joe", "OS_PASSWORD": "e", "OS_TOKEN": "t", "OS_REGION_NAME": "eu-else", "OS_CACERT": "",
			},
			want: map[string]string{
				"way": "user name and password", "cloud": "plain", "auth_url": "https://iam.example.com/v3", "user_name": "jane",
				"password": "file-pw-s3cret", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-test",
			},
		},
		"block before its cloud": {
			block: Config{Cloud: "plain", UserName: "joe", Password: "b", Region: "eu-else"},
			want: map[string]string{
				"way": "user name and password", "cloud": "plain", "auth_url": "https://iam.example.com/v3", "user_name": "joe",
				"password": "b", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-else",
			},
		},
		"environment before OS_CLOUD": {
			env: map[string]string{"OS_CLOUD": "plain", "OS_PASSWORD": "e", "OS_PROJECT_ID": "p2"},
			want: map[string]string{
				"way": "user name and password", "cloud": "plain", "auth_url": "https://iam.example.com/v3", "user_name": "jane",
				"password": "e", "domain_name": "acme", "project_id": "p2", "region": "eu-test",
			},
		},
		"cloud before OS_CLOUD": {
			block: Config{Cloud: "plain"},
			env:   map[string]string{"OS_CLOUD": "otc-keys"},
			want: map[string]string{
				"way": "user name and password", "cloud": "plain", "auth_url": "https://iam.example.com/v3", "user_name": "jane",
				"password": "file-pw-s3cret", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-test",
			},
		},
		"environment completes a cloud of the block": {
			block: Config{Cloud: "plain"},
			env:   map[string]string{"OS_PASSCODE": "1", "OS_INSECURE": "no"},
			want: map[string]string{
				"way": "user name and password", "cloud": "plain", "auth_url": "https://iam.example.com/v3", "user_name": "jane",
				"passcode": "1",
				"password": "file-pw-s3cret", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-test",
				"insecure": "no",
			},
		},
		"a block needs no entry that OS_CLOUD names: none of its TLS settings": {
			block: with(func(c *Config) { c.UserName, c.Password = "jane", "b" }),
			env:   map[string]string{"OS_CLOUD": "tls"},
			want:  want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "b"}),
		},
		"a block needs no entry that OS_CLOUD names: there is none": {
			block: with(func(c *Config) { c.UserName, c.Password = "jane", "b" }),
			env:   map[string]string{"OS_CLOUD": "nowhere"},
			want:  want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "b"}),
		},
		"a block needs no entry that OS_CLOUD names: none of its regions": {
			block: with(func(c *Config) { c.UserName, c.Password, c.Region = "jane", "b", "eu-de" }),
			env:   map[string]string{"OS_CLOUD": "regional"},
			want: want(map[string]string{
				"way": "user name and password", "user_name": "jane", "password": "b", "region": "eu-de",
			}),
		},
		"nor does a key that need not ask": {
			block: Config{
				AccessKey: "ak", SecretKey: "sk", Endpoint: "https://ims.example.com", ProjectID: "p1", Region: "eu-de",
			},
			env: map[string]string{"OS_CLOUD": "nowhere"},
			want: map[string]string{
				"way": "an access key", "access_key": "ak", "secret_key": "sk", "endpoint": "https://ims.example.com",
				"project_id": "p1", "region": "eu-de",
			},
		},
		"nor do block and environment together": {
			block: with(func(c *Config) { c.UserName = "jane" }),
			env:   map[string]string{"OS_CLOUD": "tls", "OS_PASSWORD": "e"},
			want:  want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "e"}),
		},
		"OS_CLOUD says where": {
			block: Config{UserName: "joe", Password: "b"},
			env:   map[string]string{"OS_CLOUD": "plain"},
			want: map[string]string{
				"way": "user name and password", "cloud": "plain", "auth_url": "https://iam.example.com/v3", "user_name": "joe",
				"password": "b", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-test",
			},
		},
		"OS_CLOUD says who": {
			block: Config{AuthURL: base.AuthURL},
			env:   map[string]string{"OS_CLOUD": "plain"},
			want: map[string]string{
				"way": "user name and password", "cloud": "plain", "auth_url": base.AuthURL, "user_name": "jane",
				"password": "file-pw-s3cret", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-test",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Resolve(test.block, variablesOf(test.env, cloudsDir))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, summary(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
