package ims

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Image types as `__imagetype` says them (API reference, Querying Images).
const (
	ImageTypePublic  = "gold"
	ImageTypePrivate = "private"
	ImageTypeShared  = "shared"
)

// Image statuses.
const (
	StatusQueued  = "queued"
	StatusSaving  = "saving"
	StatusActive  = "active"
	StatusKilled  = "killed"
	StatusDeleted = "deleted"
	// StatusPendingDelete is Glance's for a deleted image whose data is still to be removed.
	StatusPendingDelete = "pending_delete"
)

// Environments an image is for, as `virtual_env_type` says them.
const (
	EnvironmentECS  = "FusionCompute"
	EnvironmentBMS  = "Ironic"
	EnvironmentData = "DataImage"
	EnvironmentISO  = "IsoImage"
)

// DefaultEnterpriseProject is the id of the enterprise project that an image without one belongs to.
const DefaultEnterpriseProject = "0"

// Image is the image object (API reference, Querying Images). Numbers and booleans that the service writes as strings
// are numbers and booleans here. Absent, null and empty are all the zero value; [Image.Has] tells what was there.
type Image struct {
	ID                  string    `json:"id"`
	Name                string    `json:"name"`
	Description         string    `json:"__description"`
	Status              string    `json:"status"`
	Owner               string    `json:"owner"` // project id
	Visibility          string    `json:"visibility"`
	Protected           Bool      `json:"protected"`
	Tags                []string  `json:"tags"` // "key=value", or "key" when set through Glance
	EnterpriseProjectID string    `json:"enterprise_project_id"`
	ContainerFormat     string    `json:"container_format"`
	DiskFormat          string    `json:"disk_format"`
	MinDisk             Int       `json:"min_disk"` // GB
	MinRAM              Int       `json:"min_ram"`  // MB
	MaxRAM              Int       `json:"max_ram"`  // MB; 0: no limit
	CreatedAt           Timestamp `json:"created_at"`
	UpdatedAt           Timestamp `json:"updated_at"`
	ActiveAt            Timestamp `json:"active_at"`
	Environment         string    `json:"virtual_env_type"`
	Firmware            string    `json:"hw_firmware_type"` // "" is bios
	MultiQueue          Bool      `json:"hw_vif_multiqueue_enabled"`
	ConfigInit          Bool      `json:"__is_config_init"`
	ImageType           string    `json:"__imagetype"`
	Platform            string    `json:"__platform"`
	OSType              string    `json:"__os_type"`
	OSBit               Int       `json:"__os_bit"`
	OSVersion           string    `json:"__os_version"`
	Size                Int       `json:"__image_size"` // bytes
	DataOrigin          string    `json:"__data_origin"`
	BackupID            string    `json:"__backup_id"`
	WholeImage          Bool      `json:"__whole_image"`
	KeyID               string    `json:"__system__cmkid"`
	Registered          Bool      `json:"__isregistered"`
	SourceType          string    `json:"__image_source_type"`

	// Support holds the `__support_*` attributes by the rest of their name; most values are "true" or "false".
	Support map[string]string `json:"-"`

	// Attributes holds all that is not null, by its name on the wire: texts, numbers and booleans as text, the rest as JSON.
	Attributes map[string]string `json:"-"`
}

