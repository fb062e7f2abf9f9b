package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// builtinProfiles are the clouds that an entry of clouds.yaml can build on with "profile", in the form of
// clouds-public.yaml. The Swiss region of Open Telekom Cloud is a platform of its own, and its identity service has
// another name.
const builtinProfiles = `
public-clouds:
  otc:
    auth: {auth_url: "https://iam.%(region_name)s.otc.t-systems.com/v3"}
    regions:
      - {name: eu-de}
      - {name: eu-nl}
      - {name: eu-ch2, values: {auth: {auth_url: "https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3"}}}
  otc-swiss:
    auth: {auth_url: "https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3"}
    regions: [eu-ch2]
  huaweicloud:
    auth: {auth_url: "https://iam.%(region_name)s.myhuaweicloud.com/v3"}
`

// readProfile reads the profile that an entry names, from clouds-public.yaml or the built-in ones.
func readProfile(env Environment, own cloudPart) (cloudSpec, error) {
	name, ok := scalar(own.keys["profile"])
	if !ok {
		name, ok = scalar(own.keys["cloud"]) // the key's older name
	}
	if !ok {
		return cloudSpec{}, nil
	}

	if path, _ := firstFile(env.ConfigDirs, "clouds-public"); path != "" {
		public, err := readClouds(path, "public-clouds")
		if err != nil {
			return cloudSpec{}, err
		}
		if node, ok := public[name]; ok {
			return parseSpec(node, fmt.Sprintf("profile %q in %s", name, path), path)
		}
	}
	return builtinProfile(name, own.from)
}

func builtinProfile(name, namedBy string) (cloudSpec, error) {
	var file map[string]map[string]yaml.Node
	if err := yaml.Unmarshal([]byte(builtinProfiles), &file); err != nil {
		return cloudSpec{}, fmt.Errorf("Unable to read the built-in profiles: %w", err)
	}
	known := file["public-clouds"]
	node, ok := known[name]
	if !ok {
		return cloudSpec{}, fmt.Errorf(
			"Unable to find profile %q, named by %s. Known are %s, and those of a clouds-public.yaml beside clouds.yaml",
			name, namedBy, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	return parseSpec(node, fmt.Sprintf("built-in profile %q", name), "the built-in profiles")
}
