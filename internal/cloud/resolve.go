package cloud

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
)

// Resolve merges the provider block, clouds.yaml and the environment; sources.go has their precedence and ways.go the ways in. It asks
// nobody and reads only the files named. Its errors say what is missing or wrong and where each present value came from, and never contain
// a secret.
func Resolve(block Config, env Environment) (*Settings, error) {
	sources, err := collectSources(&block, env)
	if err != nil {
		return nil, err
	}
	found := findAll(sources.list)
	if _, ok := found[nameRegion]; !ok && sources.region.from != "" {
		found[nameRegion] = sources.region
	}
	chosen, ok, err := chooseWay(sources.list)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, noWayError(found)
	}
	chosen = chosen.withAgency(dropForeignAgency(chosen, found))
	var unused []Source
	found, unused = keepOwn(chosen, found, sources.leftOver)
	if missing := chosen.missing(found); len(missing) > 0 {
		return nil, missingError(chosen, missing, found, unused)
	}
	s := &Settings{way: chosen, values: found}
	if err := s.check(env); err != nil {
		return nil, err
	}
	return s, nil
}

// collected are the sources in their order.
type collected struct {
	list     []source
	region   value // the first of the regions of a clouds.yaml entry, when nothing names one
	leftOver bool  // OS_CLOUD names an entry that has no say
}

func collectSources(block *Config, env Environment) (collected, error) {
	fromBlock, fromEnv := blockSource(block), environmentSource(env)
	without := collected{list: []source{fromBlock, fromEnv}}
	name, namedBy := block.Cloud, "attribute cloud"
	if name == "" {
		name, _ = env.lookup("OS_CLOUD")
		namedBy = "environment variable OS_CLOUD"
		without.leftOver = name != "" && standAlone(without.list)
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
	// The entry's values depend on the region, so the region is settled first.
	region, err := entry.enterRegion(findAll(list)[nameRegion])
	return collected{list: list, region: region}, err
}

// standAlone tells whether the sources say both who signs in and where. An entry that OS_CLOUD names is about another cloud then, as like
// as not, and its TLS settings would weaken this one: it is not even looked for.
func standAlone(sources []source) bool {
	chosen, ok, err := chooseWay(sources)
	if err != nil {
		return true // nothing could mend it
	}
	return ok && chosen.complete(sources) && chosen.knowsWhere(findAll(sources))
}

// dropForeignAgency is found without an agency that a lower source than all the credentials says: one that some other tool left in the
// environment must not divert what the configuration chose.
func dropForeignAgency(chosen way, found map[string]value) map[string]value {
	lowest := 0
	for name, val := range found {
		if chosen.markedBy(name) {
			lowest = max(lowest, val.rank)
		}
	}
	kept := maps.Clone(found)
	if found[nameAgency].rank > lowest {
		delete(kept, nameAgency)
	}
	return kept
}

// keepOwn drops what the chosen way does not use, and lists what of it the user may have counted on. leftOver: OS_CLOUD has no say.
func keepOwn(chosen way, found map[string]value, leftOver bool) (map[string]value, []Source) {
	kept := map[string]value{}
	var dropped []string
	for name, val := range found {
		switch {
		case name == nameDefaultDomain && given(found, nameDomainName, nameDomainID):
			// It is there for want of these.
		case !chosen.takes(name), name == nameCloud && leftOver:
			dropped = append(dropped, name)
		case name == nameSecurityToken && val.rank != found[nameAccessKey].rank && val.rank != found[nameSecretKey].rank:
			// Left over from other temporary keys: it would spoil the signature of these.
			dropped = append(dropped, name)
		case strings.HasPrefix(name, "project_domain_") && given(found, nameDomainName, nameDomainID) && val.rank > domainRank(found):
			dropped = append(dropped, name)
		default:
			kept[name] = val
		}
	}
	return kept, sourcesOf(found, dropped)
}

func domainRank(found map[string]value) int {
	if val, ok := found[nameDomainID]; ok {
		return val.rank
	}
	return found[nameDomainName].rank
}

func noWayError(found map[string]value) error {
	var b strings.Builder
	b.WriteString("Unable to sign in: no credentials are given. Give one of:")
	for _, w := range ways {
		b.WriteString("\n  " + w.name + ": ")
		for i, alternatives := range w.marks {
			if i > 0 {
				b.WriteString(" and ")
			}
			b.WriteString(describeMissing(alternatives))
		}
	}
	b.WriteString("\nor name an entry of clouds.yaml that has them (attribute cloud, OS_CLOUD).")
	writeSources(&b, "Given:", sourcesOf(found, common))
	return errors.New(b.String())
}

func missingError(chosen way, missing []string, found map[string]value, unused []Source) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Unable to sign in with %s. Missing:", chosen.name)
	for _, m := range missing {
		b.WriteString("\n  " + m)
	}
	writeSources(&b, "Given:", allSources(found))
	writeSources(&b, "Not used, because a higher source has credentials of its own:", unused)
	return errors.New(b.String())
}

func writeSources(b *strings.Builder, title string, list []Source) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\n" + title)
	for _, s := range list {
		b.WriteString("\n  " + s.String())
	}
}

func allSources(found map[string]value) []Source {
	names := make([]string, len(variables))
	for i, v := range variables {
		names[i] = v.name
	}
	return sourcesOf(found, names)
}

// check looks at the values that have a form of their own.
func (s *Settings) check(env Environment) error {
	for _, name := range []string{nameAuthURL, nameEndpoint, nameMetadataURL} {
		if text := s.get(name); text != "" {
			if strings.Contains(text, regionTemplate) {
				return s.wrong(name, "it stands for a URL of each region. Give region")
			}
			u, err := url.Parse(text)
			if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
				return s.wrong(name, "it must be a URL like https://host/path")
			}
		}
	}
	if text := s.get(nameInterface); text != "" {
		if _, ok := interfaces[strings.TrimSuffix(text, "URL")]; !ok {
			return s.wrong(nameInterface, "it must be public, internal or admin")
		}
	}
	if given(s.values, nameServerKeys) {
		if _, ok := parseBool(s.get(nameServerKeys)); !ok {
			return s.wrong(nameServerKeys, "it must be true or false")
		}
	}
	if text := s.get(nameInsecure); text != "" {
		insecure, ok := parseBool(text)
		if !ok {
			return s.wrong(nameInsecure, "it must be true or false")
		}
		s.insecure = insecure
	}
	return s.readCertificates(env)
}

func (s *Settings) wrong(name, why string) error {
	return fmt.Errorf("Unable to use %s from %s: %s", name, s.values[name].from, why)
}

// parseBool reads a boolean as the openstack command and YAML write it.
func parseBool(text string) (val, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "yes", "on", "1", "y", "t":
		return true, true
	case "false", "no", "off", "0", "n", "f":
		return false, true
	}
	return false, false
}
