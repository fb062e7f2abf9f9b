package emulator

import (
	_ "embed"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// glancePage is how many images Glance lists when the client does not say.
const glancePage = 25

// diskFormats are those of the files that an image can be registered for.
var diskFormats = []string{"zvhd2", "zvhd", "vhd", "raw", "qcow2", "iso"}

func noImage(id string) *refusal {
	return glance(http.StatusNotFound, "No image found with ID "+id)
}

// showVersions is GET / and GET /v2.
func (e *Emulator) showVersions(c *call) (answer, error) {
	return answer{status: http.StatusMultipleChoices, body: map[string]any{"versions": []any{map[string]any{
		"id": "v2.0", "status": "SUPPORTED", "links": []any{map[string]any{"rel": "self", "href": c.url() + "/v2/"}},
	}}}}, nil
}

// schemasJSON holds Glance's schemas, data of the IMS API reference of Open Telekom Cloud (Apache-2.0).
//
//go:embed schemas.json
var schemasJSON []byte

// showSchema is GET /v2/schemas/{image,images,member,members}.
func (e *Emulator) showSchema(c *call) (answer, error) {
	schemas := map[string]json.RawMessage{}
	if err := json.Unmarshal(schemasJSON, &schemas); err != nil {
		return answer{}, err
	}
	schema, exists := schemas[c.vars["schema"]]
	if !exists {
		return answer{}, noSuchAPI()
	}
	return ok(schema), nil
}

// glanceList is GET /v2/images.
func (e *Emulator) glanceList(c *call) (answer, error) {
	query := maps.Clone(c.query)
	hidden := strings.EqualFold(query.Get("os_hidden"), "true")
	query.Del("os_hidden")
	wanted, err := readListing(query, glancePage, glanceLongestPage)
	if err != nil {
		return answer{}, err
	}
	if hidden { // IMS hides no image, but the openstack command looks for some
		wanted.limit = 0
	}
	page, err := e.list(c.session.ProjectID, wanted)
	if err != nil {
		return answer{}, err
	}
	link := func(marker string) string {
		query := url.Values{}
		maps.Copy(query, c.query)
		query.Del("marker")
		if marker != "" {
			query.Set("marker", marker)
		}
		return strings.TrimSuffix("/v2/images?"+query.Encode(), "?")
	}
	body := map[string]any{"images": page, "schema": "/v2/schemas/images", "first": link("")}
	if len(page) > 0 && len(page) == wanted.limit { // Glance does not look whether more follow
		last, _ := page[len(page)-1]["id"].(string)
		body["next"] = link(last)
	}
	return ok(body), nil
}

// visible is the image that a Glance operation names.
func (e *Emulator) visible(c *call) (*Image, error) {
	image := e.existing(c.vars["id"])
	if image == nil || !image.readable(c.session.ProjectID) {
		return nil, noImage(c.vars["id"])
	}
	return image, nil
}

// changeable is visible, for an image of the asking project.
func (e *Emulator) changeable(c *call) (*Image, error) {
	image, err := e.visible(c)
	if err == nil && image.Owner != c.session.ProjectID {
		return nil, glance(http.StatusForbidden, "You are not permitted to modify image "+c.vars["id"]+".")
	}
	return image, err
}

// glanceShow is GET /v2/images/{id}.
func (e *Emulator) glanceShow(c *call) (answer, error) {
	image, err := e.visible(c)
	if err != nil {
		return answer{}, err
	}
	return ok(e.wire(image, c.session.ProjectID)), nil
}

// glanceBody is the metadata of an image to come. Other properties are taken as they are, if they are text.
type glanceBody struct {
	ID              string   `json:"id"`
	Name            string   `json:"name"`
	OSVersion       string   `json:"__os_version"`
	ContainerFormat string   `json:"container_format"`
	DiskFormat      string   `json:"disk_format"`
	MinDisk         int      `json:"min_disk"`
	MinRAM          int      `json:"min_ram"`
	Visibility      string   `json:"visibility"`
	Protected       bool     `json:"protected"`
	Tags            []string `json:"tags"`
}

// glanceCreate is POST /v2/images: the metadata; the file comes later.
func (e *Emulator) glanceCreate(c *call) (answer, error) {
	var body glanceBody
	var all map[string]any
	if len(c.body) == 0 || json.Unmarshal(c.body, &body) != nil || json.Unmarshal(c.body, &all) != nil {
		return answer{}, glance(http.StatusBadRequest, "JSON body malformed or of the wrong types")
	}
	image, err := e.newImage(c, &createBody{Name: body.Name, MinRAM: body.MinRAM})
	if err != nil {
		return answer{}, err
	}
	if body.MinDisk != 0 {
		image.MinDisk = body.MinDisk
	}
	image.Protected = body.Protected
	for name, value := range all {
		if err := image.setProperty(name, value); err != nil {
			return answer{}, err
		}
	}
	if err := first(e.checkGlance(&body), checkDisk(image.MinDisk, 1, largestSystemDisk)); err != nil {
		return answer{}, err
	}
	for _, text := range body.Tags {
		image.setTag(text)
	}
	version := body.OSVersion
	if version == "" {
		version = "Other Linux(64 bit)"
	}
	maps.Copy(image.Attributes, describeOS(version).attributes())
	delete(image.Attributes, "checksum")
	if err := e.checkQuota(c.session.ProjectID, 1); err != nil {
		return answer{}, err
	}
	e.world.Images[image.ID] = image
	return answer{
		status: http.StatusCreated, body: e.wire(image, c.session.ProjectID),
		header: http.Header{"Location": {c.url() + "/v2/images/" + image.ID}},
	}, nil
}

func (e *Emulator) checkGlance(body *glanceBody) error {
	switch {
	case body.ID != "":
		return unknownField("id")
	case body.Visibility != "" && body.Visibility != "private":
		return glance(http.StatusForbidden, "You are not authorized to complete publicize_image action.")
	case body.ContainerFormat != "" && body.ContainerFormat != "bare":
		return refuse("IMG.0001", "container_format is not bare.")
	case body.DiskFormat != "" && !slices.Contains(diskFormats, body.DiskFormat):
		return refuse("IMG.0072")
	case body.OSVersion != "" && !knownOS(body.OSVersion):
		return refuse("IMG.0056")
	case len(body.Tags) > e.tagRules().most:
		return refuse("IMG.0116")
	}
	return nil
}

// readOnly are attributes that only the service sets.
var readOnly = []string{
	"id", "status", "owner", "created_at", "updated_at", "active_at", "size", "checksum", "virtual_size", "self", "file",
	"schema", "__imagetype", "__image_size", "__data_origin", "__isregistered", "__image_source_type", "__backup_id",
	"__originalimagename", "__system__cmkid", "__whole_image", "__platform", "__os_type", "__os_bit", "__account_code",
}

// setProperty sets an attribute as Glance does, which takes any name it does not know for a property of the user's.
func (i *Image) setProperty(name string, value any) error {
	switch {
	case slices.Contains(readOnly, name):
		return glance(http.StatusForbidden, "Attribute '"+name+"' is read-only.")
	case slices.Contains([]string{"name", "min_disk", "min_ram", "protected", "tags"}, name):
		return nil
	}
	text, isText := value.(string)
	if !isText {
		return glance(http.StatusBadRequest, "Property '"+name+"' is no text.")
	}
	i.Attributes[name] = text
	return nil
}

// glanceDownload is GET /v2/images/{id}/file. The emulator keeps no files.
func (e *Emulator) glanceDownload(c *call) (answer, error) {
	if _, err := e.visible(c); err != nil {
		return answer{}, err
	}
	return noContent(), nil
}

// glancePutTag is PUT /v2/images/{id}/tags/{tag}.
func (e *Emulator) glancePutTag(c *call) (answer, error) {
	image, err := e.changeable(c)
	if err != nil {
		return answer{}, err
	}
	changed := image.clone()
	changed.setTag(c.vars["tag"])
	if len(changed.tagList()) > e.tagRules().most {
		return answer{}, glance(http.StatusRequestEntityTooLarge, "The limit on the number of image tags has been exceeded.")
	}
	changed.UpdatedAt = e.second()
	e.world.Images[image.ID] = changed
	return noContent(), nil
}

// glanceDeleteTag is DELETE /v2/images/{id}/tags/{tag}.
func (e *Emulator) glanceDeleteTag(c *call) (answer, error) {
	image, err := e.changeable(c)
	if err != nil {
		return answer{}, err
	}
	if !image.dropTag(c.vars["tag"]) {
		return answer{}, glance(http.StatusNotFound, "The image has no such tag.")
	}
	image.UpdatedAt = e.second()
	return noContent(), nil
}
