package cloud

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// gophercloud's own reader is not used: it knows neither OTC's keys nor where a value came from.

// cloudEntry is an entry of clouds.yaml with what completes it.
type cloudEntry struct {
	name   string
	parts  []cloudPart // what find searches, the strongest first; set by arrange
	region string

	secure  []cloudPart // its part of secure.yaml, if any
	own     cloudShape
	profile cloudShape
}

// cloudShape is an entry, or a profile, with the regions it lists.
type cloudShape struct {
	part    cloudPart
	regions []cloudRegion
}

// cloudPart is a piece of YAML with the keys of an entry.
type cloudPart struct {
	keys, auth map[string]yaml.Node
	from       string
}

type cloudRegion struct {
	name string
	part cloudPart
}

// regionTemplate stands for the region's name in a value.
const regionTemplate = "%(region_name)s"

// find looks a setting up, for source.find.
func (e *cloudEntry) find(v variable) (value, bool) {
	for i, part := range e.parts {
		for j, key := range v.file {
			if text, ok := part.get(key); ok {
				if e.region != "" {
					text = strings.ReplaceAll(text, regionTemplate, e.region)
				}
				return value{text: newSecret(text), from: part.from, deep: i*len(v.file) + j}, true
			}
		}
		if v.name == nameInsecure {
			if verify, ok := part.get("verify"); ok {
				if val, isBool := parseBool(verify); isBool {
					return value{text: newSecret(strconv.FormatBool(!val)), from: part.from}, true
				}
			}
		}
	}
	return value{}, false
}

// get reads a key from the auth section or, as OpenStack's own tools allow, from the entry.
func (p cloudPart) get(key string) (string, bool) {
	for _, section := range []map[string]yaml.Node{p.auth, p.keys} {
		if node, ok := section[key]; ok {
			if text, ok := scalar(node); ok {
				return text, true
			}
		}
	}
	return "", false
}

// scalar is the text of a node as it stands in the file: a project called 007 stays one.
func scalar(node yaml.Node) (string, bool) {
	for node.Kind == yaml.AliasNode {
		node = *node.Alias
	}
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" || node.Value == "" {
		return "", false
	}
	return node.Value, true
}

// enterRegion adds the values of the wanted region. Without one it takes the first that the entry or its profile lists, and returns it.
// An entry's list is complete, a profile's is not: clouds get new regions.
func (e *cloudEntry) enterRegion(asked value) (value, error) {
	var first value
	wanted := asked.text.reveal()
	listing := e.own
	if len(listing.regions) == 0 {
		listing = e.profile
	}
	if wanted == "" && len(listing.regions) > 0 {
		wanted = listing.regions[0].name
		first = value{text: newSecret(wanted), from: listing.part.from}
	}
	if len(e.own.regions) > 0 && !slices.ContainsFunc(e.own.regions, func(r cloudRegion) bool { return r.name == wanted }) {
		var names []string
		for _, r := range e.own.regions {
			names = append(names, r.name)
		}
		return value{}, fmt.Errorf("Unable to use region %q from %s: cloud %q of clouds.yaml has only %s", wanted, asked.from, e.name, strings.Join(names, ", "))
	}
	e.region = wanted
	e.arrange()
	return first, nil
}

// arrange puts the parts in order: secure.yaml, then the entry, then its profile, the latter two with the region's values before their own.
func (e *cloudEntry) arrange() {
	e.parts = slices.Clone(e.secure)
	for _, shape := range []cloudShape{e.own, e.profile} {
		for _, r := range shape.regions {
			if e.region != "" && r.name == e.region {
				e.parts = append(e.parts, r.part)
			}
		}
		e.parts = append(e.parts, shape.part)
	}
}

