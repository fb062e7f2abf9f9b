package settings

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// In are the settings for the project of the name in another region (empty: the one that is named like the region),
// with the same credentials. home is the region that these are for, or empty if that is not known. Hosts that are
// called after it are called after the other region there.
func (s *Settings) In(home, region, project string) *Settings {
	there := *s
	there.values = maps.Clone(s.values)
	set := func(name Name, text string) {
		there.values[name] = value{text: NewSecret(text), from: "the place of the image"}
	}

	set(Region, region)
	if s.Has(AgencyName) {
		set(DelegatedProject, cmp.Or(project, region)) // the user's own project stays where it is
	} else {
		delete(there.values, ProjectID)
		set(ProjectName, cmp.Or(project, region))
	}

	for _, name := range []Name{AuthURL, Endpoint} {
		address, moved := hostIn(s.Get(name), home, region)
		switch {
		case moved:
			there.values[name] = value{text: NewSecret(address), from: s.values[name].from}
		case name == Endpoint:
			// One that is not called after a region serves this region alone: the other's is looked for.
			delete(there.values, Endpoint)
		}
	}
	return &there
}

// hostIn is a URL with one region in place of another in its host, and whether there was one.
func hostIn(address, home, region string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || home == "" {
		return address, false
	}
	labels := strings.Split(u.Host, ".")
	at := slices.Index(labels, home)
	if at < 0 {
		return address, false
	}

	labels[at] = region
	u.Host = strings.Join(labels, ".")
	return u.String(), true
}
