// Package examples_test validates the examples against the built provider, with the real engine.
package examples_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestExamplesAreValid(t *testing.T) {
	cloud := acctest.Start(t, emulator.Options{})
	for name, configuration := range configurations(t) {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(configuration, "identity = {") && !acctest.AtLeast(t, false, 1, 12) &&
				!acctest.AtLeast(t, true, 1, 12) {
				t.Skip("this engine does not know imports by identity")
			}
			if strings.HasPrefix(name, "actions") && !acctest.AtLeast(t, false, 1, 14) {
				t.Skip("this engine does not know actions")
			}
			w := cloud.Workspace(t)
			w.ConfigureWhole(terraformBlock.ReplaceAllString(configuration, ""))
			if result := w.Run(nil, "validate", "-no-color"); result.Code != 0 {
				t.Errorf("%s", result.Output)
			}
		})
	}
}

// terraformBlock is left out: the workspace has one of its own, which says the same.
var terraformBlock = regexp.MustCompile(`(?s)terraform \{\n.*?\n\}\n`)

// configurations are the examples by folder, each of them whole. Import blocks join their resource one at a time.
func configurations(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	imports := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".tf" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasPrefix(entry.Name(), "import") {
			imports[path] = string(content)
		} else {
			found[filepath.Dir(path)] += string(content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range imports {
		found[path] = found[filepath.Dir(path)] + content
	}
	return found
}
