package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCloudsYAML(t *testing.T) {
	for name, test := range map[string]struct {
		block Config
		env   map[string]string
		want  map[string]string
		from  map[string]string // setting to a part of where it came from
	}{
		"profile and secure.yaml": {
			block: Config{Cloud: "otc"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-de.otc.t-systems.com/v3", "region": "eu-de",
				"user_name": "jane", "password": "secure-pw-s3cret", "domain_name": "acme", "project_id": "007",
			},
			from: map[string]string{
				"auth_url": `built-in profile "otc"`, "region": `built-in profile "otc"`,
				"password":  filepath.Join(cloudsDir, "secure.yaml"),
				"user_name": `cloud "otc" in ` + filepath.Join(cloudsDir, "clouds.yaml"),
			},
		},
		"profile in the region of the environment": {
			block: Config{Cloud: "otc"},
			env:   map[string]string{"OS_REGION_NAME": "eu-nl"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-nl.otc.t-systems.com/v3", "region": "eu-nl",
				"user_name": "jane", "password": "secure-pw-s3cret", "domain_name": "acme", "project_id": "007",
			},
		},
		"profile in a region it does not list": {
			block: Config{Cloud: "otc", Region: "eu-new"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-new.otc.t-systems.com/v3", "region": "eu-new",
				"user_name": "jane", "password": "secure-pw-s3cret", "domain_name": "acme", "project_id": "007",
			},
		},
		"OTC's own keys, in the Swiss region": {
			block: Config{Cloud: "otc-keys"},
			want: map[string]string{
				"way": "an access key", "auth_url": "https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3", "region": "eu-ch2",
				"access_key": "FILEAK", "secret_key": "file-sk-s3cret", "security_token": "file-st-s3cret",
				"project_name": "eu-ch2_one",
			},
			from: map[string]string{"auth_url": `built-in profile "otc", region "eu-ch2"`},
		},
		"the older name of profile, a key outside of auth": {
			block: Config{Cloud: "old-otc"},
			want: map[string]string{
				"way": "a token", "auth_url": "https://iam.eu-nl.otc.t-systems.com/v3", "region": "eu-nl",
				"token": "file-token-s3cret",
			},
		},
		"the first region": {
			block: Config{Cloud: "regional"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-one.example.com", "region": "eu-one",
				"user_name": "jane", "password": "file-pw-s3cret", "domain_id": "d1", "project_name": "fallback",
			},
		},
		"a region with values": {
			block: Config{Cloud: "regional", Region: "eu-two"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-two.example.com", "region": "eu-two",
				"user_name": "jane", "password": "file-pw-s3cret", "domain_id": "d1", "project_name": "eu-two_special",
				"endpoint": "https://images.example.com",
			},
			from: map[string]string{"project_name": `region "eu-two"`},
		},
		"anchors": {
			block: Config{Cloud: "anchored"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-one.example.com", "region": "eu-one",
				"user_name": "joe", "password": "file-pw-s3cret", "domain_id": "d1", "project_name": "fallback",
			},
		},
		"verify and interface": {
			block: Config{Cloud: "tls"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-one.example.com", "region": "eu-one",
				"user_name": "jane", "password": "file-pw-s3cret", "domain_id": "d1", "project_name": "fallback",
				"insecure": "true", "interface": "internalURL",
			},
		},
		"keys for object storage beside a password": {
			block: Config{Cloud: "many"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.eu-one.example.com", "region": "eu-one",
				"user_name": "jane", "password": "file-pw-s3cret", "domain_id": "d1", "project_name": "fallback",
			},
		},
		"a profile of clouds-public.yaml": {
			block: Config{Cloud: "from-public"},
			want: map[string]string{
				"way": "a token", "auth_url": "https://keystone.mine.example.com:5000", "region": "mine-1",
				"token": "file-token-s3cret",
			},
		},
		"the file that a variable names": {
			block: Config{Cloud: "plain"},
			env:   map[string]string{"OS_CLIENT_CONFIG_FILE": "testdata/clouds/clouds.yaml"},
			want: map[string]string{
				"way": "user name and password", "auth_url": "https://iam.example.com/v3", "user_name": "jane",
				"password": "file-pw-s3cret", "domain_name": "acme", "project_name": "eu-test_one", "region": "eu-test",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dirs := []string{"testdata/none", cloudsDir}
			if test.env["OS_CLIENT_CONFIG_FILE"] != "" {
				dirs = nil
			}
			got, err := Resolve(test.block, variablesOf(test.env, dirs...))
			if err != nil {
				t.Fatal(err)
			}
			text := summary(got)
			delete(text, "cloud")
			if diff := cmp.Diff(test.want, text); diff != "" {
				t.Error(diff)
			}
			for setting, from := range test.from {
				if source := got.values[Name(setting)].from; !strings.Contains(source, from) {
					t.Errorf("%s is from %s, want %s", setting, source, from)
				}
			}
		})
	}
}

