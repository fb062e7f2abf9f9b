package emulator

import (
	"net/http"
	"slices"
)

// assumedRole names an agency (IAM API reference, Obtaining an Agency Token): Open Telekom Cloud's reference calls it
// xrole_name, Huawei Cloud's agency_name.
type assumedRole struct {
	XRoleName  string `json:"xrole_name"`
	AgencyName string `json:"agency_name"`
	DomainID   string `json:"domain_id"`
	DomainName string `json:"domain_name"`
}

// assume is the session of an agency for whoever sends the request.
func (e *Emulator) assume(c *call, role assumedRole) (session, error) {
	if err := e.identify(c); err != nil {
		return session{}, err
	}
	asking := c.session
	agent, _ := tenantOfUser(asking.UserID)
	name, other := role.XRoleName, role.AgencyName
	if e.options.Switches.HuaweiAgencyName {
		name, other = other, name
	}
	domain := authDomain{ID: role.DomainID, Name: role.DomainName}
	switch {
	case name == "" || other != "" || domain == authDomain{}:
		return session{}, keystone(http.StatusBadRequest, "The agency's name and its domain are needed.")
	case isSigned(c.request) && asking.DomainID == "":
		return session{}, keystone(http.StatusUnauthorized, "X-Domain-Id is missing.")
	case asking.Agency != "":
		return session{}, keystone(http.StatusForbidden, "An agency cannot assume another.")
	}
	i := slices.IndexFunc(agencies(), func(a Agency) bool {
		return a.Name == name && a.For.inDomain(domain) && a.Trusted == agent.DomainID
	})
	if i < 0 {
		return session{}, keystone(http.StatusForbidden, "You have no permission to assume the agency.")
	}
	agency := agencies()[i]
	return session{UserID: agency.For.UserID, Agency: agency.ID, AgentID: agent.UserID}, nil
}

func agencyName(id string) string {
	for _, a := range agencies() {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}
