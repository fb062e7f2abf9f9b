package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestMain(m *testing.M) {
	if at := os.Getenv(panicsAt); at != "" {
		servePanicking(at)
		return
	}
	os.Exit(m.Run())
}

const wrong = "wrong-and-secret"

// secretWay is a way to sign in: what of it is in the environment, and in files beside the configuration.
type secretWay struct {
	variables, secrets []string
	files              map[string]string
	block              string // what the provider block says besides
	prepare            func(c *acctest.Cloud)
	echoes             bool // the image service refuses every request and repeats its headers
	fails              bool
}

// secretWays are all the ways to sign in, also where they fail.
func secretWays(c *acctest.Cloud) map[string]secretWay {
	owner, agent := emulator.Owner, emulator.Agent
	user := []string{"OS_USERNAME=" + owner.UserName, "OS_USER_DOMAIN_NAME=" + owner.DomainName, "OS_PROJECT_NAME=" + owner.ProjectName}
	key := []string{"OS_ACCESS_KEY=" + owner.AccessKey, "OS_PROJECT_NAME=" + owner.ProjectName}
	agency := []string{"OS_AGENCY_NAME=" + emulator.Builders.Name, "OS_AGENCY_DOMAIN_NAME=" + owner.DomainName}
	agentUser := append([]string{"OS_USERNAME=" + agent.UserName, "OS_DOMAIN_NAME=" + agent.DomainName}, agency...)
	join := func(list []string, more ...string) []string { return append(slices.Clone(list), more...) }
	c.SetPasscodes(emulator.Receiver, "604006", "604007")
	coded := []string{
		"OS_USERNAME=" + emulator.Receiver.UserName, "OS_USER_DOMAIN_NAME=" + owner.DomainName, "OS_PROJECT_NAME=" + emulator.Receiver.ProjectName,
		"OS_PASSWORD=" + emulator.Receiver.Password,
	}
	token, agentToken := c.IssueToken(owner), c.IssueToken(agent)
	ak, sk, securityToken := c.IssueTemporaryKeys(owner)
	entry := func(auth string) map[string]string {
		return map[string]string{"clouds.yaml": "clouds:\n  mine:\n    auth: {auth_url: " + c.URL + "/v3, project_name: " + owner.ProjectName + ", " + auth + "}\n"}
	}
	withSecure := entry("username: " + owner.UserName + ", user_domain_name: " + owner.DomainName)
	withSecure["secure.yaml"] = "clouds:\n  mine:\n    auth: {password: " + owner.Password + "}\n"
	mine := []string{"OS_CLOUD=mine"}
	inBlock := func(credentials string) string {
		return fmt.Sprintf("domain_name = %q\nproject_name = %q\n", owner.DomainName, owner.ProjectName) + credentials
	}
	return map[string]secretWay{
		"provider block":                 {block: inBlock(fmt.Sprintf("user_name = %q\npassword = %q", owner.UserName, owner.Password)), secrets: []string{owner.Password}},
		"provider block, wrong password": {block: inBlock(fmt.Sprintf("user_name = %q\npassword = %q", owner.UserName, wrong)), fails: true},
		"provider block, token":          {block: inBlock(fmt.Sprintf("token = %q", token)), secrets: []string{token}},
		"provider block, keys": {
			block:   inBlock(fmt.Sprintf("access_key = %q\nsecret_key = %q\nsecurity_token = %q", ak, sk, securityToken)),
			secrets: []string{sk, securityToken},
		},
		"renewal": {
			variables: join(user, "OS_PASSWORD="+owner.Password), secrets: []string{owner.Password},
			prepare: func(c *acctest.Cloud) {
				c.Inject(emulator.Fault{Method: "GET", Path: "/v2/cloudimages", Times: 1, Status: 401, Code: "APIGW.0307"})
			},
		},
		"renewal, password wrong meanwhile": {
			variables: join(user, "OS_PASSWORD="+owner.Password), secrets: []string{owner.Password}, fails: true,
			prepare: func(c *acctest.Cloud) {
				c.Inject(emulator.Fault{Method: "GET", Path: "/v2/cloudimages", Times: 1, Status: 401, Code: "APIGW.0307"})
				c.Inject(emulator.Fault{Method: "POST", Path: "/v3/auth/tokens", Skip: 1, Status: 401, Code: "x"})
			},
		},
		"password, refused by the image service": {
			variables: join(user, "OS_PASSWORD="+owner.Password), secrets: []string{owner.Password}, echoes: true, fails: true,
		},
		"temporary keys, refused by the image service": {
			variables: []string{"OS_ACCESS_KEY=" + ak, "OS_SECRET_KEY=" + sk, "OS_SECURITY_TOKEN=" + securityToken, "OS_PROJECT_ID=" + owner.ProjectID},
			secrets:   []string{sk, securityToken}, echoes: true, fails: true,
		},
		"password":         {variables: join(user, "OS_PASSWORD="+owner.Password), secrets: []string{owner.Password}},
		"wrong password":   {variables: join(user, "OS_PASSWORD="+wrong), fails: true},
		"passcode":         {variables: join(coded, "OS_PASSCODE=604006"), secrets: []string{emulator.Receiver.Password, "604006"}},
		"wrong passcode":   {variables: join(coded, "OS_PASSCODE="+wrong), secrets: []string{emulator.Receiver.Password}, fails: true},
		"token":            {variables: []string{"OS_TOKEN=" + token}, secrets: []string{token}},
		"wrong token":      {variables: []string{"OS_TOKEN=" + wrong, "OS_PROJECT_ID=" + owner.ProjectID}, fails: true},
		"keys":             {variables: join(key, "OS_SECRET_KEY="+owner.SecretKey), secrets: []string{owner.SecretKey}},
		"wrong keys":       {variables: join(key, "OS_SECRET_KEY="+wrong), fails: true},
		"incomplete":       {variables: []string{"OS_PASSWORD=" + wrong}, fails: true},
		"agency, password": {variables: join(agentUser, "OS_PASSWORD="+agent.Password), secrets: []string{agent.Password}},
		"agency, token":    {variables: join(agency, "OS_TOKEN="+agentToken), secrets: []string{agentToken}},
		"agency, keys": {
			variables: join(agency, "OS_ACCESS_KEY="+agent.AccessKey, "OS_SECRET_KEY="+agent.SecretKey), secrets: []string{agent.SecretKey},
		},
		"wrong agency": {
			variables: join(agentUser, "OS_PASSWORD="+agent.Password, "OS_AGENCY_NAME=nosuch"), secrets: []string{agent.Password}, fails: true,
		},
		"server keys": {variables: []string{"OS_SERVER_KEYS=true", "OS_METADATA_URL=" + c.URL, "OS_PROJECT_ID=" + owner.ProjectID}},
		"temporary keys": {
			variables: []string{"OS_ACCESS_KEY=" + ak, "OS_SECRET_KEY=" + sk, "OS_SECURITY_TOKEN=" + securityToken, "OS_PROJECT_ID=" + owner.ProjectID},
			secrets:   []string{sk, securityToken},
		},
		"clouds.yaml and secure.yaml": {variables: mine, files: withSecure, secrets: []string{owner.Password}},
		"keys in clouds.yaml": {
			variables: mine, files: entry("ak: " + owner.AccessKey + ", sk: " + owner.SecretKey), secrets: []string{owner.SecretKey},
		},
		"security token in clouds.yaml": {
			variables: mine, files: entry("ak: " + ak + ", sk: " + sk + ", security_token: " + securityToken), secrets: []string{sk, securityToken},
		},
		"clouds.yaml that is none": {variables: mine, files: map[string]string{"clouds.yaml": "clouds:\n  mine: [" + wrong + "\n"}, fails: true},
		"wrong key of a certificate": {
			variables: join(user, "OS_PASSWORD="+owner.Password, "OS_CERT=-----BEGIN "+wrong, "OS_KEY=-----BEGIN "+wrong), secrets: []string{owner.Password}, fails: true,
		},
	}
}