// UnmarshalJSON also keeps which attributes the object had and the open family of `__support_*`.
func (i *Image) UnmarshalJSON(data []byte) error {
	type plain Image
	if err := json.Unmarshal(data, (*plain)(i)); err != nil {
		return err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	i.Attributes = make(map[string]string, len(all))
	i.Support = map[string]string{}
	for name, value := range all {
		if string(value) == "null" {
			continue
		}
		i.Attributes[name] = text(value)
		if flag, ok := strings.CutPrefix(name, "__support_"); ok {
			i.Support[flag] = text(value)
		}
	}
	return nil
}

// IsDeleted tells whether the image is one that the service lists although it has deleted it.
func (i *Image) IsDeleted() bool {
	return i.Status == StatusDeleted || i.Status == StatusPendingDelete
}

// IsPublic tells whether the image is one that the cloud offers to everyone.
func (i *Image) IsPublic() bool {
	return i.ImageType == ImageTypePublic || i.Visibility == "public"
}

// Has tells whether the image has the attribute, by its name on the wire, with a value that is not null.
func (i *Image) Has(attribute string) bool {
	_, has := i.Attributes[attribute]
	return has
}

// ownAttributes are the attributes that have a field of their own, and others that the service alone sets.
var ownAttributes = sync.OnceValue(func() map[string]bool {
	own := map[string]bool{"file": true, "self": true, "schema": true, "size": true, "virtual_size": true, "checksum": true}
	fields := reflect.TypeFor[Image]()
	for i := range fields.NumField() {
		own[fields.Field(i).Tag.Get("json")] = true
	}
	return own
})

// IsExtended tells whether an attribute is one that the service keeps for its users: none of its own. PATCH adds, replaces and
// removes such attributes (API reference, Updating an Image). Their names have no capitals.
func IsExtended(attribute string) bool { return !ownAttributes()[attribute] }

// Architecture is `arm` or `x86`; the service marks only the former.
func (i *Image) Architecture() string {
	if strings.EqualFold(i.Support["arm"], "true") {
		return ArchitectureARM
	}
	return ArchitectureX86
}

// FirmwareType is `bios` or `uefi`; an image without the attribute boots from bios.
func (i *Image) FirmwareType() string {
	if i.Firmware == "" {
		return FirmwareBIOS
	}
	return i.Firmware
}

// TagMap is the image's tags by key. A tag without "=" has an empty value.
func (i *Image) TagMap() map[string]string {
	tags := make(map[string]string, len(i.Tags))
	for _, tag := range i.Tags {
		key, value, _ := strings.Cut(tag, "=")
		tags[key] = value
	}
	return tags
}

// Origin is where an image's data came from, as `__data_origin` tells.
type Origin struct {
	Kind   string // OriginInstance, …; "" when the service does not tell
	ID     string // of the server, volume, backup or image
	File   string // "bucket:object", for OriginFile
	Region string // for OriginImage
}

// Kinds of [Origin].
const (
	OriginInstance = "instance"
	OriginVolume   = "volume"
	OriginFile     = "file"
	OriginBackup   = "server_backup"
	OriginImage    = "image"
)

// Origin reads `__data_origin`. What is in none of the documented forms is no origin.
func (i *Image) Origin() Origin {
	// An object's name may hold commas: only the first one divides.
	kind, rest, found := strings.Cut(i.DataOrigin, ",")
	if !found || rest == "" {
		return Origin{}
	}
	switch kind {
	case OriginInstance, OriginVolume, OriginBackup:
		return Origin{Kind: kind, ID: rest}
	case OriginFile:
		return Origin{Kind: kind, File: rest}
	case OriginImage:
		if region, id, found := strings.Cut(rest, ","); found {
			return Origin{Kind: kind, Region: region, ID: id}
		}
	}
	return Origin{}
}

// CompareAge orders images from old to new, and images of one second by id, so that "the latest" is always the same
// one.
func CompareAge(a, b Image) int {
	if order := a.CreatedAt.Compare(b.CreatedAt.Time); order != 0 {
		return order
	}
	return strings.Compare(a.ID, b.ID)
}

// Int is a number that the service writes as a number, a string, an empty string or null.
type Int int64

// UnmarshalJSON accepts all of those forms.
func (n *Int) UnmarshalJSON(data []byte) error {
	value := strings.TrimSpace(text(data))
	if value == "" {
		*n = 0
		return nil
	}
	// "40.0" is a whole number, too.
	whole, fraction, _ := strings.Cut(value, ".")
	number, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(fraction, "0") != "" {
		return fmt.Errorf("%q is not a whole number", value)
	}
	*n = Int(number)
	return nil
}

// Bool is a truth value that the service writes as a boolean, "true", "True", an empty string or null.
type Bool bool

// UnmarshalJSON accepts all of those forms; anything else is false.
func (b *Bool) UnmarshalJSON(data []byte) error {
	*b = Bool(strings.EqualFold(text(data), "true"))
	return nil
}

// Timestamp is a moment; the zero value is one that the service did not give, or gave in a form that nobody knows. A time
// is never worth an answer: one that cannot be read ends no wait.
type Timestamp struct{ time.Time }

// timestampForms are the forms that the API references show. The last is that of a job in Swiss OTC's.
var timestampForms = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "02-Jan-2006 15:04:05.000",
}

// colonFraction is a fraction of a second behind a colon, which Go's layouts do not know.
var colonFraction = regexp.MustCompile(`(:\d\d:\d\d):(\d{3})$`)

// UnmarshalJSON accepts the known forms, with UTC where there is no zone; anything else is the zero value.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	t.Time = time.Time{}
	value := colonFraction.ReplaceAllString(strings.TrimSpace(text(data)), "$1.$2")
	for _, form := range timestampForms {
		if moment, err := time.Parse(form, value); err == nil {
			t.Time = moment.UTC()
			break
		}
	}
	return nil
}

// String is RFC 3339 in UTC, or empty.
func (t Timestamp) String() string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
