package acctest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// PeerResource is a resource of another provider in a state file.
type PeerResource struct {
	Type       string
	Attributes map[string]any
}

// PeerStates writes a state file of resources of other providers, each called golden, for moved blocks.
func (w *Workspace) PeerStates(resources ...PeerResource) {
	w.t.Helper()
	var list []any
	for _, r := range resources {
		provider, _, _ := strings.Cut(r.Type, "_")
		list = append(list, map[string]any{
			"mode": "managed", "type": r.Type, "name": "golden", "provider": fmt.Sprintf("provider[\"registry.terraform.io/%s/%s\"]", provider, provider),
			"instances": []any{map[string]any{"schema_version": 0, "attributes": r.Attributes, "sensitive_attributes": []any{}}},
		})
		w.standIn(provider)
	}
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "11111111-2222-3333-4444-555555555555", "outputs": map[string]any{}, "resources": list,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.write("terraform.tfstate", string(state))
}

// standIn installs the built provider under another one's name as well: engines want the provider of every resource in the state to
// be there, and ask it for no more than its schemas once its resources have moved.
func (w *Workspace) standIn(name string) {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, "dev.tfrc"))
	if err != nil {
		w.t.Fatal(err)
	}
	settings := string(content)
	if strings.Contains(settings, "/"+name+"/") {
		return
	}
	built := regexp.MustCompile(`terraform-provider-ims/ims" = "(.*)"`).FindStringSubmatch(settings)
	if len(built) != 2 {
		w.t.Fatalf("no provider in %s", settings)
	}
	dir := w.t.TempDir()
	if err := os.Symlink(filepath.Join(built[1], providerFile), filepath.Join(dir, "terraform-provider-"+name)); err != nil {
		w.t.Fatal(err)
	}
	const begin = "dev_overrides {\n"
	overrides := begin
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		overrides += fmt.Sprintf("    \"%s/%s/%s\" = %q\n", host, name, name, dir)
	}
	w.write("dev.tfrc", strings.Replace(settings, begin, overrides, 1))
}
