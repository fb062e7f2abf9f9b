package cloud

import (
	"fmt"
	"slices"
	"strings"
)

// way is a row of the table of ways in.
type way struct {
	name string
	// marks choose the way: the highest source that says one of them decides. All of them are needed, of alternatives one.
	marks [][]string
	// needs are the further settings without which the way cannot work, each a list of alternatives. The first is the identity service.
	needs []need
	// optional settings belong to this way alone; those that every way takes are in common.
	optional []string
}

type need struct {
	oneOf  []string
	unless func(found map[string]value) bool
}

// ways is the table of ways in. The source that decides may complete several of them (an openrc file together with OS_TOKEN, a clouds.yaml
// entry that keeps ak and sk for object storage beside a password): then the first row counts. In the provider block that is an error.
// A chosen way takes its settings from every source, but no setting of another way is used, whatever source says it.
//
// An agency goes on top of any row, its base: see withAgency.
var ways = []way{
	{
		name:  "a token",
		marks: [][]string{{nameToken}},
		needs: []need{
			{oneOf: []string{nameAuthURL}},
		},
		optional: []string{nameDefaultDomain},
	},
	{
		name:  "user name and password",
		marks: [][]string{{nameUserName, nameUserID}, {namePassword}},
		needs: []need{
			{oneOf: []string{nameAuthURL}},
			{oneOf: []string{nameDomainName, nameDomainID}, unless: domainKnown},
			{oneOf: []string{nameProjectName, nameProjectID}, unless: forAgency},
		},
		optional: []string{namePasscode, nameDefaultDomain},
	},
	{
		name:  "an access key",
		marks: [][]string{{nameAccessKey}, {nameSecretKey}},
		needs: []need{
			{oneOf: []string{nameAuthURL}, unless: nothingToAsk},
			{oneOf: []string{nameProjectName, nameProjectID}, unless: forAgency},
		},
		optional: []string{nameSecurityToken},
	},
	{
		name:  "keys of this server",
		marks: [][]string{{nameServerKeys}},
		needs: []need{
			{oneOf: []string{nameAuthURL}, unless: nothingToAsk},
			{oneOf: []string{nameProjectName, nameProjectID}, unless: forAgency},
		},
		optional: []string{nameMetadataURL},
	},
}

// agencySettings are those of an agency, on top of any way.
var agencySettings = []string{nameAgency, nameAgencyDomainName, nameAgencyDomainID, nameDelegatedProject}

// withAgency is the way with an agency on top of it, if one is wanted.
func (w way) withAgency(found map[string]value) way {
	asked := slices.ContainsFunc(agencySettings, func(name string) bool { return given(found, name) && found[name].rank == 0 })
	if !asked && !forAgency(found) {
		return w
	}
	w.name += ", then an agency"
	w.needs = append(slices.Clone(w.needs),
		need{oneOf: []string{nameAgency}},
		need{oneOf: []string{nameAgencyDomainName, nameAgencyDomainID}},
		need{oneOf: []string{nameDelegatedProject, nameRegion}},
	)
	w.optional = append(slices.Clone(w.optional), agencySettings...)
	return w
}

func forAgency(found map[string]value) bool { return given(found, nameAgency) }

// common are the settings that every way takes.
var common = []string{
	nameCloud, nameAuthURL, nameRegion, nameDomainName, nameDomainID, nameProjectName, nameProjectID, nameProjectDomainName, nameProjectDomainID,
	nameEndpoint, nameInterface, nameCACert, nameClientCert, nameClientKey, nameInsecure,
}

func given(found map[string]value, names ...string) bool {
	for _, name := range names {
		if _, ok := found[name]; ok {
			return true
		}
	}
	return false
}

// projectDomainKnown: an id needs no domain, and without a project the token's own is used.
func projectDomainKnown(found map[string]value) bool {
	return given(found, nameProjectID, nameProjectDomainName, nameProjectDomainID) || !given(found, nameProjectName)
}

func domainKnown(found map[string]value) bool {
	return given(found, nameDefaultDomain) || given(found, nameUserID) && projectDomainKnown(found)
}

// nothingToAsk: with the project's id and the endpoint known, a signature needs nothing from the identity service.
func nothingToAsk(found map[string]value) bool {
	return given(found, nameEndpoint) && given(found, nameProjectID) && !forAgency(found)
}

// takes tells whether the way uses a setting at all.
func (w way) takes(name string) bool {
	return slices.Contains(common, name) || slices.Contains(w.optional, name) || w.markedBy(name)
}

func (w way) markedBy(name string) bool {
	for _, alternatives := range w.marks {
		if slices.Contains(alternatives, name) {
			return true
		}
	}
	return false
}

// missing lists what the way needs and found lacks, as texts for a message.
func (w way) missing(found map[string]value) []string {
	var list []string
	for _, alternatives := range w.marks {
		if !given(found, alternatives...) {
			list = append(list, describeMissing(alternatives))
		}
	}
	for _, n := range w.needs {
		if !n.met(found) {
			list = append(list, describeMissing(n.oneOf))
		}
	}
	return list
}

func (n need) met(found map[string]value) bool {
	return given(found, n.oneOf...) || n.unless != nil && n.unless(found)
}

// knowsWhere tells whether the identity service is given, or not needed.
func (w way) knowsWhere(found map[string]value) bool { return w.needs[0].met(found) }

func describeMissing(alternatives []string) string {
	places := make([]string, len(alternatives))
	for i, name := range alternatives {
		places[i] = variableNamed(name).places()
	}
	return fmt.Sprintf("%s (%s)", strings.Join(alternatives, " or "), strings.Join(places, "; or "))
}

// complete tells whether every mark of the way can be had from the sources.
func (w way) complete(sources []source) bool {
	for _, alternatives := range w.marks {
		if !anySays(sources, alternatives) {
			return false
		}
	}
	return true
}

func anySays(sources []source, names []string) bool {
	for _, s := range sources {
		for _, name := range names {
			if val, ok := s.find(variableNamed(name)); ok && (name != nameServerKeys || !isNo(val)) {
				return true
			}
		}
	}
	return false
}

func isNo(val value) bool {
	yes, ok := parseBool(val.text.reveal())
	return ok && !yes
}

// chooseWay finds the way in. ok is false when no source says anything of any way.
func chooseWay(sources []source) (chosen way, ok bool, err error) {
	noServerKeys := isNo(findAll(sources)[nameServerKeys])
	for rank, s := range sources {
		var candidates, complete []way
		for _, w := range ways {
			if !w.startedBy(s) || noServerKeys && w.markedBy(nameServerKeys) {
				continue
			}
			candidates = append(candidates, w)
			if w.complete(sources[rank:]) {
				complete = append(complete, w)
			}
		}
		switch {
		case len(candidates) == 0:
			continue
		case rank == 0 && len(candidates) > 1:
			return way{}, false, fmt.Errorf("Unable to choose a way to sign in: %s gives settings of both %s and %s; leave out one",
				s.title, candidates[0].name, candidates[1].name)
		case len(complete) > 0:
			return complete[0], true, nil
		default:
			return candidates[0], true, nil
		}
	}
	return way{}, false, nil
}

func (w way) startedBy(s source) bool {
	for _, alternatives := range w.marks {
		if anySays([]source{s}, alternatives) {
			return true
		}
	}
	return false
}
