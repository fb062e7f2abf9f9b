package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
	imsprovider "github.com/terraform-provider-ims/terraform-provider-ims/internal/provider"
)

// panicsAt makes this test's binary a provider that panics in answering a request whose path begins so.
const panicsAt = "IMS_TEST_PANICS_AT"

// servePanicking serves the provider as main does, on connections that break it.
func servePanicking(at string) {
	options := imsprovider.Options{Transport: &panicking{at: at, next: &http.Transport{}}}
	address := providerserver.ServeOpts{Address: "registry.terraform.io/terraform-provider-ims/ims"}
	err := providerserver.Serve(context.Background(), imsprovider.New("test", options), address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

type panicking struct {
	at   string
	next http.RoundTripper
	none map[string]string
}

func (p *panicking) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := p.next.RoundTrip(req)
	if strings.HasPrefix(req.URL.Path, p.at) {
		p.none["x"] = "a nil map"
	}
	return resp, err
}

// TestSecretsInPanics crashes the provider while it signs in, and while it sends a request, with everything logged
// that can be: the engine shows the stack of each goroutine, and no secret.
func TestSecretsInPanics(t *testing.T) {
	t.Parallel()
	owner := emulator.Owner
	for name, way := range map[string]struct {
		at        string
		variables func(c *acctest.Cloud) (variables, secrets []string)
	}{
		"signing in": {"/v3/auth/tokens", func(*acctest.Cloud) ([]string, []string) {
			return with(ownerByName(), "OS_PASSWORD="+owner.Password), []string{owner.Password}
		}},
		"a request with a token": {"/v2/cloudimages", func(c *acctest.Cloud) ([]string, []string) {
			token := c.IssueToken(owner)
			return []string{"OS_TOKEN=" + token}, []string{token}
		}},
		"a signed request": {"/v2/cloudimages", func(c *acctest.Cloud) ([]string, []string) {
			ak, sk, securityToken := c.IssueTemporaryKeys(owner)
			variables := []string{
				"OS_ACCESS_KEY=" + ak, "OS_SECRET_KEY=" + sk, "OS_SECURITY_TOKEN=" + securityToken,
				"OS_PROJECT_ID=" + owner.ProjectID,
			}
			return variables, []string{sk, securityToken}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			w := cloud.Workspace(t)
			w.ConfigureWhole("provider \"ims\" {}\n\ndata \"ims_images\" \"test\" {}\n")
			serveItself(t, w.Dir)
			variables, secrets := way.variables(cloud)
			variables = with(variables, "TF_LOG=TRACE", panicsAt+"="+way.at,
				"OS_AUTH_URL="+cloud.URL+"/v3", "OS_REGION_NAME="+emulator.Region)
			result := w.Run(variables, "plan", "-no-color")
			if result.Code == 0 || !strings.Contains(result.Output, "assignment to entry in nil map") ||
				!strings.Contains(result.Output, "goroutine ") {
				t.Fatalf("the provider did not crash: code %d\n%.4000s", result.Code, result.Output)
			}
			for _, secret := range append(secrets, cloud.Secrets()...) {
				if strings.Contains(result.Output, secret) {
					t.Error("the output holds a secret")
				}
			}
		})
	}
}

// serveItself puts this test's binary in the built provider's place.
func serveItself(t *testing.T, dir string) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	instead := t.TempDir()
	if err := os.Symlink(binary, filepath.Join(instead, "terraform-provider-ims")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "dev.tfrc")
	if err := os.WriteFile(file, fmt.Appendf(nil, `provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-provider-ims/ims" = %[1]q
    "registry.opentofu.org/terraform-provider-ims/ims" = %[1]q
  }
  direct {}
}
`, instead), 0o600); err != nil {
		t.Fatal(err)
	}
}
