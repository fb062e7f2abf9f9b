package emulator

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
)

// The pages of members, as on Huawei Cloud.
const (
	memberPage     = 500
	mostMemberPage = 1000
)

func (e *Emulator) describeMember(image *Image, m *Member) map[string]any {
	described := map[string]any{
		"image_id": image.ID, "member_id": m.ProjectID, "status": m.Status, "schema": "/v2/schemas/member",
		"created_at": m.CreatedAt.Format(dateFormat), "updated_at": m.UpdatedAt.Format(dateFormat),
	}
	if e.options.Switches.HuaweiMembers {
		described["member_type"], described["urn"] = cmp.Or(m.Type, memberProject), nil
	}
	return described
}

// glanceMembers is GET /v2/images/{id}/members. A member sees itself only.
func (e *Emulator) glanceMembers(c *call) (answer, error) {
	image, err := e.visible(c)
	if err != nil {
		return answer{}, err
	}
	if image.isPublic() {
		return answer{}, glance(http.StatusForbidden, "Only shared images have members.")
	}
	var seen []*Member
	for i := range image.Members {
		if m := &image.Members[i]; image.Owner == c.session.ProjectID || m.ProjectID == c.session.ProjectID {
			seen = append(seen, m)
		}
	}
	body := map[string]any{"schema": "/v2/schemas/members"}
	if e.options.Switches.HuaweiMembers {
		if seen, body["page_info"], err = pageOf(c, seen); err != nil {
			return answer{}, err
		}
	}
	members := []any{}
	for _, m := range seen {
		members = append(members, e.describeMember(image, m))
	}
	body["members"] = members
	return ok(body), nil
}

// pageOf is the page of members that a request asks for, and what it says of itself. A marker is the last member of the
// page before, in base64.
func pageOf(c *call, members []*Member) ([]*Member, map[string]any, error) {
	if err := onlyQuery(c.query, "limit", "marker"); err != nil {
		return nil, nil, err
	}
	limit := memberPage
	if given := c.query.Get("limit"); given != "" {
		var err error
		if limit, err = strconv.Atoi(given); err != nil || limit < 1 || limit > mostMemberPage {
			return nil, nil, refuse("IMG.0001", "The limit is no number from 1 to 1000.")
		}
	}
	if given := c.query.Get("marker"); given != "" {
		last, err := base64.StdEncoding.DecodeString(given)
		at := slices.IndexFunc(members, func(m *Member) bool { return m.ProjectID == string(last) })
		if err != nil || at < 0 {
			return nil, nil, refuse("IMG.0001", "The marker is unknown.")
		}
		members = members[at+1:]
	}
	info := map[string]any{}
	if len(members) > limit {
		members = members[:limit]
		info["next_marker"] = base64.StdEncoding.EncodeToString([]byte(members[limit-1].ProjectID))
	}
	info["current_count"] = len(members)
	return members, info, nil
}

// glanceAddMember is POST /v2/images/{id}/members.
func (e *Emulator) glanceAddMember(c *call) (answer, error) {
	var body struct {
		Member string `json:"member"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	image, err := e.changeable(c)
	if err != nil {
		return answer{}, err
	}
	if image.member(body.Member) != nil {
		return answer{}, glance(http.StatusConflict, body.Member+" is already a member.")
	}
	if !e.world.isProject(body.Member) {
		return answer{}, refuse("IMG.0108")
	}
	if err := checkShare(image, []string{body.Member}); err != nil {
		return answer{}, err
	}
	e.addMember(image, body.Member, "")
	return ok(e.describeMember(image, image.member(body.Member))), nil
}

// namedMember is the member that the path names, if the asking project may see it.
func (e *Emulator) namedMember(c *call) (*Image, *Member, error) {
	image, err := e.visible(c)
	if err != nil {
		return nil, nil, err
	}
	m := image.member(c.vars["member"])
	if m == nil || image.Owner != c.session.ProjectID && m.ProjectID != c.session.ProjectID {
		return nil, nil, glance(http.StatusNotFound, c.vars["member"]+" is no member of the image.")
	}
	return image, m, nil
}

// glanceShowMember is GET /v2/images/{id}/members/{member}.
func (e *Emulator) glanceShowMember(c *call) (answer, error) {
	image, m, err := e.namedMember(c)
	if err != nil {
		return answer{}, err
	}
	return ok(e.describeMember(image, m)), nil
}

// glanceAnswer is PUT /v2/images/{id}/members/{member}; only the member itself answers.
func (e *Emulator) glanceAnswer(c *call) (answer, error) {
	var body struct {
		Status  string `json:"status"`
		VaultID string `json:"vault_id"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	image, m, err := e.namedMember(c)
	if err != nil {
		return answer{}, err
	}
	switch {
	case m.ProjectID != c.session.ProjectID:
		return answer{}, glance(http.StatusForbidden, "Only the member answers.")
	case body.Status != "accepted" && body.Status != "rejected" && body.Status != "pending":
		return answer{}, glance(http.StatusBadRequest, "The status is none of accepted, rejected, pending.")
	case image.isWhole() && body.Status == "accepted" && !e.world.Vaults[body.VaultID]:
		return answer{}, refuse("IMG.0184")
	}
	m.Status, m.VaultID, m.UpdatedAt = body.Status, body.VaultID, e.second()
	return ok(e.describeMember(image, m)), nil
}

// glanceDeleteMember is DELETE /v2/images/{id}/members/{member}.
func (e *Emulator) glanceDeleteMember(c *call) (answer, error) {
	image, m, err := e.namedMember(c)
	if err != nil {
		return answer{}, err
	}
	if image.Owner != c.session.ProjectID {
		return answer{}, glance(http.StatusForbidden, "Only the owner deletes members.")
	}
	image.dropMember(m.ProjectID)
	return noContent(), nil
}
