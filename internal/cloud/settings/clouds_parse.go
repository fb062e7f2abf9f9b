package settings

import (
	"fmt"
	"strconv"

	"gopkg.in/yaml.v3"
)

// cloudSpec is an entry of clouds.yaml, or a profile, with the regions it lists.
type cloudSpec struct {
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

// parseSpec reads an entry and its regions: a list of names, or of names with values. from is its source, for messages.
func parseSpec(node yaml.Node, from, path string) (cloudSpec, error) {
	part, err := parsePart(node, from, path)
	if err != nil {
		return cloudSpec{}, err
	}

	spec := cloudSpec{part: part}
	for _, item := range part.keys["regions"].Content {
		region, err := parseRegion(item, from, path)
		if err != nil {
			return cloudSpec{}, err
		}
		spec.regions = append(spec.regions, region)
	}
	return spec, nil
}

func parseRegion(node *yaml.Node, from, path string) (cloudRegion, error) {
	if name, ok := scalar(*node); ok {
		return cloudRegion{name: name, part: cloudPart{from: from}}, nil
	}
	var keys map[string]yaml.Node
	if err := node.Decode(&keys); err != nil {
		return cloudRegion{}, yamlError(path, err)
	}
	name, _ := scalar(keys["name"])
	part, err := parsePart(keys["values"], fmt.Sprintf("%s, region %q", from, name), path)
	return cloudRegion{name: name, part: part}, err
}

func parsePart(node yaml.Node, from, path string) (cloudPart, error) {
	part := cloudPart{from: from}
	if node.IsZero() {
		return part, nil
	}
	if err := node.Decode(&part.keys); err != nil {
		return part, yamlError(path, err)
	}
	if auth, ok := part.keys["auth"]; ok {
		if err := auth.Decode(&part.auth); err != nil {
			return part, yamlError(path, err)
		}
	}
	return part, nil
}

func (s cloudSpec) regionNames() []string {
	var names []string
	for _, r := range s.regions {
		names = append(names, r.name)
	}
	return names
}

// get reads a key from the auth section or, as OpenStack's own tools allow, from the entry.
func (p cloudPart) get(key string) (string, bool) {
	for _, section := range []map[string]yaml.Node{p.auth, p.keys} {
		if text, ok := scalar(section[key]); ok {
			return text, true
		}
	}
	return "", false
}

// insecure is the opposite of the key verify.
func (p cloudPart) insecure() (value, bool) {
	text, _ := p.get("verify")
	verify, ok := parseBool(text)
	return value{text: NewSecret(strconv.FormatBool(!verify)), from: p.from}, ok
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
