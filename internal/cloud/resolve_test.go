package cloud

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// variablesOf is an environment of these variables.
func variablesOf(pairs map[string]string, dirs ...string) Environment {
	return Environment{ConfigDirs: dirs, Lookup: func(name string) (string, bool) { text, ok := pairs[name]; return text, ok }}
}

// summary is what Resolve decided: the way, and each setting with its value. The tests' secrets are not secret to them.
func summary(s *Settings) map[string]string {
	got := map[string]string{"way": s.way.name}
	for name, val := range s.values {
		got[name] = val.text.reveal()
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
				"OS_AUTH_URL": base.AuthURL, "OS_USERNAME": "jane", "OS_PASSWORD": "e", "OS_USER_DOMAIN_NAME": "acme", "OS_TENANT_NAME": "eu-de_one",
				"OS_REGION_NAME": "eu-de", "OS_INSECURE": "True", "OS_INTERFACE": "internal",
			},
			want: want(map[string]string{
				"way": "user name and password", "user_name": "jane", "password": "e", "region": "eu-de", "insecure": "True", "interface": "internal",
			}),
		},
		"block before environment": {
			block: with(func(c *Config) { c.UserName, c.Password = "jane", "b" }),
			env: map[string]string{
				"OS_AUTH_URL": "https://other", "OS_USERNAME": "joe", "OS_PASSWORD": "e", "OS_PROJECT_NAME": "other", "OS_DOMAIN_NAME": "other",
				"OS_REGION_NAME": "eu-de",
			},
			want: want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "b", "region": "eu-de"}),
		},
		"a way is completed by the environment": {
			block: with(func(c *Config) { c.UserName = "jane" }),
			env:   map[string]string{"OS_PASSWORD": "e", "OS_PASSCODE": "1"},
			want:  want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "e", "passcode": "1"}),
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
				"way": "user name and password", "user_name": "jane", "password": "e", "project_id": "p1", "project_domain_id": "d1",
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
			want:  want(map[string]string{"way": "an access key", "access_key": "ak", "secret_key": "sk", "security_token": "st"}),
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
			env:   map[string]string{"OS_USERNAME": "joe", "OS_PASSWORD": "e", "OS_TOKEN": "t", "OS_REGION_NAME": "eu-else", "OS_CACERT": ""},
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
				"way": "user name and password", "cloud": "plain", "auth_url": "https://iam.example.com/v3", "user_name": "jane", "passcode": "1",
				"password": "file-pw-s3cret", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-test", "insecure": "no",
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
			want:  want(map[string]string{"way": "user name and password", "user_name": "jane", "password": "b", "region": "eu-de"}),
		},
		"nor does a key that need not ask": {
			block: Config{AccessKey: "ak", SecretKey: "sk", Endpoint: "https://ims.example.com", ProjectID: "p1", Region: "eu-de"},
			env:   map[string]string{"OS_CLOUD": "nowhere"},
			want: map[string]string{
				"way": "an access key", "access_key": "ak", "secret_key": "sk", "endpoint": "https://ims.example.com", "project_id": "p1", "region": "eu-de",
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
			settings, err := Resolve(test.block, variablesOf(test.env, cloudsDir))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, summary(settings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSystemEnvironment(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", "/xdg")
	t.Setenv("OS_CLOUD", "mine")
	t.Chdir(t.TempDir())
	env := SystemEnvironment()
	if text, ok := env.lookup("OS_CLOUD"); text != "mine" || !ok {
		t.Errorf("OS_CLOUD is %q, %t", text, ok)
	}
	working, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{working, "/xdg/openstack", "/etc/openstack"}, env.ConfigDirs); diff != "" {
		t.Error(diff)
	}
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("HOME", "/home/jane")
	if got := SystemEnvironment().ConfigDirs[1]; got != "/home/jane/.config/openstack" {
		t.Errorf("got %s", got)
	}
}

func TestEveryVariable(t *testing.T) {
	for _, v := range variables {
		for _, name := range v.env {
			if v.name == nameCloud {
				continue
			}
			found := findAll([]source{environmentSource(variablesOf(map[string]string{name: "x"}))})
			if val := found[v.name]; val.text.reveal() != "x" || val.from != "environment variable "+name {
				t.Errorf("%s is not read as %s", name, v.name)
			}
		}
	}
}

func TestMissingAndWrong(t *testing.T) {
	full := Config{AuthURL: "https://iam.eu-de.otc.t-systems.com", UserName: "jane", Password: testPassword, DomainName: "acme", ProjectName: "eu-de"}
	with := func(change func(*Config)) Config { c := full; change(&c); return c }
	for name, test := range map[string]struct {
		block Config
		env   map[string]string
		want  []string
		not   []string
	}{
		"nothing": {
			want: []string{
				"no credentials are given", "a token: token (attribute token, OS_TOKEN or OS_AUTH_TOKEN, token in clouds.yaml)",
				"user name and password: user_name or user_id", "an access key: access_key (attribute access_key, OS_ACCESS_KEY, ak in clouds.yaml)",
			},
			not: []string{"Given:"},
		},
		"only where": {
			env:  map[string]string{"OS_AUTH_URL": "https://iam.example.com", "OS_PROJECT_NAME": "eu-de"},
			want: []string{"no credentials are given", "Given:", "auth_url: from environment variable OS_AUTH_URL", "project_name: from environment variable OS_PROJECT_NAME"},
		},
		"password": {
			block: with(func(c *Config) { c.Password = "" }),
			env:   map[string]string{"OS_REGION_NAME": "eu-de", "OS_TOKEN": testToken},
			want: []string{
				"Unable to sign in with user name and password. Missing:", "password (attribute password, OS_PASSWORD, password in clouds.yaml)",
				"user_name: from provider block", "region: from environment variable OS_REGION_NAME", "Not used", "token: from environment variable OS_TOKEN",
			},
		},
		"user": {
			env:  map[string]string{"OS_PASSWORD": testPassword, "OS_AUTH_URL": "https://x"},
			want: []string{"user_name or user_id (attribute user_name, OS_USERNAME, username in clouds.yaml; or attribute user_id", "domain_name or domain_id", "project_name or project_id"},
		},
		"domain": {
			block: with(func(c *Config) { c.DomainName = "" }),
			want:  []string{"Missing:\n  domain_name or domain_id (attribute domain_name, OS_USER_DOMAIN_NAME or OS_DOMAIN_NAME"},
			not:   []string{"  project_name or"},
		},
		"domain of the project, with a user's id": {
			block: with(func(c *Config) { c.DomainName, c.UserName, c.UserID = "", "", "u1" }),
			want:  []string{"Missing:\n  domain_name or domain_id"},
		},
		"project": {
			block: with(func(c *Config) { c.ProjectName = "" }),
			want:  []string{"Missing:\n  project_name or project_id (attribute project_name, OS_PROJECT_NAME or OS_TENANT_NAME"},
		},
		"auth_url": {
			block: with(func(c *Config) { c.AuthURL = "" }),
			want:  []string{"Missing:\n  auth_url (attribute auth_url, OS_AUTH_URL, auth_url in clouds.yaml)"},
		},
		"secret key": {
			block: Config{AuthURL: "https://x", AccessKey: testAccessKey, ProjectID: "p1"},
			env:   map[string]string{"OS_SECURITY_TOKEN": testSecurityToken},
			want:  []string{"Unable to sign in with an access key. Missing:\n  secret_key", "Not used", "security_token: from environment variable OS_SECURITY_TOKEN"},
		},
		"two ways in the block": {
			block: with(func(c *Config) { c.Token = testToken }),
			want:  []string{"the provider block gives settings of both a token and user name and password; leave out one"},
		},
		"auth_url is none": {
			block: with(func(c *Config) { c.AuthURL = "iam.eu-de.otc.t-systems.com" }),
			want:  []string{"Unable to use auth_url from provider block: it must be a URL"},
		},
		"auth_url with a password": {
			block: with(func(c *Config) { c.AuthURL = "https://jane:" + testPassword + "@iam.eu-de.otc.t-systems.com" }),
			want:  []string{"Unable to use auth_url from provider block"},
		},
		"endpoint is none": {
			block: full,
			env:   map[string]string{"OS_IMAGE_ENDPOINT_OVERRIDE": "ftp://x"},
			want:  []string{"Unable to use endpoint from environment variable OS_IMAGE_ENDPOINT_OVERRIDE"},
		},
		"insecure is none": {
			block: full,
			env:   map[string]string{"OS_INSECURE": "perhaps"},
			want:  []string{"Unable to use insecure from environment variable OS_INSECURE: it must be true or false"},
		},
		"interface is none": {
			block: full,
			env:   map[string]string{"OS_ENDPOINT_TYPE": "outer"},
			want:  []string{"Unable to use interface from environment variable OS_ENDPOINT_TYPE: it must be public, internal or admin"},
		},
		"no such authority": {
			block: with(func(c *Config) { c.CACert = "~/nowhere.pem" }),
			want:  []string{"Unable to use cacert_file from provider block: it is neither PEM text nor a file"},
		},
		"authority without a certificate": {
			block: with(func(c *Config) { c.CACert = "-----BEGIN NOTHING-----" }),
			want:  []string{"Unable to use cacert_file from provider block: it has no certificate in PEM form"},
		},
		"no such cloud": {
			block: Config{Cloud: "nowhere"},
			want:  []string{`Unable to find cloud "nowhere", named by attribute cloud, in testdata/clouds/clouds.yaml. It has: anchored, from-public, huawei, many, old-otc, otc, otc-keys, plain,`},
		},
		"no such cloud, of the environment": {
			env:  map[string]string{"OS_CLOUD": "nowhere"},
			want: []string{`Unable to find cloud "nowhere", named by environment variable OS_CLOUD`},
		},
		"no such file": {
			block: Config{Cloud: "plain"},
			env:   map[string]string{"OS_CLIENT_CONFIG_FILE": "/nowhere/clouds.yaml"},
			want:  []string{"Unable to read /nowhere/clouds.yaml, named by environment variable OS_CLIENT_CONFIG_FILE"},
		},
		"a broken file": {
			block: Config{Cloud: "plain"},
			env:   map[string]string{"OS_CLIENT_CONFIG_FILE": "testdata/broken/clouds.yaml"},
			want:  []string{"Unable to read testdata/broken/clouds.yaml: it is not a YAML file of clouds"},
		},
		"no such profile": {
			block: Config{Cloud: "unknown-profile"},
			want:  []string{`Unable to find profile "nowhere", named by cloud "unknown-profile" in testdata/clouds/clouds.yaml. Known are huaweicloud, otc, otc-swiss`},
		},
		"no region for a template": {
			block: Config{Cloud: "huawei"},
			want:  []string{`Unable to use auth_url from built-in profile "huaweicloud": it stands for a URL of each region. Give region`},
		},
		"no such region": {
			block: Config{Cloud: "regional", Region: "eu-three"},
			want:  []string{`Unable to use region "eu-three" from provider block: cloud "regional" of clouds.yaml has only eu-one, eu-two`},
		},
		"no such region, of the environment": {
			env:  map[string]string{"OS_CLOUD": "regional", "OS_REGION_NAME": "eu-three"},
			want: []string{`Unable to use region "eu-three" from environment variable OS_REGION_NAME: cloud "regional" of`},
		},
		"a project that only an entry without a say has": {
			env: map[string]string{
				"OS_CLOUD": "plain", "OS_AUTH_URL": "https://iam.example.com", "OS_USERNAME": "joe", "OS_PASSWORD": testPassword, "OS_DOMAIN_NAME": "acme",
			},
			want: []string{
				"Missing:\n  project_name or project_id", "Not used, because a higher source has credentials of its own:\n  cloud: from environment variable OS_CLOUD",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Resolve(test.block, variablesOf(test.env, cloudsDir))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in:\n%v", want, err)
				}
			}
			for _, not := range test.not {
				if strings.Contains(err.Error(), not) {
					t.Errorf("%q in:\n%v", not, err)
				}
			}
			noSecret(t, err.Error())
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("a secret of a file shows: %v", err)
			}
		})
	}
}
