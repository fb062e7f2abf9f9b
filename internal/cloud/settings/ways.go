package settings

import "slices"

// way is a row of the table of ways to sign in.
type way struct {
	name string
	// credentials choose the way: the highest source that gives one of them decides. All are needed, of alternatives one.
	credentials [][]Name
	// identityService is the need of its URL.
	identityService need
	// needs are the further settings without which the way cannot work.
	needs []need
	// optional settings belong to this way alone; those that every way uses are in common.
	optional []Name
}

// need is a setting, or one of alternatives, that a way cannot do without.
type need struct {
	oneOf  []Name
	unless func(found values) bool // nil: always
}

var (
	needAuthURL = need{oneOf: []Name{AuthURL}}
	needDomain  = need{oneOf: []Name{DomainName, DomainID}, unless: domainKnown}
	needProject = need{oneOf: []Name{ProjectName, ProjectID}, unless: forAgency}
	// A signature may need nothing from the identity service.
	needAuthURLToAsk = need{oneOf: []Name{AuthURL}, unless: nothingToAsk}
)

// ways is the table of ways to sign in. The source that decides may complete several of them (an openrc file together
// with OS_TOKEN, a clouds.yaml entry that keeps ak and sk for object storage beside a password): then the first row
// counts. In the provider block that is an error. A chosen way takes its settings from every source, but no setting
// of another way is used, whatever source gives it.
//
// An agency goes on top of any row: see withAgency.
var ways = []way{
	{
		name:            "a token",
		credentials:     [][]Name{{Token}},
		identityService: needAuthURL,
		optional:        []Name{DefaultDomain},
	},
	{
		name:            "user name and password",
		credentials:     [][]Name{{UserName, UserID}, {Password}},
		identityService: needAuthURL,
		needs:           []need{needDomain, needProject},
		optional:        []Name{Passcode, DefaultDomain},
	},
	{
		name:            "an access key",
		credentials:     [][]Name{{AccessKey}, {SecretKey}},
		identityService: needAuthURLToAsk,
		needs:           []need{needProject},
		optional:        []Name{SecurityToken},
	},
	{
		name:            "keys of this server",
		credentials:     [][]Name{{ServerKeys}},
		identityService: needAuthURLToAsk,
		needs:           []need{needProject},
		optional:        []Name{MetadataURL},
	},
}

// common are the settings that every way uses.
var common = []Name{
	Cloud, AuthURL, Region, DomainName, DomainID, ProjectName, ProjectID, ProjectDomainName, ProjectDomainID,
	Endpoint, Interface, CACert, ClientCert, ClientKey, Insecure,
}

// agencySettings are those of an agency, on top of any way.
var agencySettings = []Name{AgencyName, AgencyDomainName, AgencyDomainID, DelegatedProject}

// withAgency is the way with an agency on top of it, if one is wanted.
func (w way) withAgency(found values) way {
	inBlock := func(name Name) bool { return found.has(name) && found[name].rank == 0 }
	if !slices.ContainsFunc(agencySettings, inBlock) && !forAgency(found) {
		return w
	}

	w.name += ", then an agency"
	w.needs = append(slices.Clone(w.needs),
		need{oneOf: []Name{AgencyName}},
		need{oneOf: []Name{AgencyDomainName, AgencyDomainID}},
		need{oneOf: []Name{DelegatedProject, Region}},
	)
	w.optional = append(slices.Clone(w.optional), agencySettings...)
	return w
}

func forAgency(found values) bool { return found.has(AgencyName) }

func domainKnown(found values) bool {
	return found.has(DefaultDomain) || found.has(UserID) && projectDomainKnown(found)
}

// projectDomainKnown: an id needs no domain, and without a project the token's own is used.
func projectDomainKnown(found values) bool {
	return found.has(ProjectID, ProjectDomainName, ProjectDomainID) || !found.has(ProjectName)
}

// nothingToAsk: with the project's id and the endpoint known, a signature needs nothing from the identity service.
func nothingToAsk(found values) bool {
	return found.has(Endpoint) && found.has(ProjectID) && !forAgency(found)
}

// uses reports whether the way has any use for a setting.
func (w way) uses(name Name) bool {
	return slices.Contains(common, name) || slices.Contains(w.optional, name) || w.hasCredential(name)
}

func (w way) hasCredential(name Name) bool {
	return slices.ContainsFunc(w.credentials, func(alternatives []Name) bool {
		return slices.Contains(alternatives, name)
	})
}

// missing lists what the way needs and found lacks, for a message.
func (w way) missing(found values) []string {
	var list []string
	for _, alternatives := range w.credentials {
		if !found.has(alternatives...) {
			list = append(list, howToGive(alternatives))
		}
	}
	for _, n := range append([]need{w.identityService}, w.needs...) {
		if !n.met(found) {
			list = append(list, howToGive(n.oneOf))
		}
	}
	return list
}

func (n need) met(found values) bool {
	return found.has(n.oneOf...) || n.unless != nil && n.unless(found)
}