func TestNoCloudsFile(t *testing.T) {
	_, err := Resolve(Config{Cloud: "x"}, variablesOf(nil, "/nowhere/a", "/nowhere/b"))
	if err == nil || !strings.Contains(err.Error(), "Looked for:\n  /nowhere/a/clouds.yaml\n") ||
		!strings.Contains(err.Error(), "/nowhere/b/clouds.yaml") {
		t.Errorf("got %v", err)
	}
}

// The twin of TestEveryVariable: each key is read, in the auth section and beside it.
func TestEveryKeyOfCloudsYAML(t *testing.T) {
	for _, row := range table {
		for _, key := range row.file {
			for _, entry := range []string{"    auth: {" + key + ": x}\n", "    " + key + ": x\n"} {
				dir := t.TempDir()
				writeFile(t, filepath.Join(dir, "clouds.yaml"), "clouds:\n  mine:\n"+entry)
				cloud, err := readCloud(variablesOf(nil, dir), "mine", "")
				if err != nil {
					t.Fatal(err)
				}
				found := merge([]source{{find: cloud.find}})
				if val := found[row.name]; val.text.Reveal() != "x" ||
					val.from != `cloud "mine" in `+filepath.Join(dir, "clouds.yaml") {
					t.Errorf("%q is not read as %s, but as %v", entry, row.name, found.sourcesOf([]Name{row.name}))
				}
			}
		}
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// secure.yaml is the one that a variable names, or else the one beside clouds.yaml.
func TestSecureFile(t *testing.T) {
	dir, other := t.TempDir(), filepath.Join(t.TempDir(), "hidden.yaml")
	writeFile(t, filepath.Join(dir, "clouds.yaml"),
		"clouds:\n  mine:\n    auth: {auth_url: 'https://h', username: u, domain_name: d, project_name: p, password: open}\n")
	for want, change := range map[string]func(env map[string]string){
		"open": func(map[string]string) {},
		"beside": func(map[string]string) {
			writeFile(t, filepath.Join(dir, "secure.yaml"), "clouds: {mine: {auth: {password: beside}}}\n")
		},
		"named": func(env map[string]string) {
			writeFile(t, filepath.Join(dir, "secure.yaml"), "clouds: {mine: {auth: {password: beside}}}\n")
			writeFile(t, other, "clouds: {mine: {auth: {password: named}}}\n")
			env["OS_CLIENT_SECURE_FILE"] = other
		},
	} {
		env := map[string]string{"OS_CLIENT_CONFIG_FILE": filepath.Join(dir, "clouds.yaml")}
		_ = os.Remove(filepath.Join(dir, "secure.yaml"))
		change(env)
		got, err := Resolve(Config{Cloud: "mine"}, variablesOf(env))
		if err != nil {
			t.Fatal(err)
		}
		if text := got.Get(Password); text != want {
			t.Errorf("the password is %q, want %q", text, want)
		}
	}
	_, err := Resolve(Config{Cloud: "mine"}, variablesOf(map[string]string{
		"OS_CLIENT_CONFIG_FILE": filepath.Join(dir, "clouds.yaml"), "OS_CLIENT_SECURE_FILE": "/nowhere/secure.yaml",
	}))
	if err == nil || !strings.Contains(err.Error(), "Unable to read /nowhere/secure.yaml") {
		t.Errorf("got %v", err)
	}
}
