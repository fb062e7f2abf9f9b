package settings

import (
	"fmt"
	"slices"
	"strings"
)

// The precedence of the sources, highest first. What a higher one gives counts; what it leaves open, the next may give.
//
//	1  the provider block
//	2  the clouds.yaml entry that the block names with cloud
//	3  the environment variables
//	4  the clouds.yaml entry that OS_CLOUD names, unless the block names one, or 1 and 3 have credentials and say where
//	   to sign in
//
// An entry named in the block outranks the environment because it was chosen in the configuration: credentials that
// some other tool left in the environment must not divert it. An entry chosen by OS_CLOUD is the environment's own
// and gives way to its other variables, as with the openstack command. Within an entry: secure.yaml, the chosen
// region's values, the entry, its profile.
type source struct {
	title string
	find  func(setting) (value, bool)
}

// value is the text of a setting, and where it came from.
type value struct {
	text  Secret // as every setting's, harmless or not
	from  string
	rank  int // index of its source, 0 is the highest
	depth int // how far down it was found among what its source has for the setting
}

// values are settings that have a value.
type values map[Name]value

func (v values) has(names ...Name) bool {
	for _, name := range names {
		if _, ok := v[name]; ok {
			return true
		}
	}
	return false
}

func blockSource(block *Config) source {
	return source{title: "the provider block", find: func(row setting) (value, bool) {
		if row.block == nil || row.block(block) == "" {
			return value{}, false
		}
		return value{text: NewSecret(row.block(block)), from: "provider block"}, true
	}}
}

func environmentSource(env Environment) source {
	return source{title: "the environment", find: func(row setting) (value, bool) {
		for i, name := range row.env {
			if text, ok := env.Get(name); ok {
				return value{text: NewSecret(text), from: "environment variable " + name, depth: i}, true
			}
		}
		return value{}, false
	}}
}

// merge gives each setting its value from the highest source that has it, alternatives (see setting.group) taken
// together.
func merge(sources []source) values {
	found := values{}
	ranks := map[string]int{}
	for rank, s := range sources {
		for _, row := range table {
			val, ok := s.find(row)
			if !ok {
				continue
			}
			group := row.group
			if group == "" {
				group = string(row.name)
			}
			if first, taken := ranks[group]; taken && first != rank {
				continue
			}

			ranks[group] = rank
			val.rank = rank
			found[row.name] = val
		}
	}
	dropLessDirect(found)
	return found
}

// dropLessDirect drops of the alternatives what their source gives less directly; see setting.mostDirect.
func dropLessDirect(found values) {
	for _, row := range table {
		for _, other := range table {
			val, ok := found[row.name]
			rival, both := found[other.name]
			if ok && both && row.mostDirect && other.group == row.group && rival.depth < val.depth {
				delete(found, row.name)
			}
		}
	}
}

// Source says where a setting came from.
type Source struct {
	Name Name
	From string // "provider block", "environment variable OS_…", "cloud … in …/clouds.yaml"
}

// String is the setting and its source, without its value.
func (s Source) String() string { return fmt.Sprintf("%s: from %s", s.Name, s.From) }

// Sources are those of several settings, in the order of the table.
type Sources []Source

// Paragraph is the title and each source, on lines of their own with a line break before each; "" if there is no
// source.
func (s Sources) Paragraph(title string) string {
	if len(s) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n" + title)
	for _, one := range s {
		b.WriteString("\n  " + one.String())
	}
	return b.String()
}

// sources are where the values came from.
func (v values) sources() Sources {
	var list Sources
	for _, row := range table {
		if val, ok := v[row.name]; ok {
			list = append(list, Source{row.name, val.from})
		}
	}
	return list
}

// sourcesOf are where the named values came from.
func (v values) sourcesOf(names []Name) Sources {
	return slices.DeleteFunc(v.sources(), func(s Source) bool { return !slices.Contains(names, s.Name) })
}
