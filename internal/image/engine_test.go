package image_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// What an engine does with images of all kinds: the lifecycle, imports, generated configurations, moves.

var apply = []string{"apply", "-auto-approve", "-no-color", "-parallelism=20"}

// expectOneOfEach fails the test unless the cloud holds exactly one image of each specimen, with its parts, and the
// state has it.
func expectOneOfEach(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, all []specimen) {
	t.Helper()
	held := map[string][]string{}
	for _, image := range cloud.OwnImages() {
		held[image.Name] = append(held[image.Name], image.ID)
	}
	number := 0
	state := w.State()
	for i := range all {
		s := &all[i]
		number += 1 + s.parts
		attributes := state[s.address()].Attributes
		if ids := held[s.name]; len(ids) != 1 || attributes["id"] != ids[0] {
			t.Errorf("the state of %s has id %v, the cloud %v", s.address(), attributes["id"], ids)
		}
		if parts, _ := attributes["data_disk_image_ids"].([]any); len(parts) != s.parts {
			t.Errorf("the state of %s has the parts %v", s.address(), parts)
		}
	}
	expectImages(t, cloud, number)
}

// TestEngine has an engine make, change, replace and delete all kinds in one configuration.
func TestEngine(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	all := specimens(t)
	w := cloud.Attached(t)
	step := func(block func(*specimen) string, added, changed, destroyed int) {
		t.Helper()
		w.Configure("%s", together(all, block))
		result := w.Apply("-parallelism=20")
		result.Expect(t, fmt.Sprintf("Resources: %d added, %d changed, %d destroyed.", added, changed, destroyed))
		expectOneOfEach(t, cloud, w, all)
		w.ExpectEmptyPlan()
	}
	step(func(s *specimen) string {
		return s.block(arguments{"tags": map[string]string{"team": "platform"}, "description": "some of it"})
	}, len(all), 0, 0)
	step(func(s *specimen) string {
		return s.block(arguments{"tags": map[string]string{"team": "images"}, "min_ram": 1024, "max_ram": 4096})
	}, 0, len(all), 0)
	step(func(s *specimen) string {
		return acctest.Block(s.kind, s.name, with(s.other, arguments{"name": s.name}))
	}, len(all), 0, len(all))

	w.Run(nil, "destroy", "-auto-approve", "-no-color").Expect(t, fmt.Sprintf("%d destroyed", len(all)))
	expectImages(t, cloud, 0)
}

// importBlock imports an image, by its identity if the engine can.
func importBlock(t *testing.T, address, id string) string {
	t.Helper()
	if acctest.AtLeast(t, acctest.IsTofu(t), 1, 12) {
		return fmt.Sprintf("import {\n  to = %s\n  identity = { image_id = %q }\n}\n", address, id)
	}
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, id)
}

// TestEngineImport has an engine import all kinds, with import blocks, into a configuration that says the same.
func TestEngineImport(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	all, records := specimens(t), 0
	w := cloud.Attached(t)
	w.Configure("%s", together(all, func(s *specimen) string {
		if s.records {
			records++
		}
		same := s.block(arguments{"tags": map[string]string{"a": "1"}, "description": "d"})
		return importBlock(t, s.address(), s.exists(cloud, true)) + same
	}))
	w.Apply().Expect(t, fmt.Sprintf("%d imported, 0 added, %d changed, 0 destroyed", len(all), records))
	onlyLooks(t, cloud)
	w.ExpectEmptyPlan()
}

// TestEngineGeneratesConfig: the configuration that an engine writes for imported images plans without error.
func TestEngineGeneratesConfig(t *testing.T) {
	t.Parallel()
	for name, originTold := range map[string]bool{"source told": true, "source not told": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			prepare(cloud)
			all := specimens(t)
			w := cloud.Attached(t)
			w.Configure("%s", together(all, func(s *specimen) string {
				return importBlock(t, s.address(), s.exists(cloud, originTold))
			}))
			result := w.Run(nil, "plan", "-no-color", "-generate-config-out=generated.tf")
			result.Expect(t, fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", len(all)))
			if result.Code != 0 {
				generated, _ := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
				t.Fatalf("the plan ended with code %d:\n%s", result.Code, generated)
			}
			w.Apply()
			w.ExpectEmptyPlan()
		})
	}
}

// TestEngineMoved has an engine move a resource of each type of the other providers.
func TestEngineMoved(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Attached(t)
	var states []acctest.PeerResource
	var config strings.Builder
	all := peers(cloud)
	for _, peer := range all {
		states = append(states, acctest.PeerResource{Type: peer.from, Attributes: peer.state})
		fmt.Fprintf(&config, "moved {\n  from = %s.golden\n  to = %s.%s\n}\n", peer.from, peer.to, peer.from)
		config.WriteString(acctest.Block(peer.to, peer.from, peer.arguments))
	}
	w.PeerStates(states...)
	w.Configure("%s", config.String())
	result := w.Apply()
	if result.Expect(t, "0 added, 0 changed, 0 destroyed"); strings.Contains(result.Output, "will be") {
		t.Errorf("apply:\n%s", result.Output)
	}
	onlyLooks(t, cloud)
	state := w.State()
	for _, peer := range all {
		if moved := state[peer.to+"."+peer.from]; moved.Attributes["id"] != peer.state["id"] ||
			moved.Attributes["status"] != "active" {
			t.Errorf("%s became %v", peer.from, moved)
		}
	}
	w.ExpectEmptyPlan()
}
