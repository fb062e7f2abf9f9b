package settings

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSystemEnvironment(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", "/xdg")
	t.Setenv("OS_CLOUD", "mine")
	t.Chdir(t.TempDir())
	env := SystemEnvironment()
	if text, ok := env.Get("OS_CLOUD"); text != "mine" || !ok {
		t.Errorf("OS_CLOUD is %q, %t", text, ok)
	}
	working, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{working, "/xdg/openstack", "/etc/openstack"}, env.ConfigDirs); diff != "" {
		t.Error(diff)
	}
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("HOME", "/home/jane")
	if got := SystemEnvironment().ConfigDirs[1]; got != "/home/jane/.config/openstack" {
		t.Errorf("got %s", got)
	}
}
