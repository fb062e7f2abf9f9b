package emulator

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

var patchTypes = []string{
	"application/json", "application/openstack-images-v2.1-json-patch", "application/openstack-images-v2.0-json-patch",
}

// glancePatch is PATCH /v2/images/{id}: all of its operations or none.
func (e *Emulator) glancePatch(c *call) (answer, error) {
	contentType, _, _ := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if !slices.Contains(patchTypes, contentType) {
		return answer{}, glance(
			http.StatusUnsupportedMediaType, "The content type is none of "+strings.Join(patchTypes, ", ")+".",
		)
	}
	var operations []operation
	if err := c.decode(&operations); err != nil {
		return answer{}, err
	}
	image, err := e.changeable(c)
	if err != nil {
		return answer{}, err
	}
	changed := image.clone()
	for _, o := range operations {
		if err := e.applyGlance(changed, o); err != nil {
			return answer{}, err
		}
	}
	if len(operations) > 0 {
		changed.UpdatedAt = e.second()
	}
	e.world.Images[image.ID] = changed
	return ok(e.wire(changed, c.session.ProjectID)), nil
}

func (e *Emulator) applyGlance(image *Image, o operation) error {
	name, found := strings.CutPrefix(o.Path, "/")
	name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
	if !found || name == "" || !slices.Contains([]string{"add", "replace", "remove"}, o.Op) {
		return glance(http.StatusBadRequest, "The operation is no add, replace or remove of an attribute.")
	}
	if name == "protected" && e.options.Switches.ProtectRefused {
		return glance(http.StatusForbidden, "Attribute 'protected' is read-only.")
	}
	if set, known := glanceCore[name]; known {
		if o.Op == "remove" {
			return glance(http.StatusForbidden, "Property "+name+" is reserved.")
		}
		if !set(image, o.Value) {
			return glance(http.StatusBadRequest, "The value of "+name+" is invalid.")
		}
		return nil
	}
	if o.Op != "remove" && patchable[name] != nil {
		// What both PATCHes can change, both check.
		if _, err := patchable[name](e, image, o.Value); err != nil {
			return err
		}
	}
	if slices.Contains(readOnly, name) {
		return glance(http.StatusForbidden, "Attribute '"+name+"' is read-only.")
	}
	if _, present := image.Attributes[name]; !present && o.Op != "add" {
		return glance(http.StatusConflict, "Property "+name+" does not exist.")
	}
	if o.Op == "remove" {
		delete(image.Attributes, name)
		return nil
	}
	return image.setProperty(name, o.Value)
}

// glanceCore are the attributes that every image has; each sets its value and tells whether it is one.
var glanceCore = map[string]func(*Image, any) bool{
	"name": func(i *Image, value any) bool {
		name, isText := value.(string)
		i.Name = name
		return isText && checkName(name) == nil
	},
	"protected": func(i *Image, value any) bool {
		protected, isBool := value.(bool)
		i.Protected = protected
		return isBool
	},
	"visibility": func(_ *Image, value any) bool { return value == "private" },
	"min_ram":    func(i *Image, value any) bool { return setNumber(&i.MinRAM, value, 0, 1<<30) },
	"min_disk":   func(i *Image, value any) bool { return setNumber(&i.MinDisk, value, 1, largestDataDisk) },
	"tags": func(i *Image, value any) bool {
		texts, isList := value.([]any)
		i.Tags, i.Labels = map[string]string{}, nil
		for _, text := range texts {
			tagText, isText := text.(string)
			isList = isList && isText
			i.setTag(tagText)
		}
		return isList && len(i.tagList()) <= mostTags
	},
}

func setNumber(into *int, value any, least, most int) bool {
	number, isNumber := value.(float64)
	*into = int(number)
	return isNumber && number == float64(*into) && *into >= least && *into <= most
}
