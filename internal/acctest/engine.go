package acctest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
)

// environmentEngine names the engine's path. terraform-plugin-testing reads it as well.
const environmentEngine = "TF_ACC_TERRAFORM_PATH"

// Engine is the terraform or tofu that tests run: the one that TF_ACC_TERRAFORM_PATH names, else the first found on
// PATH, else the one that `make tools` built. A test that needs one fails without.
func Engine(t testing.TB) string {
	t.Helper()
	path := findEngine()
	if path == "" {
		t.Fatal("no terraform and no tofu found: run `make tools`, which builds OpenTofu")
	}
	return path
}

// findEngine also sets what terraform-plugin-testing reads, which is nothing but the environment.
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
	variables := map[string]string{
		environmentEngine: path, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.DevNull,
		"TF_LOG_SDK": "off", "TF_LOG_PROVIDER_IMS": "off", // of a provider that engines attach to
	}
	if os.Getenv("GOGC") == "" {
		// Engines start by the hundred and end soon: to collect garbage rarely saves a third of their time, and of the
		// tests'.
		variables["GOGC"] = "400"
		debug.SetGCPercent(400)
	}
	if engineVersion(path).tofu {
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

// IsTofu is true if the engine is OpenTofu.
func IsTofu(t testing.TB) bool {
	t.Helper()
	return engineVersion(Engine(t)).tofu
}

// AtLeast is true if the engine is Terraform (or OpenTofu, if tofu is true) of at least the version.
func AtLeast(t testing.TB, tofu bool, major, minor int) bool {
	t.Helper()
	has := engineVersion(Engine(t))
	return has.tofu == tofu && (has.major > major || has.major == major && has.minor >= minor)
}

type version struct {
	tofu         bool
	major, minor int
}

// engineVersion is the version of the engine; the zero value if it does not say. The engine is asked once.
func engineVersion(path string) version {
	askOnce.Do(func() {
		command := exec.Command(path, "version")
		command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
		out, err := command.Output() // "Terraform v1.11.4", "OpenTofu v1.9.0"
		if err != nil {
			return
		}
		var name string
		if _, err := fmt.Sscanf(string(out), "%s v%d.%d", &name, &askedVersion.major, &askedVersion.minor); err == nil {
			askedVersion.tofu = name == "OpenTofu"
		}
	})
	return askedVersion
}

var (
	askOnce      sync.Once
	askedVersion version
)

// root is the folder of the project.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
