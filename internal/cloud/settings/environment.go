package settings

import (
	"os"
	"path/filepath"
)

// Environment is what Resolve reads besides the provider block.
type Environment struct {
	// Lookup finds an environment variable. Nil: none is set.
	Lookup func(name string) (string, bool)
	// ConfigDirs are searched, in this order, for clouds.yaml, secure.yaml and clouds-public.yaml.
	ConfigDirs []string
	// HomeDir replaces a leading ~ in paths of files.
	HomeDir string
}

// SystemEnvironment is the process's environment, and the directories that python-openstackclient searches: the working
// directory, openstack/ in the user's configuration directory (XDG_CONFIG_HOME or ~/.config), /etc/openstack.
func SystemEnvironment() Environment {
	env := Environment{Lookup: os.LookupEnv}
	env.HomeDir, _ = os.UserHomeDir()

	if dir, err := os.Getwd(); err == nil {
		env.ConfigDirs = append(env.ConfigDirs, dir)
	}
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		env.ConfigDirs = append(env.ConfigDirs, filepath.Join(dir, "openstack"))
	} else if env.HomeDir != "" {
		env.ConfigDirs = append(env.ConfigDirs, filepath.Join(env.HomeDir, ".config", "openstack"))
	}
	env.ConfigDirs = append(env.ConfigDirs, "/etc/openstack")
	return env
}

// Get finds a variable; an empty one counts as not set.
func (e Environment) Get(name string) (string, bool) {
	if e.Lookup == nil {
		return "", false
	}
	text, ok := e.Lookup(name)
	return text, ok && text != ""
}
