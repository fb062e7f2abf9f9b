package settings

import (
	"strings"
	"testing"
)

func TestMissingAndWrong(t *testing.T) {
	full := Config{
		AuthURL: "https://iam.eu-de.otc.t-systems.com", UserName: "jane", Password: testPassword, DomainName: "acme",
		ProjectName: "eu-de",
	}
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
				"user name and password: user_name or user_id",
				"an access key: access_key (attribute access_key, OS_ACCESS_KEY, ak in clouds.yaml)",
			},
			not: []string{"Given:"},
		},
		"only where": {
			env: map[string]string{"OS_AUTH_URL": "https://iam.example.com", "OS_PROJECT_NAME": "eu-de"},
			want: []string{
				"no credentials are given", "Given:", "auth_url: from environment variable OS_AUTH_URL",
				"project_name: from environment variable OS_PROJECT_NAME",
			},
		},
		"password": {
			block: with(func(c *Config) { c.Password = "" }),
			env:   map[string]string{"OS_REGION_NAME": "eu-de", "OS_TOKEN": testToken},
			want: []string{
				"Unable to sign in with user name and password. Missing:",
				"password (attribute password, OS_PASSWORD, password in clouds.yaml)",
				"user_name: from provider block", "region: from environment variable OS_REGION_NAME", "Not used",
				"token: from environment variable OS_TOKEN",
			},
		},
		"user": {
			env: map[string]string{"OS_PASSWORD": testPassword, "OS_AUTH_URL": "https://x"},
			want: []string{
				"user_name or user_id (attribute user_name, OS_USERNAME, username in clouds.yaml; or attribute user_id",
				"domain_name or domain_id", "project_name or project_id",
			},
		},
		"domain": {
			block: with(func(c *Config) { c.DomainName = "" }),
			want: []string{
				"Missing:\n  domain_name or domain_id (attribute domain_name, OS_USER_DOMAIN_NAME or OS_DOMAIN_NAME",
			},
			not: []string{"  project_name or"},
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
			want: []string{
				"Unable to sign in with an access key. Missing:\n  secret_key", "Not used",
				"security_token: from environment variable OS_SECURITY_TOKEN",
			},
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
			want: []string{
				"Unable to use interface from environment variable OS_ENDPOINT_TYPE: it must be public, internal or admin",
			},
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
			want: []string{
				`Unable to find cloud "nowhere", named by attribute cloud, in testdata/clouds/clouds.yaml. ` +
					`It has: anchored, from-public, huawei, many, old-otc, otc, otc-keys, plain,`,
			},
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
			want: []string{
				`Unable to find profile "nowhere", named by cloud "unknown-profile" in testdata/clouds/clouds.yaml. ` +
					`Known are huaweicloud, otc, otc-swiss`,
			},
		},
		"no region for a template": {
			block: Config{Cloud: "huawei"},
			want: []string{
				`Unable to use auth_url from built-in profile "huaweicloud": it stands for a URL of each region. Give region`,
			},
		},
		"no such region": {
			block: Config{Cloud: "regional", Region: "eu-three"},
			want: []string{
				`Unable to use region "eu-three" from provider block: cloud "regional" of clouds.yaml has only eu-one, eu-two`,
			},
		},
		"no such region, of the environment": {
			env:  map[string]string{"OS_CLOUD": "regional", "OS_REGION_NAME": "eu-three"},
			want: []string{`Unable to use region "eu-three" from environment variable OS_REGION_NAME: cloud "regional" of`},
		},
		"a project that only an entry without a say has": {
			env: map[string]string{
				"OS_CLOUD": "plain", "OS_AUTH_URL": "https://iam.example.com", "OS_USERNAME": "joe", "OS_PASSWORD": testPassword,
				"OS_DOMAIN_NAME": "acme",
			},
			want: []string{
				"Missing:\n  project_name or project_id",
				"Not used, because a higher source has credentials of its own:\n  cloud: from environment variable OS_CLOUD",
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