// readCloud reads the entry of that name. namedBy says in errors who asked for it.
func readCloud(env Environment, name, namedBy string) (*cloudEntry, error) {
	cloudsFile, looked, err := findCloudsFile(env)
	if err != nil {
		return nil, err
	}
	if cloudsFile == "" {
		return nil, fmt.Errorf("Unable to find cloud %q, named by %s: there is no clouds.yaml. Looked for:\n  %s",
			name, namedBy, strings.Join(looked, "\n  "))
	}
	clouds, err := readClouds(cloudsFile, "clouds")
	if err != nil {
		return nil, err
	}
	node, ok := clouds[name]
	if !ok {
		return nil, fmt.Errorf("Unable to find cloud %q, named by %s, in %s. It has: %s",
			name, namedBy, cloudsFile, strings.Join(slices.Sorted(maps.Keys(clouds)), ", "))
	}
	entry := &cloudEntry{name: name}
	if entry.secure, err = readSecure(env, name, cloudsFile); err != nil {
		return nil, err
	}
	if entry.own, err = newShape(node, fmt.Sprintf("cloud %q in %s", name, cloudsFile), cloudsFile); err != nil {
		return nil, err
	}
	if entry.profile, err = readProfile(env, entry.own.part); err != nil {
		return nil, err
	}
	entry.arrange()
	return entry, nil
}

// findCloudsFile finds clouds.yaml where python-openstackclient looks for it.
func findCloudsFile(env Environment) (path string, looked []string, err error) {
	if path, ok := env.lookup("OS_CLIENT_CONFIG_FILE"); ok {
		if _, err := os.Stat(path); err != nil {
			return "", nil, fmt.Errorf("Unable to read %s, named by environment variable OS_CLIENT_CONFIG_FILE", path)
		}
		return path, nil, nil
	}
	path, looked = firstFile(env.ConfigDirs, "clouds")
	return path, looked, nil
}

func firstFile(dirs []string, base string) (path string, looked []string) {
	for _, dir := range dirs {
		for _, extension := range []string{".yaml", ".yml", ".json"} { // JSON is YAML
			path := filepath.Join(dir, base+extension)
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				return path, nil
			}
			looked = append(looked, path)
		}
	}
	return "", looked
}

// readSecure reads the entry's part of secure.yaml: the file OS_CLIENT_SECURE_FILE names, or one beside clouds.yaml, or in the usual places.
func readSecure(env Environment, name, cloudsFile string) ([]cloudPart, error) {
	path, ok := env.lookup("OS_CLIENT_SECURE_FILE")
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
	part, err := newPart(node, fmt.Sprintf("cloud %q in %s", name, path), path)
	return []cloudPart{part}, err
}

// newShape reads an entry and its regions: a list of names, or of names with values.
func newShape(node yaml.Node, from, path string) (cloudShape, error) {
	part, err := newPart(node, from, path)
	if err != nil {
		return cloudShape{}, err
	}
	shape := cloudShape{part: part}
	for _, item := range part.keys["regions"].Content {
		if name, ok := scalar(*item); ok {
			shape.regions = append(shape.regions, cloudRegion{name: name, part: cloudPart{from: from}})
			continue
		}
		var keys map[string]yaml.Node
		if err := item.Decode(&keys); err != nil {
			return cloudShape{}, notYAML(path, err)
		}
		name, _ := scalar(keys["name"])
		values, err := newPart(keys["values"], fmt.Sprintf("%s, region %q", from, name), path)
		if err != nil {
			return cloudShape{}, err
		}
		shape.regions = append(shape.regions, cloudRegion{name: name, part: values})
	}
	return shape, nil
}

func newPart(node yaml.Node, from, path string) (cloudPart, error) {
	part := cloudPart{from: from}
	if node.IsZero() {
		return part, nil
	}
	if err := node.Decode(&part.keys); err != nil {
		return part, notYAML(path, err)
	}
	if auth, ok := part.keys["auth"]; ok {
		if err := auth.Decode(&part.auth); err != nil {
			return part, notYAML(path, err)
		}
	}
	return part, nil
}

// readClouds reads a file and returns the entries under its key.
func readClouds(path, key string) (map[string]yaml.Node, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("Unable to read %s: %w", path, err)
	}
	var file map[string]yaml.Node
	if err := yaml.Unmarshal(content, &file); err != nil {
		return nil, notYAML(path, err)
	}
	entries := map[string]yaml.Node{}
	if node, ok := file[key]; ok {
		if err := node.Decode(&entries); err != nil {
			return nil, notYAML(path, err)
		}
	}
	return entries, nil
}

var yamlLine = regexp.MustCompile(`line \d+`)

// notYAML says where a file is wrong. The parser's own words may quote the line, and a secret in it.
func notYAML(path string, err error) error {
	place := ""
	if line := yamlLine.FindString(err.Error()); line != "" {
		place = " (" + line + ")"
	}
	return fmt.Errorf("Unable to read %s: it is not a YAML file of clouds%s", path, place)
}
