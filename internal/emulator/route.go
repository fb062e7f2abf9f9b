package emulator

import (
	"net/http"
	"net/url"
	"strings"
)

// route is one operation of the API.
type route struct {
	method, path string // a segment in braces is a variable
	operation    string // what the journal calls it
	access       access
	streams      bool // the body is a file: the handler signs in, locks and reads by itself
	handle       func(*Emulator, *call) (answer, error)
}

const (
	get    = http.MethodGet
	post   = http.MethodPost
	put    = http.MethodPut
	patch  = http.MethodPatch
	remove = http.MethodDelete
)

// routes is every operation the emulator has. The first match counts, so that a fixed segment stands before a variable
// one.
var routes = []route{
	{get, "/v3", "keystone version", toAnyone, false, (*Emulator).showKeystone},
	{post, "/v3/auth/tokens", "create token", toAnyone, false, (*Emulator).createToken},
	{get, "/v3/auth/tokens", "show token", toUsers, false, (*Emulator).showToken},
	{remove, "/v3/auth/tokens", "revoke token", toUsers, false, (*Emulator).revokeToken},
	{get, "/v3/auth/catalog", "show catalog", toUsers, false, (*Emulator).showCatalog},
	{get, "/v3/auth/projects", "list projects", toUsers, false, (*Emulator).listProjects},
	{get, "/v3/auth/domains", "list domains", toUsers, false, (*Emulator).listDomains},
	{get, "/v3/projects", "list projects", toUsers, false, (*Emulator).listProjects},
	{get, "/v3/projects/{project}", "show project", toUsers, false, (*Emulator).showProject},

	{put, "/meta-data/latest/api/token", "create metadata token", toAnyone, false, (*Emulator).createMetadataToken},
	{get, "/openstack/latest/securitykey", "show server keys", toAnyone, false, (*Emulator).showServerKeys},

	{post, "/v2/cloudimages/action", "create image", toProjects, false, (*Emulator).createImage},
	{post, "/v2/cloudimages/quickimport/action", "quick import", toProjects, false, (*Emulator).quickImport},
	{post, "/v1/cloudimages/dataimages/action", "create data disk image", toProjects, false, (*Emulator).createDataImage},
	{post, "/v1/cloudimages/wholeimages/action", "create full-ECS image", toProjects, false, (*Emulator).createWholeImage},
	{put, "/v1/cloudimages/{id}/upload", "register image", toProjects, false, (*Emulator).registerImage},
	{post, "/v1/cloudimages/{id}/file", "export image", toProjects, false, (*Emulator).exportImage},
	{
		post, "/v1/cloudimages/{id}/cross_region_copy", "copy image to another region", toProjects, false,
		(*Emulator).copyImageFar,
	},
	{post, "/v1/cloudimages/{id}/copy", "copy image", toProjects, false, (*Emulator).copyImage},
	{get, "/v1/cloudimages/job/{job}", "show job progress", toProjects, false, (*Emulator).showJobProgress},
	{get, "/v1/{project_id}/jobs/{job}", "show job", toProjects, false, (*Emulator).showJob},

	{get, "/v2/cloudimages", "list images", toProjects, false, (*Emulator).listImages},
	{patch, "/v2/cloudimages/{id}", "update image", toProjects, false, (*Emulator).updateImage},
	{get, "/v1/cloudimages/quota", "show quota", toProjects, false, (*Emulator).showQuota},
	{get, "/v1/cloudimages/os_version", "list OS versions", toProjects, false, (*Emulator).listOSVersions},

	{post, "/v1/cloudimages/members", "add members", toProjects, false, (*Emulator).addMembers},
	{remove, "/v1/cloudimages/members", "delete members", toProjects, false, (*Emulator).deleteMembers},
	{put, "/v1/cloudimages/members", "answer shares", toProjects, false, (*Emulator).answerShares},

	{get, "/v1/cloudimages/tags", "list tag texts", toProjects, false, (*Emulator).listTagTexts},
	{put, "/v1/cloudimages/tags", "put tag text", toProjects, false, (*Emulator).putTagText},

	{get, "/", "glance versions", toAnyone, false, (*Emulator).showVersions},
	{get, "/v2", "glance versions", toAnyone, false, (*Emulator).showVersions},
	{get, "/v2/schemas/{schema}", "glance show schema", toProjects, false, (*Emulator).showSchema},
	{get, "/v2/images", "glance list images", toProjects, false, (*Emulator).glanceList},
	{post, "/v2/images", "glance create image", toProjects, false, (*Emulator).glanceCreate},
	{get, "/v2/images/{id}", "glance show image", toProjects, false, (*Emulator).glanceShow},
	{patch, "/v2/images/{id}", "glance update image", toProjects, false, (*Emulator).glancePatch},
	{remove, "/v2/images/{id}", "delete image", toProjects, false, (*Emulator).deleteImage},
	{put, "/v2/images/{id}/file", "glance upload file", toProjects, true, (*Emulator).glanceUpload},
	{get, "/v2/images/{id}/file", "glance download file", toProjects, false, (*Emulator).glanceDownload},
	{get, "/v2/images/{id}/members", "glance list members", toProjects, false, (*Emulator).glanceMembers},
	{post, "/v2/images/{id}/members", "glance add member", toProjects, false, (*Emulator).glanceAddMember},
	{get, "/v2/images/{id}/members/{member}", "glance show member", toProjects, false, (*Emulator).glanceShowMember},
	{put, "/v2/images/{id}/members/{member}", "glance answer share", toProjects, false, (*Emulator).glanceAnswer},
	{
		remove, "/v2/images/{id}/members/{member}", "glance delete member", toProjects, false, (*Emulator).glanceDeleteMember,
	},
	{put, "/v2/images/{id}/tags/{tag}", "glance put tag", toProjects, false, (*Emulator).glancePutTag},
	{remove, "/v2/images/{id}/tags/{tag}", "glance delete tag", toProjects, false, (*Emulator).glanceDeleteTag},

	{get, "/v2/{project_id}/images/tags", "list project tags", toProjects, false, (*Emulator).listProjectTags},
	{
		post, "/v2/{project_id}/images/resource_instances/action", "list images by tags", toProjects, false,
		(*Emulator).imagesByTags,
	},
	{get, "/v2/{project_id}/images/{id}/tags", "list image tags", toProjects, false, (*Emulator).listImageTags},
	{post, "/v2/{project_id}/images/{id}/tags", "put tag", toProjects, false, (*Emulator).putTag},
	{post, "/v2/{project_id}/images/{id}/tags/action", "change tags", toProjects, false, (*Emulator).changeTags},
	{remove, "/v2/{project_id}/images/{id}/tags/{tag}", "delete tag", toProjects, false, (*Emulator).deleteTag},
}

// findRoute is the operation for a request and the variable segments of its path; nil if there is none. One slash at
// the end is allowed.
func findRoute(method, path string) (*route, map[string]string) {
	if path != "/" {
		path = strings.TrimSuffix(path, "/")
	}
	for i := range routes {
		if vars, matches := routes[i].match(method, path); matches {
			return &routes[i], vars
		}
	}
	return nil, nil
}

func (r *route) match(method, path string) (map[string]string, bool) {
	want, have := strings.Split(r.path, "/"), strings.Split(path, "/")
	if r.method != method || len(want) != len(have) {
		return nil, false
	}
	vars := map[string]string{}
	for i, segment := range want {
		name, isVariable := strings.CutPrefix(segment, "{")
		switch {
		case isVariable && have[i] != "":
			vars[strings.TrimSuffix(name, "}")] = have[i]
		case segment != have[i]:
			return nil, false
		}
	}
	return vars, true
}

// onlyQuery refuses a query with any other parameter.
func onlyQuery(query url.Values, known ...string) error {
	for name := range query {
		found := false
		for _, k := range known {
			found = found || k == name
		}
		if !found {
			return unknownField(name)
		}
	}
	return nil
}
