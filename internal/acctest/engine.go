package acctest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

// environmentEngine names the engine's path. terraform-plugin-testing reads it as well.
const environmentEngine = "TF_ACC_TERRAFORM_PATH"

// Engine is the terraform or tofu that tests run: the one that TF_ACC_TERRAFORM_PATH names, else the first found on PATH, else
// the one that `make tools` built. A test that needs one fails without.
func Engine(t testing.TB) string {
	t.Helper()
	path := findEngine()
	if path == "" {
		t.Fatal("no terraform and no tofu found: run `make tools`, which builds OpenTofu")
	}
	return path
}

// findEngine also tells terraform-plugin-testing, which reads nothing but the environment.
var findEngine = sync.OnceValue(func() string {
	path := os.Getenv(environmentEngine)
	for _, name := range []string{"terraform", "tofu"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if built := filepath.Join(root(), ".bin", "tofu"); path == "" && isFile(built) {
		path = built
	}
	if path == "" {
		return ""
	}
	variables := map[string]string{environmentEngine: path, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.DevNull}
	if os.Getenv("GOGC") == "" {
		// Engines start by the hundred and end soon: to collect garbage rarely saves a third of their time, and of the tests'.
		variables["GOGC"] = "400"
		debug.SetGCPercent(400)
	}
	if isTofu(path) {
		// What a type without a source in required_providers resolves to.
		variables["TF_ACC_PROVIDER_HOST"] = "registry.opentofu.org"
	}
	for name, value := range variables {
		if err := os.Setenv(name, value); err != nil {
			return ""
		}
	}
	return path
})

// IsTofu tells whether the engine is OpenTofu.
func IsTofu(t testing.TB) bool {
	t.Helper()
	return isTofu(Engine(t))
}

func isTofu(path string) bool {
	out, err := exec.Command(path, "version").Output()
	return err == nil && strings.Contains(string(out), "OpenTofu")
}

// AtLeast tells whether the engine is Terraform (or OpenTofu, when tofu says so) of at least the version.
func AtLeast(t testing.TB, tofu bool, major, minor int) bool {
	t.Helper()
	if IsTofu(t) != tofu {
		return false
	}
	out, err := exec.Command(Engine(t), "version", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var version struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &version); err != nil {
		t.Fatal(err)
	}
	var has [2]int
	for i, part := range strings.SplitN(version.Version, ".", 3)[:2] {
		for _, digit := range part {
			has[i] = has[i]*10 + int(digit-'0')
		}
	}
	return has[0] > major || has[0] == major && has[1] >= minor
}

// root is the folder of the project.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