// TestSecrets drives the ways to sign in with everything logged that can be, also when they fail, and looks for the secrets in
// all that is left behind, those that services told among them.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(secretWays(acctest.Start(t, emulator.Options{})))) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			driveSecretWay(t, cloud, secretWays(cloud)[name])
		})
	}
}

// echo is an image service that refuses every request and repeats its headers, as gateways do.
func echo(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var sent strings.Builder
		for name, values := range r.Header {
			// Not under its own name, which is looked for in the output.
			fmt.Fprintf(&sent, "%s %s, ", strings.ToLower(name[len(name)-2:]), values)
		}
		w.WriteHeader(http.StatusBadRequest)
		text, _ := json.Marshal(map[string]any{"error_code": "APIGW.0303", "error_msg": "verify failed: " + sent.String()})
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func driveSecretWay(t *testing.T, cloud *acctest.Cloud, way secretWay) {
	t.Helper()
	w := cloud.Workspace(t)
	endpoint := cloud.URL
	if way.echoes {
		endpoint = echo(t)
	}
	if way.prepare != nil {
		way.prepare(cloud)
	}
	w.ConfigureWhole(fmt.Sprintf("provider \"ims\" {\nendpoint = %q\n%s\n}\n\ndata \"ims_images\" \"test\" {\n  image_type = \"public\"\n}\n", endpoint, way.block))
	for file, content := range way.files {
		if err := os.WriteFile(filepath.Join(w.Dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// OS_AGENCY_NAME may be given twice: the last one counts.
	variables := append([]string{"TF_LOG=TRACE", "OS_AUTH_URL=" + cloud.URL + "/v3", "OS_REGION_NAME=" + emulator.Region}, way.variables...)
	result := w.Run(variables, "apply", "-auto-approve", "-no-color")
	if failed := result.Code != 0; failed != way.fails {
		t.Fatalf("apply ended with code %d:\n%.4000s", result.Code, result.Output)
	}
	if !strings.Contains(result.Output, "[TRACE]") {
		t.Fatal("nothing was traced")
	}
	if way.echoes && !strings.Contains(result.Output, "(hidden)") {
		t.Errorf("nothing was repeated:\n%.4000s", result.Output)
	}
	journal, err := json.Marshal(cloud.Journal())
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]string{"output": result.Output, "journal": string(journal)}
	files, _ := filepath.Glob(filepath.Join(w.Dir, "*"))
	for _, file := range files {
		configured := way.files[filepath.Base(file)] != "" || way.block != "" && filepath.Base(file) == "main.tf"
		if content, err := os.ReadFile(file); err == nil && !configured {
			left[filepath.Base(file)] = string(content)
		}
	}
	secrets := append(slices.Clone(way.secrets), cloud.Told()...)
	if way.fails {
		secrets = append(secrets, wrong)
	}
	for place, content := range left {
		for _, secret := range secrets {
			if strings.Contains(content, secret) {
				t.Errorf("the %s holds a secret", place)
			}
		}
		if place == "output" && (strings.Contains(content, "X-Auth-Token") || strings.Contains(content, "Authorization:")) {
			t.Error("the output holds the headers of requests")
		}
	}
}
