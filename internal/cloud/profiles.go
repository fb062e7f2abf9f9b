package cloud

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// builtinProfiles are the clouds that an entry of clouds.yaml can build on with "profile", in the form of clouds-public.yaml. The Swiss
// region of Open Telekom Cloud is a platform of its own, and its identity service has another name.
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

// readProfile reads the profile that an entry names, from clouds-public.yaml or the built-in ones. "cloud" is the older name of the key.
func readProfile(env Environment, own cloudPart) (cloudShape, error) {
	name, ok := scalar(own.keys["profile"])
	if !ok {
		name, ok = scalar(own.keys["cloud"])
	}
	if !ok {
		return cloudShape{}, nil
	}
	path, _ := firstFile(env.ConfigDirs, "clouds-public")
	if path != "" {
		public, err := readClouds(path, "public-clouds")
		if err != nil {
			return cloudShape{}, err
		}
		if node, ok := public[name]; ok {
			return newShape(node, fmt.Sprintf("profile %q in %s", name, path), path)
		}
	}
	var builtin map[string]map[string]yaml.Node
	if err := yaml.Unmarshal([]byte(builtinProfiles), &builtin); err != nil {
		return cloudShape{}, fmt.Errorf("Unable to read the built-in profiles: %w", err)
	}
	known := builtin["public-clouds"]
	node, ok := known[name]
	if !ok {
		return cloudShape{}, fmt.Errorf("Unable to find profile %q, named by %s. Known are %s, and those of a clouds-public.yaml beside clouds.yaml",
			name, own.from, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	return newShape(node, fmt.Sprintf("built-in profile %q", name), "the built-in profiles")
}
