package cloud

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// In prepares a session for the project of the name in another region (empty: the one that is named like the region), with the same
// credentials, and asks nobody anything. Hosts that are called after this session's region are called after the other one there.
func (s *Session) In(region, project string) *Session {
	s.mu.Lock()
	home := s.settings.Region()
	if s.state != nil {
		home = s.state.scope.Region
	}
	s.mu.Unlock()

	settings := *s.settings
	settings.values = maps.Clone(s.settings.values)
	set := func(name, text string) {
		settings.values[name] = value{text: newSecret(text), from: "the place of the image"}
	}
	set(nameRegion, region)
	if given(settings.values, nameAgency) {
		set(nameDelegatedProject, cmp.Or(project, region)) // the user's own project is where it was
	} else {
		delete(settings.values, nameProjectID)
		set(nameProjectName, cmp.Or(project, region))
	}
	// An endpoint that is not called after a region serves this one alone: the other region's is looked for.
	for name, needed := range map[string]bool{nameAuthURL: true, nameEndpoint: false} {
		there, moved := hostIn(settings.get(name), home, region)
		if moved {
			settings.values[name] = value{text: newSecret(there), from: settings.values[name].from}
		} else if !needed {
			delete(settings.values, name)
		}
	}
	other := &Session{
		settings: &settings, userAgent: s.userAgent, plain: s.plain, metadata: s.metadata, now: s.now, pause: s.pause, jitter: rand.Float64,
	}
	other.credential = other.newCredential()
	return other
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
