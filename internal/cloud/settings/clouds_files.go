package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"gopkg.in/yaml.v3"
)

// findCloudsFile finds clouds.yaml where python-openstackclient looks for it. The path is "" if there is none.
func findCloudsFile(env Environment) (path string, searched []string, err error) {
	if path, ok := env.Get("OS_CLIENT_CONFIG_FILE"); ok {
		if _, err := os.Stat(path); err != nil {
			return "", nil, fmt.Errorf("Unable to read %s, named by environment variable OS_CLIENT_CONFIG_FILE", path)
		}
		return path, nil, nil
	}
	path, searched = firstFile(env.ConfigDirs, "clouds")
	return path, searched, nil
}

func firstFile(dirs []string, base string) (path string, searched []string) {
	for _, dir := range dirs {
		for _, extension := range []string{".yaml", ".yml", ".json"} { // JSON is YAML
			path := filepath.Join(dir, base+extension)
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				return path, nil
			}
			searched = append(searched, path)
		}
	}
	return "", searched
}

// readSecure reads the entry's part of secure.yaml: the file that OS_CLIENT_SECURE_FILE names, or one beside
// clouds.yaml, or in the usual places.
func readSecure(env Environment, name, cloudsFile string) ([]cloudPart, error) {
	path, ok := env.Get("OS_CLIENT_SECURE_FILE")
	if !ok {
		path, _ = firstFile(append([]string{filepath.Dir(cloudsFile)}, env.ConfigDirs...), "secure")
	}
	if path == "" {
		return nil, nil
	}

	clouds, err := readClouds(path, "clouds")
	if err != nil {
		return nil, err
	}
	node, ok := clouds[name]
	if !ok {
		return nil, nil
	}
	part, err := parsePart(node, fmt.Sprintf("cloud %q in %s", name, path), path)
	return []cloudPart{part}, err
}

// readClouds reads a file and returns the entries under its key.
func readClouds(path, key string) (map[string]yaml.Node, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("Unable to read %s: %w", path, err)
	}
	var file map[string]yaml.Node
	if err := yaml.Unmarshal(content, &file); err != nil {
		return nil, yamlError(path, err)
	}

	entries := map[string]yaml.Node{}
	if node, ok := file[key]; ok {
		if err := node.Decode(&entries); err != nil {
			return nil, yamlError(path, err)
		}
	}
	return entries, nil
}

var yamlLine = regexp.MustCompile(`line \d+`)

// yamlError says where a file is wrong. The parser's own words may quote the line, and a secret in it.
func yamlError(path string, err error) error {
	place := ""
	if line := yamlLine.FindString(err.Error()); line != "" {
		place = " (" + line + ")"
	}
	return fmt.Errorf("Unable to read %s: it is not a YAML file of clouds%s", path, place)
}
