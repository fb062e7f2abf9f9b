package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// gophercloud's own reader of clouds.yaml is not used: it knows neither OTC's keys nor where a value came from.

// cloudEntry is an entry of clouds.yaml with what completes it.
type cloudEntry struct {
	name   string
	parts  []cloudPart // what find searches, the strongest first; see orderParts
	region string

	secure  []cloudPart // its part of secure.yaml, if any
	own     cloudSpec
	profile cloudSpec
}

// regionTemplate stands for the region's name in a value.
const regionTemplate = "%(region_name)s"

// readCloud reads the entry of that name. namedBy says in errors where the name came from.
func readCloud(env Environment, name, namedBy string) (*cloudEntry, error) {
	path, searched, err := findCloudsFile(env)
	if err != nil {
		return nil, err
	}
	if path == "" {
		return nil, fmt.Errorf("Unable to find cloud %q, named by %s: there is no clouds.yaml. Looked for:\n  %s",
			name, namedBy, strings.Join(searched, "\n  "))
	}
	clouds, err := readClouds(path, "clouds")
	if err != nil {
		return nil, err
	}
	node, ok := clouds[name]
	if !ok {
		return nil, fmt.Errorf("Unable to find cloud %q, named by %s, in %s. It has: %s",
			name, namedBy, path, strings.Join(slices.Sorted(maps.Keys(clouds)), ", "))
	}

	entry := &cloudEntry{name: name}
	if entry.secure, err = readSecure(env, name, path); err != nil {
		return nil, err
	}
	if entry.own, err = parseSpec(node, fmt.Sprintf("cloud %q in %s", name, path), path); err != nil {
		return nil, err
	}
	if entry.profile, err = readProfile(env, entry.own.part); err != nil {
		return nil, err
	}
	entry.orderParts()
	return entry, nil
}

// orderParts puts the parts in order: secure.yaml, then the entry, then its profile, the latter two with the region's
// values before their own.
func (e *cloudEntry) orderParts() {
	e.parts = slices.Clone(e.secure)
	for _, spec := range []cloudSpec{e.own, e.profile} {
		for _, r := range spec.regions {
			if e.region != "" && r.name == e.region {
				e.parts = append(e.parts, r.part)
			}
		}
		e.parts = append(e.parts, spec.part)
	}
}

// chooseRegion adds the values of the wanted region. If none is wanted, it takes the first that the entry or its
// profile lists, and returns it. An entry's list is complete, a profile's is not: clouds get new regions.
func (e *cloudEntry) chooseRegion(wanted value) (first value, err error) {
	name := wanted.text.Reveal()
	listing := e.own
	if len(listing.regions) == 0 {
		listing = e.profile
	}
	if name == "" && len(listing.regions) > 0 {
		name = listing.regions[0].name
		first = value{text: NewSecret(name), from: listing.part.from}
	}

	if names := e.own.regionNames(); len(names) > 0 && !slices.Contains(names, name) {
		return value{}, fmt.Errorf("Unable to use region %q from %s: cloud %q of clouds.yaml has only %s",
			name, wanted.from, e.name, strings.Join(names, ", "))
	}
	e.region = name
	e.orderParts()
	return first, nil
}

// find looks a setting up, for source.find.
func (e *cloudEntry) find(row setting) (value, bool) {
	for i, part := range e.parts {
		for j, key := range row.file {
			text, ok := part.get(key)
			if !ok {
				continue
			}
			if e.region != "" {
				text = strings.ReplaceAll(text, regionTemplate, e.region)
			}
			return value{text: NewSecret(text), from: part.from, depth: i*len(row.file) + j}, true
		}
		if row.name == Insecure {
			if val, ok := part.insecure(); ok {
				return val, true
			}
		}
	}
	return value{}, false
}
