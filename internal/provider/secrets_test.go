package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := acctest.RemoveBuilt(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// TestSecrets drives the ways to sign in with everything logged that can be, also when they fail, and looks for the secrets in
// all that is left behind.
func TestSecrets(t *testing.T) {
	t.Parallel()
	owner := emulator.Owner
	password := []string{"OS_USERNAME=" + owner.UserName, "OS_USER_DOMAIN_NAME=" + owner.DomainName, "OS_PROJECT_NAME=" + owner.ProjectName}
	keys := []string{"OS_ACCESS_KEY=" + owner.AccessKey, "OS_PROJECT_NAME=" + owner.ProjectName}
	for name, test := range map[string]struct {
		variables func(*acctest.Cloud) (variables, secrets []string)
		fails     bool
	}{
		"password": {variables: func(*acctest.Cloud) ([]string, []string) {
			return append(password, "OS_PASSWORD="+owner.Password), []string{owner.Password}
		}},
		"wrong password": {fails: true, variables: func(*acctest.Cloud) ([]string, []string) {
			return append(password, "OS_PASSWORD=wrong-and-secret"), []string{"wrong-and-secret"}
		}},
		"token": {variables: func(c *acctest.Cloud) ([]string, []string) {
			token := c.IssueToken(owner)
			return []string{"OS_TOKEN=" + token}, []string{token}
		}},
		"wrong token": {fails: true, variables: func(*acctest.Cloud) ([]string, []string) {
			return []string{"OS_TOKEN=wrong-and-secret", "OS_PROJECT_ID=" + owner.ProjectID}, []string{"wrong-and-secret"}
		}},
		"keys": {variables: func(*acctest.Cloud) ([]string, []string) {
			return append(keys, "OS_SECRET_KEY="+owner.SecretKey), []string{owner.SecretKey}
		}},
		"wrong keys": {fails: true, variables: func(*acctest.Cloud) ([]string, []string) {
			return append(keys, "OS_SECRET_KEY=wrong-and-secret"), []string{"wrong-and-secret"}
		}},
		"temporary keys": {variables: func(c *acctest.Cloud) ([]string, []string) {
			ak, sk, token := c.IssueTemporaryKeys(owner)
			return []string{"OS_ACCESS_KEY=" + ak, "OS_SECRET_KEY=" + sk, "OS_SECURITY_TOKEN=" + token, "OS_PROJECT_ID=" + owner.ProjectID}, []string{sk, token}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			variables, secrets := test.variables(cloud)
			variables = append(variables, "TF_LOG=TRACE", "OS_AUTH_URL="+cloud.URL+"/v3", "OS_REGION_NAME="+emulator.Region)
			w := cloud.Workspace(t)
			w.ConfigureWhole(fmt.Sprintf("provider \"ims\" {\n  endpoint = %q\n}\n\ndata \"ims_images\" \"test\" {\n  image_type = \"public\"\n}\n", cloud.URL))
			result := w.Run(variables, "apply", "-auto-approve", "-no-color")
			if failed := result.Code != 0; failed != test.fails {
				t.Fatalf("apply ended with code %d:\n%.4000s", result.Code, result.Output)
			}
			if !strings.Contains(result.Output, "[TRACE]") {
				t.Fatal("nothing was traced")
			}
			journal, err := json.Marshal(cloud.Journal())
			if err != nil {
				t.Fatal(err)
			}
			left := map[string]string{"output": result.Output, "journal": string(journal)}
			files, _ := filepath.Glob(filepath.Join(w.Dir, "*"))
			for _, file := range files {
				if content, err := os.ReadFile(file); err == nil {
					left[filepath.Base(file)] = string(content)
				}
			}
			for place, content := range left {
				for _, secret := range secrets {
					if strings.Contains(content, secret) {
						t.Errorf("the %s holds a secret", place)
					}
				}
				if place == "output" && strings.Contains(content, "X-Auth-Token") {
					t.Error("the output holds the headers of requests")
				}
			}
		})
	}
}
