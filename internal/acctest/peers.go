package acctest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// PeerResource is a resource of another provider in a state file.
type PeerResource struct {
	Type       string
	Attributes map[string]any
}

// PeerStates writes a state file of resources of other providers, each called golden, for moved blocks. The workspace
// must be an attached one.
func (w *Workspace) PeerStates(resources ...PeerResource) {
	w.t.Helper()
	var list []any
	for _, r := range resources {
		provider, _, _ := strings.Cut(r.Type, "_")
		list = append(list, map[string]any{
			"mode": "managed", "type": r.Type, "name": "golden",
			"provider":  fmt.Sprintf("provider[\"registry.terraform.io/%s/%s\"]", provider, provider),
			"instances": []any{map[string]any{"schema_version": 0, "attributes": r.Attributes, "sensitive_attributes": []any{}}},
		})
		// Engines want the provider of every resource in the state to be there, and ask it for no more than its schemas once
		// its resources have moved.
		if name := provider + "/" + provider; !slices.Contains(w.standsIn, name) {
			w.standsIn = append(w.standsIn, name)
		}
	}
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "11111111-2222-3333-4444-555555555555",
		"outputs": map[string]any{}, "resources": list,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.write("terraform.tfstate", string(state))
}
