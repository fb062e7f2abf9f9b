package settings

import (
	"maps"
	"strconv"
)

// Resolve merges the provider block, clouds.yaml and the environment; sources.go has their precedence and ways.go the
// ways to sign in. It sends nothing and reads only the files named. Its errors name what is missing or wrong and where
// each value that is there came from, and never contain a secret.
func Resolve(block Config, env Environment) (*Settings, error) {
	sources, err := collectSources(&block, env)
	if err != nil {
		return nil, err
	}
	found := merge(sources.list)
	if !found.has(Region) && sources.region.from != "" {
		found[Region] = sources.region
	}

	chosen, ok, err := chooseWay(sources.list)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, noWayError(found)
	}
	chosen = chosen.withAgency(withoutForeignAgency(chosen, found))

	used, unused := dropUnused(chosen, found, sources.leftOver)
	if missing := chosen.missing(used); len(missing) > 0 {
		return nil, missingError(chosen, missing, used, unused)
	}

	s := &Settings{way: chosen.name, values: used}
	if err := s.check(env); err != nil {
		return nil, err
	}
	return s, nil
}

// collected are the sources in their order.
type collected struct {
	list     []source
	region   value // the first of the regions of a clouds.yaml entry, if no source names one
	leftOver bool  // OS_CLOUD names an entry that does not count
}

func collectSources(block *Config, env Environment) (collected, error) {
	fromBlock, fromEnv := blockSource(block), environmentSource(env)
	without := collected{list: []source{fromBlock, fromEnv}}
	name, namedBy := block.Cloud, "attribute cloud"
	if name == "" {
		name, _ = env.Get("OS_CLOUD")
		namedBy = "environment variable OS_CLOUD"
		without.leftOver = name != "" && needNoCloud(without.list)
	}
	if name == "" || without.leftOver {
		return without, nil
	}

	entry, err := readCloud(env, name, namedBy)
	if err != nil {
		return collected{}, err
	}
	fromFile := source{title: "the clouds.yaml entry " + strconv.Quote(name), find: entry.find}
	list := []source{fromBlock, fromEnv, fromFile}
	if block.Cloud != "" {
		list = []source{fromBlock, fromFile, fromEnv}
	}

	// The entry's values depend on the region, so the region comes first.
	region, err := entry.chooseRegion(merge(list)[Region])
	return collected{list: list, region: region}, err
}

// needNoCloud reports whether the sources say both who signs in and where. An entry that OS_CLOUD names is then about
// another cloud, as like as not, and its TLS settings would weaken this one: it is not even looked for.
func needNoCloud(sources []source) bool {
	chosen, ok, err := chooseWay(sources)
	if err != nil {
		return true // nothing could mend it
	}
	return ok && chosen.completedBy(sources) && chosen.identityService.met(merge(sources))
}

// withoutForeignAgency is found without an agency that a lower source than all the credentials gives: one that some
// other tool left in the environment must not divert what the configuration chose.
func withoutForeignAgency(chosen way, found values) values {
	lowest := 0
	for name, val := range found {
		if chosen.hasCredential(name) {
			lowest = max(lowest, val.rank)
		}
	}

	kept := maps.Clone(found)
	if found[AgencyName].rank > lowest {
		delete(kept, AgencyName)
	}
	return kept
}

// dropUnused separates what the chosen way uses from what it does not: the sources of the latter, on which the user
// may have counted. leftOver: the entry that OS_CLOUD names does not count.
func dropUnused(chosen way, found values, leftOver bool) (used values, unused Sources) {
	used = values{}
	var dropped []Name
	for name, val := range found {
		switch {
		case name == DefaultDomain && found.has(DomainName, DomainID):
			// It is there for want of these.
		case !chosen.uses(name), name == Cloud && leftOver, isOfOtherKeys(name, found), isOfLowerDomain(name, found):
			dropped = append(dropped, name)
		default:
			used[name] = val
		}
	}
	return used, found.sourcesOf(dropped)
}

// isOfOtherKeys: a security token left over from other temporary keys would spoil the signature of these.
func isOfOtherKeys(name Name, found values) bool {
	rank := found[name].rank
	return name == SecurityToken && rank != found[AccessKey].rank && rank != found[SecretKey].rank
}

// isOfLowerDomain: a project's domain of a lower source than the user's is not about this project.
func isOfLowerDomain(name Name, found values) bool {
	if name != ProjectDomainName && name != ProjectDomainID {
		return false
	}
	domain, ok := found[DomainID]
	if !ok {
		domain, ok = found[DomainName]
	}
	return ok && found[name].rank > domain.rank
}
