package framework

import (
	"maps"
	"slices"
	"strings"
)

// TagPolicy is what the provider block says of tags: those that everything tagged gets, and those that are somebody
// else's.
type TagPolicy struct {
	// Unknown says that some of it is known only after an apply.
	Unknown bool
	// Default tags are given to everything that has tags; its own tag of the same key wins.
	Default map[string]string
	// IgnoreKeys and IgnoreKeyPrefixes name tags that are neither shown, changed nor removed.
	IgnoreKeys        []string
	IgnoreKeyPrefixes []string
}

// All is what a thing with these tags of its own is to have.
func (p TagPolicy) All(own map[string]string) map[string]string {
	all := p.Visible(p.Default)
	maps.Copy(all, own)
	return all
}

// Visible leaves out what is ignored.
func (p TagPolicy) Visible(tags map[string]string) map[string]string {
	visible := make(map[string]string, len(tags))
	for key, value := range tags {
		if !p.Ignores(key) {
			visible[key] = value
		}
	}
	return visible
}

// Own is the part of a thing's tags that its own configuration stands for: without the default tags, save those that
// the configuration names itself.
func (p TagPolicy) Own(all, configured map[string]string) map[string]string {
	own := map[string]string{}
	for key, value := range p.Visible(all) {
		_, named := configured[key]
		if given, isDefault := p.Default[key]; named || !isDefault || given != value {
			own[key] = value
		}
	}
	return own
}

// Ignores is true of a tag that is somebody else's.
func (p TagPolicy) Ignores(key string) bool {
	return slices.Contains(p.IgnoreKeys, key) ||
		slices.ContainsFunc(p.IgnoreKeyPrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// TagDifference is what has to be set and what to be removed to come from one set of tags to another.
func TagDifference(from, to map[string]string) (set, remove map[string]string) {
	set, remove = map[string]string{}, map[string]string{}
	for key, value := range to {
		if has, ok := from[key]; !ok || has != value {
			set[key] = value
		}
	}
	for key, value := range from {
		if _, ok := to[key]; !ok {
			remove[key] = value
		}
	}
	return set, remove
}
