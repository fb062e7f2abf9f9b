package cloud

import (
	"fmt"
	"slices"
	"strings"
)

// The precedence of the sources, highest first. What a higher one says counts; what it leaves open, the next may say.
//
//	1  the provider block
//	2  the clouds.yaml entry that the block names with cloud
//	3  the environment variables
//	4  the clouds.yaml entry that OS_CLOUD names, unless the block names one, or 1 and 3 have credentials and say where to sign in
//
// An entry named in the block outranks the environment because it was chosen in the configuration: credentials that some other tool left in
// the environment must not divert it. An entry chosen by OS_CLOUD is the environment's own and gives way to its other variables, as with
// the openstack command. Within an entry: secure.yaml, the chosen region's values, the entry, its profile.
type source struct {
	title string
	find  func(v variable) (value, bool)
}

// value is one setting and where it came from.
type value struct {
	text secret
	from string
	rank int // index of its source, 0 is the highest
	deep int // how far down it was found among what its source has for the setting
}

// secret hides a text from fmt and encoders: a pointer inside a struct is printed as an address. Every setting is kept as one, harmless or
// not.
type secret struct{ text *string }

func newSecret(text string) secret { return secret{&text} }

func (s secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

func blockSource(block *Config) source {
	return source{title: "the provider block", find: func(v variable) (value, bool) {
		if v.block == nil || v.block(block) == "" {
			return value{}, false
		}
		return value{text: newSecret(v.block(block)), from: "provider block"}, true
	}}
}

func environmentSource(env Environment) source {
	return source{title: "the environment", find: func(v variable) (value, bool) {
		for i, name := range v.env {
			if text, ok := env.lookup(name); ok {
				return value{text: newSecret(text), from: "environment variable " + name, deep: i}, true
			}
		}
		return value{}, false
	}}
}

// findAll gives each setting its value from the highest source that has it, alternatives (see variable.group) taken together.
func findAll(sources []source) map[string]value {
	found := map[string]value{}
	ranks := map[string]int{}
	for rank, s := range sources {
		for _, v := range variables {
			val, ok := s.find(v)
			if !ok {
				continue
			}
			group := v.group
			if group == "" {
				group = v.name
			}
			if first, taken := ranks[group]; taken && first != rank {
				continue
			}
			if _, taken := found[v.name]; taken {
				continue
			}
			ranks[group] = rank
			val.rank = rank
			found[v.name] = val
		}
	}
	keepNearest(found)
	return found
}

// keepNearest drops of the alternatives what their source says less directly; see variable.nearest.
func keepNearest(found map[string]value) {
	for _, v := range variables {
		for _, other := range variables {
			val, ok := found[v.name]
			rival, both := found[other.name]
			if ok && both && v.nearest && other.group == v.group && rival.deep < val.deep {
				delete(found, v.name)
			}
		}
	}
}

// Source tells where a setting came from.
type Source struct {
	Name string // the setting, as the provider block calls it
	From string // "provider block", "environment variable OS_…", "clouds.yaml entry …"
}

func (s Source) String() string { return fmt.Sprintf("%s: from %s", s.Name, s.From) }

// sourcesOf lists where the named settings came from, in the order of the table of settings.
func sourcesOf(found map[string]value, names []string) []Source {
	var list []Source
	for _, v := range variables {
		if val, ok := found[v.name]; ok && slices.Contains(names, v.name) {
			list = append(list, Source{v.name, val.from})
		}
	}
	return list
}

// places names the ways to say a setting, for messages about a missing one.
func (v variable) places() string {
	var list []string
	if v.block != nil {
		list = append(list, "attribute "+v.name)
	}
	if len(v.env) > 0 {
		list = append(list, strings.Join(v.env, " or "))
	}
	if len(v.file) > 0 {
		list = append(list, v.file[0]+" in clouds.yaml")
	}
	return strings.Join(list, ", ")
}
