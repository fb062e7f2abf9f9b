package emulator

import (
	"slices"
	"strconv"
	"strings"
)

// operation is one step of a PATCH (RFC 6902).
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// patchable are the attributes that PATCH /v2/cloudimages/{id} may change, besides
// __support_* and extended attributes, each with the check of its
// value. The check returns the value as the image keeps it.
var patchable = map[string]func(*Emulator, *Image, any) (any, error){
	"name":                      patchName,
	"__description":             patchDescription,
	"enterprise_project_id":     patchEnterpriseProject,
	"min_ram":                   patchMemory,
	"max_ram":                   patchMemory,
	"hw_firmware_type":          patchFirmware,
	"hw_vif_multiqueue_enabled": patchBoolean,
	"__is_config_init":          patchBoolean,
}

// fixed are the attributes that only the service sets. Every other one without capitals in its name can be added and
// removed.
var fixed = []string{
	"id", "status", "owner", "visibility", "protected", "tags", "created_at", "updated_at", "active_at", "deleted_at",
	"deleted", "self", "file", "schema", "size", "virtual_size", "checksum", "min_disk", "container_format", "disk_format",
	"virtual_env_type", "__imagetype", "__platform", "__os_type", "__os_bit", "__os_version", "__image_size",
	"__data_origin", "__root_origin", "__backup_id", "__whole_image", "__system__cmkid", "__isregistered",
	"__image_source_type", "__originalimagename", "__productcode", "__lazyloading", "__sequence_num",
}

// extended tells whether an attribute is one that users may add, or one of __support_*.
func extended(name string) bool {
	return name != "" && name == strings.ToLower(name) && !slices.Contains(fixed, name) && patchable[name] == nil
}

// updateImage is PATCH /v2/cloudimages/{id}: all of its operations or none.
func (e *Emulator) updateImage(c *call) (answer, error) {
	var operations []operation
	if err := c.decode(&operations); err != nil {
		return answer{}, err
	}
	if len(operations) == 0 {
		return answer{}, refuse("IMG.0007")
	}
	image, err := e.ownImage(c, c.vars["id"])
	if err != nil {
		return answer{}, err
	}
	if image.Status != statusActive {
		return answer{}, refuse("IMG.0046")
	}
	changed := image.clone()
	for _, o := range operations {
		if err := e.apply(changed, o); err != nil {
			return answer{}, err
		}
	}
	maxRAM, _ := strconv.Atoi(changed.text("max_ram"))
	if err := checkMemory(changed.MinRAM, maxRAM); err != nil {
		return answer{}, err
	}
	changed.UpdatedAt = e.second()
	e.world.Images[changed.ID] = changed
	return ok(e.wire(changed, c.session.ProjectID)), nil
}

// ownImage is an image that the asking project may change.
func (e *Emulator) ownImage(c *call, id string) (*Image, error) {
	image := e.existing(id)
	switch {
	case image == nil || !image.readable(c.session.ProjectID):
		return nil, refuse("IMG.0027")
	case image.Owner != c.session.ProjectID:
		return nil, refuse("IMG.0047")
	}
	return image, nil
}

// apply does one operation of a PATCH.
func (e *Emulator) apply(image *Image, o operation) error {
	name, found := strings.CutPrefix(o.Path, "/")
	check := patchable[name]
	if check == nil && extended(name) {
		check = patchText
	}
	if !found || check == nil {
		return refuse("IMG.0105", "The attribute "+o.Path+" cannot be changed.")
	}
	if err := e.checkPresence(image, o.Op, name); err != nil {
		return err
	}
	if o.Op == "remove" {
		delete(image.Attributes, name)
		return nil
	}
	value, err := check(e, image, o.Value)
	if err != nil {
		return err
	}
	switch name {
	case "name":
		image.Name, _ = value.(string)
	case "min_ram":
		image.MinRAM, _ = value.(int)
	case "max_ram":
		n, _ := value.(int)
		image.Attributes[name] = decimal(n)
	default:
		image.Attributes[name] = value
	}
	return nil
}

// checkPresence tells whether an operation fits the attribute's being there or not.
func (e *Emulator) checkPresence(image *Image, op, name string) error {
	core := name == "name" || name == "min_ram"
	_, present := image.Attributes[name]
	present = present || core
	switch op {
	case "add":
		if present && e.options.Switches.PatchAddRefused {
			return refuse("IMG.0035")
		}
	case "replace":
		if !present && !e.options.Switches.PatchReplaceCreates {
			return refuse("IMG.0035")
		}
	case "remove":
		if core {
			return refuse("IMG.0105")
		}
		if !present {
			return refuse("IMG.0035")
		}
	default:
		return refuse("IMG.0001", "op is none of add, replace, remove.")
	}
	return nil
}

func patchName(_ *Emulator, _ *Image, value any) (any, error) {
	name, isText := value.(string)
	if !isText {
		return nil, refuse("IMG.0001")
	}
	return name, checkName(name)
}

func patchDescription(_ *Emulator, _ *Image, value any) (any, error) {
	description, isText := value.(string)
	if !isText {
		return nil, refuse("IMG.0001")
	}
	return description, checkDescription(description)
}

func patchEnterpriseProject(e *Emulator, _ *Image, value any) (any, error) {
	id, isText := value.(string)
	if !isText {
		return nil, refuse("IMG.0001")
	}
	return id, e.checkEnterpriseProject(id)
}

// patchMemory takes a number also as a string, which is what the reference shows.
func patchMemory(_ *Emulator, _ *Image, value any) (any, error) {
	text, isText := value.(string)
	if number, isNumber := value.(float64); isNumber {
		text, isText = strconv.FormatFloat(number, 'f', -1, 64), true
	}
	n, err := strconv.Atoi(text)
	if !isText || err != nil || n < 0 {
		return nil, refuse("IMG.0055")
	}
	return n, nil
}

func patchFirmware(_ *Emulator, image *Image, value any) (any, error) {
	firmware, isText := value.(string)
	if !isText || firmware == "" {
		return nil, refuse("IMG.0141")
	}
	return firmware, checkFirmware(firmware, image.isArm())
}

func patchBoolean(_ *Emulator, _ *Image, value any) (any, error) {
	text, isText := value.(string)
	if !isText || !slices.Contains([]string{"true", "false"}, text) {
		return nil, refuse("IMG.0001", `The value is neither "true" nor "false".`)
	}
	return text, nil
}

func patchText(_ *Emulator, _ *Image, value any) (any, error) {
	text, isText := value.(string)
	if !isText {
		return nil, refuse("IMG.0001")
	}
	return text, nil
}

// deleteBody is the body that DELETE /v2/images/{id} may have.
type deleteBody struct {
	DeleteBackup bool `json:"delete_backup"`
}

// deleteImage is DELETE /v2/images/{id}.
func (e *Emulator) deleteImage(c *call) (answer, error) {
	var body deleteBody
	if len(c.body) > 0 {
		if err := c.decode(&body); err != nil {
			return answer{}, err
		}
	}
	image := e.existing(c.vars["id"])
	switch {
	case image == nil || !image.readable(c.session.ProjectID):
		return answer{}, noImage(c.vars["id"])
	case image.isPublic():
		return answer{}, refuse("IMG.0094")
	case image.Owner != c.session.ProjectID:
		return answer{}, refuse("IMG.0092")
	case image.Protected:
		return answer{}, refuse("IMG.0028")
	case image.JobID != "":
		return answer{}, refuse("IMG.0090")
	}
	if body.DeleteBackup {
		delete(e.world.Backups, image.text("__backup_id"))
	}
	e.remove(image)
	return noContent(), nil
}
