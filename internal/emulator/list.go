package emulator

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The most images in one answer, and how many there are when the client does not say: Open Telekom Cloud's since 2026,
// and that of all others.
const (
	longestPage       = 1000
	olderLongestPage  = 500
	glanceLongestPage = 500
)

func (e *Emulator) longestPage() int {
	if e.options.Switches.Pages500 {
		return olderLongestPage
	}
	return longestPage
}

// listing is a query for images that was understood.
type listing struct {
	filters []func(*seen) bool
	// member says which images shared with the project are in; all others of strangers are not.
	member  string
	sortKey string
	asc     bool
	limit   int
	marker  string
}

// seen is an image with what the asking project sees of it.
type seen struct {
	image   *Image
	wire    map[string]any
	project string
}

func (s *seen) text(attribute string) string {
	switch v := s.wire[attribute].(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	default:
		return ""
	}
}

// listImages is GET /v2/cloudimages.
func (e *Emulator) listImages(c *call) (answer, error) {
	wanted, err := readListing(c.query, e.longestPage(), e.longestPage())
	if err != nil {
		return answer{}, err
	}
	page, err := e.list(c.session.ProjectID, wanted)
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"images": page}), nil
}

// readListing understands a query.
func readListing(query url.Values, limit, most int) (*listing, error) {
	wanted := &listing{member: "accepted", sortKey: "created_at", limit: limit}
	for name, values := range query {
		read := paging[name]
		if read == nil {
			condition, known := filters[name]
			if !known {
				return nil, unknownField(name)
			}
			for _, value := range values {
				filter, err := condition(name, value)
				if err != nil {
					return nil, err
				}
				if filter != nil {
					wanted.filters = append(wanted.filters, filter)
				}
			}
			continue
		}
		if err := read(wanted, values[0]); err != nil {
			return nil, err
		}
	}
	wanted.limit = min(wanted.limit, most)
	if status := query.Get("member_status"); status != "" {
		if query.Get("visibility") != "shared" {
			return nil, refuse("IMG.0001", "member_status needs visibility=shared.")
		}
		wanted.member = status
	}
	return wanted, nil
}

var sortKeys = []string{"name", "container_format", "disk_format", "status", "id", "created_at"}

// paging are the parameters that are no filters.
var paging = map[string]func(*listing, string) error{
	"limit": func(l *listing, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return refuse("IMG.0001", "limit is no number.")
		}
		l.limit = n
		return nil
	},
	"marker": func(l *listing, value string) error {
		l.marker = value
		return nil
	},
	"sort_key": func(l *listing, value string) error {
		if !slices.Contains(append(sortKeys, "updated_at", "size"), value) {
			return refuse("IMG.0001", "sort_key is none of "+strings.Join(sortKeys, ", ")+".")
		}
		l.sortKey = value
		return nil
	},
	"sort_dir": func(l *listing, value string) error {
		if value != "asc" && value != "desc" {
			return refuse("IMG.0001", "sort_dir is neither asc nor desc.")
		}
		l.asc = value == "asc"
		return nil
	},
	// Glance's newer form of the two above: "name:asc". The openstack command uses it.
	"sort": func(l *listing, value string) error {
		firstKey, _, _ := strings.Cut(value, ",")
		key, direction, _ := strings.Cut(firstKey, ":")
		l.sortKey, l.asc = key, direction == "asc"
		return nil
	},
}

// isHidden reports whether lists leave out an image because it is not finished, or only just.
func (e *Emulator) isHidden(image *Image) bool {
	late := e.options.Switches.ListedLate
	if image.JobID != "" {
		return e.options.Switches.HideUnfinished || late > 0
	}
	return late > 0 && e.clock.Now().Sub(image.ActiveAt) < late
}

// list is a page of the images that a project sees.
func (e *Emulator) list(projectID string, wanted *listing) ([]map[string]any, error) {
	var found []*seen
	for _, image := range e.world.Images {
		if !image.listed(projectID, wanted.member) || e.isHidden(image) {
			continue
		}
		s := &seen{image: image, wire: e.wire(image, projectID), project: projectID}
		if !slices.ContainsFunc(wanted.filters, func(filter func(*seen) bool) bool { return !filter(s) }) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b *seen) int {
		order := cmp.Compare(a.text(wanted.sortKey), b.text(wanted.sortKey))
		if order == 0 {
			order = cmp.Compare(a.image.ID, b.image.ID)
		}
		if wanted.asc {
			return order
		}
		return -order
	})
	if wanted.marker != "" {
		at := slices.IndexFunc(found, func(s *seen) bool { return s.image.ID == wanted.marker })
		if at < 0 {
			return nil, refuse("IMG.0027", "The marker is none of the images.")
		}
		found = found[at+1:]
	}
	if len(found) > wanted.limit {
		found = found[:wanted.limit]
	}
	page := []map[string]any{}
	for _, s := range found {
		page = append(page, s.wire)
	}
	return page, nil
}

// listed reports whether a project's lists may hold an image: public ones, its own, and of those shared with it the
// ones
// it answered so. One's own shared images count as shared, too.
func (i *Image) listed(projectID, memberStatus string) bool {
	if i.isPublic() || i.Owner == projectID {
		return true
	}
	m := i.member(projectID)
	return m != nil && (m.Status == memberStatus || memberStatus == "all")
}
