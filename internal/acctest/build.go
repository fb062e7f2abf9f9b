package acctest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
)

const providerFile = "terraform-provider-ims"

// builtProvider is the folder of the built provider. It is built when a test first needs it. What is current there is
// left as it is, so that of all the suite's test binaries only the first one links it; the others wait for it
// meanwhile.
var builtProvider = sync.OnceValues(func() (dir string, err error) {
	dir = filepath.Join(root(), ".bin", "test")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Close()) }() // which unlocks it
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("locking %s: %w", lock.Name(), err)
	}

	build := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(dir, providerFile), ".")
	build.Dir = root()
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return dir, nil
})
