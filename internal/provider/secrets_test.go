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

// TestSecrets drives the ways to sign in with everything logged that can be, also when they fail, and looks for the
// secrets in all that is left behind, those that services sent among them.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(secretWays(acctest.Start(t, emulator.Options{})))) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			way := secretWays(cloud)[name]
			driveSecretWay(t, cloud, &way)
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

func driveSecretWay(t *testing.T, cloud *acctest.Cloud, way *secretWay) {
	t.Helper()
	w := cloud.Workspace(t)
	way.configure(t, cloud, w)
	// OS_AGENCY_NAME may be given twice: the last one counts.
	variables := append([]string{
		"TF_LOG=TRACE", "OS_AUTH_URL=" + cloud.URL + "/v3", "OS_REGION_NAME=" + emulator.Region,
	}, way.variables...)
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

	secrets := append(slices.Clone(way.secrets), cloud.Secrets()...)
	if way.fails {
		secrets = append(secrets, wrong)
	}
	for place, content := range leftBehind(t, cloud, w, way, result.Output) {
		for _, secret := range secrets {
			if strings.Contains(content, secret) {
				t.Errorf("the %s holds a secret", place)
			}
		}
	}
	if strings.Contains(result.Output, "X-Auth-Token") || strings.Contains(result.Output, "Authorization:") {
		t.Error("the output holds the headers of requests")
	}
}

// configure prepares the cloud and writes the configuration and the files beside it.
func (way *secretWay) configure(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace) {
	t.Helper()
	endpoint := cloud.URL
	if way.echoes {
		endpoint = echo(t)
	}
	if way.prepare != nil {
		way.prepare(cloud)
	}
	w.ConfigureWhole(fmt.Sprintf(`
provider "ims" {
  endpoint = %q
  %s
}

data "ims_images" "test" {
  image_type = "public"
}
`, endpoint, way.block))
	for file, content := range way.files {
		if err := os.WriteFile(filepath.Join(w.Dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// leftBehind is all that a run leaves: its output, what the cloud noted, and the files, but for those that were
// configured with secrets.
func leftBehind(
	t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, way *secretWay, output string,
) map[string]string {
	t.Helper()
	journal, err := json.Marshal(cloud.Journal())
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]string{"output": output, "journal": string(journal)}
	files, _ := filepath.Glob(filepath.Join(w.Dir, "*"))
	for _, file := range files {
		name := filepath.Base(file)
		if way.files[name] != "" || way.block != "" && name == "main.tf" {
			continue
		}
		if content, err := os.ReadFile(file); err == nil {
			left[name] = string(content)
		}
	}
	return left
}
