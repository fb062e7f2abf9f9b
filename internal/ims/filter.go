package ims

import (
	"net/url"
	"strconv"
)

// ImageFilter says which images to list. A field with its zero value is not sent (API reference, Querying Images). Not
// every cloud knows every filter, and there are attributes without one: whoever asks looks through the answer, too.
type ImageFilter struct {
	ImageType           string // gold, private, shared
	Visibility          string // public, private, shared
	MemberStatus        string // pending, accepted, rejected; needs Visibility shared
	Owner               string // project id
	ID                  string
	Name                string // exact
	Status              string
	Platform            string
	OSType              string
	OSBit               string
	Environment         string
	EnterpriseProjectID string // "0", an id, or all_granted_eps
	Tag                 string // "key=value"
	ContainerFormat     string
	DiskFormat          string
	MinRAM              int64  // MB
	MinDisk             int64  // GB
	CreatedAt           string // "gt:2018-10-28T10:00:00Z"; gt, gte, lt, lte, eq, neq
	UpdatedAt           string
	Protected           *bool
	Registered          *bool
	WholeImage          *bool
	KeyID               string
	Support             map[string]string // by the name after `__support_`
	SortKey             string            // name, container_format, disk_format, status, id, created_at
	SortDirection       string            // asc, desc
}

func (f ImageFilter) query() url.Values {
	query := url.Values{}
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	set("__imagetype", f.ImageType)
	set("visibility", f.Visibility)
	set("member_status", f.MemberStatus)
	set("owner", f.Owner)
	set("id", f.ID)
	set("name", f.Name)
	set("status", f.Status)
	set("__platform", f.Platform)
	set("__os_type", f.OSType)
	set("__os_bit", f.OSBit)
	set("virtual_env_type", f.Environment)
	set("enterprise_project_id", f.EnterpriseProjectID)
	set("tag", f.Tag)
	set("container_format", f.ContainerFormat)
	set("disk_format", f.DiskFormat)
	set("created_at", f.CreatedAt)
	set("updated_at", f.UpdatedAt)
	set("__system__cmkid", f.KeyID)
	set("sort_key", f.SortKey)
	set("sort_dir", f.SortDirection)
	number := func(name string, value int64) {
		if value != 0 {
			query.Set(name, strconv.FormatInt(value, 10))
		}
	}
	number("min_ram", f.MinRAM)
	number("min_disk", f.MinDisk)
	boolean := func(name string, value *bool) {
		if value != nil {
			query.Set(name, strconv.FormatBool(*value))
		}
	}
	boolean("protected", f.Protected)
	boolean("__isregistered", f.Registered)
	boolean("__whole_image", f.WholeImage)
	for name, value := range f.Support {
		query.Set("__support_"+name, value)
	}
	return query
}
