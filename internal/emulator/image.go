package emulator

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Image is an image as the cloud knows it.
type Image struct {
	ID        string
	Name      string
	Status    string // queued, saving, active, killed
	Owner     string // project id
	Protected bool
	MinDisk   int // GB
	MinRAM    int // MB

	CreatedAt, UpdatedAt, ActiveAt time.Time // to the second

	Tags map[string]string
	// Labels are tags without a value, which only Glance can set.
	Labels []string
	// TagsFrom is when the tags appear.
	TagsFrom time.Time
	// Attributes are all others under their names on the wire, in the wire's types: mostly strings (API reference, Image
	// Attributes).
	Attributes map[string]any
	Members    []Member
	// JobID is the job that makes the image, while it does.
	JobID string
	// DeletedAt is when the image was deleted that is still listed.
	DeletedAt time.Time
}

// Member is one with whom an image is shared.
type Member struct {
	ProjectID string // or the id of a domain or an organization
	Type      string // project, domain or organization; "": project
	Status    string // pending, accepted, rejected
	VaultID   string

	CreatedAt, UpdatedAt time.Time
}

func (i *Image) clone() *Image {
	c := *i
	c.Tags, c.Attributes = maps.Clone(i.Tags), maps.Clone(i.Attributes)
	c.Labels, c.Members = slices.Clone(i.Labels), slices.Clone(i.Members)
	if c.Tags == nil {
		c.Tags = map[string]string{}
	}
	return &c
}

// withDefaults is the image with every empty field filled in.
func (i *Image) withDefaults(now time.Time) *Image {
	made := i.clone()
	if made.ID == "" {
		made.ID = newUUID()
	}
	if made.Name == "" {
		made.Name = "image-" + made.ID[:8]
	}
	if made.Status == "" {
		made.Status = statusActive
	}
	if made.Owner == "" {
		made.Owner = Owner.ProjectID
	}
	if made.MinDisk == 0 {
		made.MinDisk = 40
	}
	for _, at := range []*time.Time{&made.CreatedAt, &made.UpdatedAt} {
		if at.IsZero() {
			*at = now
		}
		*at = at.UTC().Truncate(time.Second)
	}
	if made.Status == statusActive && made.ActiveAt.IsZero() {
		made.ActiveAt = made.UpdatedAt
	}
	attributes := privateAttributes()
	maps.Copy(attributes, describeOS("Debian GNU/Linux 12.0.0 64bit").attributes())
	for name, value := range made.Attributes {
		if value == nil && name != "__data_origin" {
			delete(attributes, name)
			continue
		}
		attributes[name] = value
	}
	made.Attributes = attributes
	return made
}

const (
	statusQueued = "queued"
	statusSaving = "saving"
	statusActive = "active"
	statusKilled = "killed"
)

// privateAttributes are what every private image has.
func privateAttributes() map[string]any {
	return map[string]any{
		"__imagetype": "private", "visibility": "private", "virtual_env_type": "FusionCompute",
		"container_format": "bare", "disk_format": "zvhd2", "__image_source_type": "uds", "__isregistered": "true",
		"__lazyloading": "true", "__sequence_num": "0", "__image_size": "0", "__backup_id": "", "__productcode": "",
		"__account_code": "", "__data_origin": nil, "checksum": "d41d8cd98f00b204e9800998ecf8427e", "size": 0,
		"virtual_size": nil, "enterprise_project_id": "0", "__support_kvm": "true",
	}
}

func (i *Image) text(attribute string) string {
	s, _ := i.Attributes[attribute].(string)
	return s
}

func (i *Image) isPublic() bool { return i.text("__imagetype") == "gold" }
func (i *Image) isWhole() bool  { return i.text("__whole_image") == "true" }
func (i *Image) isArm() bool    { return i.text("__support_arm") == "true" }

func (i *Image) member(projectID string) *Member {
	for m := range i.Members {
		if i.Members[m].ProjectID == projectID {
			return &i.Members[m]
		}
	}
	return nil
}

// tagList is the tags as an image shows them: "key=value", in order.
func (i *Image) tagList() []string {
	list := slices.Clone(i.Labels)
	for key, value := range i.Tags {
		list = append(list, key+"="+value)
	}
	slices.Sort(list)
	if list == nil {
		list = []string{}
	}
	return list
}

// setTag sets one tag as Glance words it.
func (i *Image) setTag(tag string) {
	key, value, hasValue := strings.Cut(tag, "=")
	switch {
	case hasValue:
		i.Tags[key] = value
	case !slices.Contains(i.Labels, tag):
		i.Labels = append(i.Labels, tag)
	}
}

// dropTag takes one tag away as Glance words it, and tells whether it was there.
func (i *Image) dropTag(tag string) bool {
	key, value, hasValue := strings.Cut(tag, "=")
	if old, ok := i.Tags[key]; hasValue && ok && old == value {
		delete(i.Tags, key)
		return true
	}
	at := slices.Index(i.Labels, tag)
	if at < 0 {
		return false
	}
	i.Labels = slices.Delete(i.Labels, at, at+1)
	return true
}

const dateFormat = "2006-01-02T15:04:05Z"

// wire is the image as the project sees it.
func (e *Emulator) wire(i *Image, projectID string) map[string]any {
	w := maps.Clone(i.Attributes)
	w["id"], w["name"], w["status"], w["owner"] = i.ID, i.Name, i.Status, i.Owner
	w["protected"], w["min_disk"], w["min_ram"] = i.Protected, i.MinDisk, i.MinRAM
	w["self"], w["file"], w["schema"] = "/v2/images/"+i.ID, "/v2/images/"+i.ID+"/file", "/v2/schemas/image"
	w["created_at"], w["updated_at"] = i.CreatedAt.Format(dateFormat), i.UpdatedAt.Format(dateFormat)
	if !i.ActiveAt.IsZero() {
		w["active_at"] = i.ActiveAt.Format(dateFormat)
	}
	w["tags"] = []string{}
	if !e.clock.Now().Before(i.TagsFrom) {
		w["tags"] = i.tagList()
	}
	if e.options.Switches.OriginNull {
		if _, ok := w["__data_origin"]; ok {
			w["__data_origin"] = nil
		}
	}
	if len(i.Members) > 0 && (projectID != i.Owner || !e.options.Switches.OwnSharedStaysPrivate) {
		w["__imagetype"], w["visibility"] = "shared", "shared"
	}
	return w
}

// readable tells whether a project may read an image when it names it.
func (i *Image) readable(projectID string) bool {
	return i.isPublic() || i.Owner == projectID || i.member(projectID) != nil
}
