package emulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// copyImage is POST /v1/cloudimages/{image_id}/copy: a replica in the region.
func (e *Emulator) copyImage(c *call) (answer, error) {
	var body struct {
		Name              string `json:"name"`
		Description       string `json:"description"`
		KeyID             string `json:"cmk_id"`
		EnterpriseProject string `json:"enterprise_project_id"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	source, err := e.replicable(c)
	if err != nil {
		return answer{}, err
	}
	if source.isWhole() {
		return answer{}, refuse("IMG.0130")
	}
	if err := e.checkKey(body.KeyID); err != nil {
		return answer{}, err
	}
	replica, err := e.newReplica(c, source, &createBody{
		Name: body.Name, Description: body.Description, EnterpriseProject: body.EnterpriseProject, KeyID: body.KeyID,
	})
	if err != nil {
		return answer{}, err
	}
	job := &Job{
		Type: jobCopy, ImageName: replica.Name, ImageID: replica.ID,
		Final: map[string]any{"__image_size": source.Attributes["__image_size"]},
	}
	return e.begin(c, job, []*Image{replica})
}

// replicable is the image that a request asks a replica of.
func (e *Emulator) replicable(c *call) (*Image, error) {
	source := e.existing(c.vars["id"])
	switch {
	case source == nil || !source.readable(c.session.ProjectID):
		return nil, refuse("IMG.0027")
	case source.isPublic():
		return nil, refuse("IMG.0083")
	case source.Status != statusActive:
		return nil, refuse("IMG.0046")
	case source.text("virtual_env_type") == "IsoImage":
		return nil, refuse("IMG.0167")
	case source.Owner != c.session.ProjectID && source.member(c.session.ProjectID).Status != "accepted":
		return nil, refuse("IMG.0196")
	case source.Owner != c.session.ProjectID && source.text("__system__cmkid") != "":
		return nil, refuse("IMG.0197")
	}
	return source, nil
}

// newReplica is an image like its source.
func (e *Emulator) newReplica(c *call, source *Image, body *createBody) (*Image, error) {
	if body.KeyID != "" && body.KeyID == source.text("__system__cmkid") {
		return nil, refuse("IMG.0096")
	}
	body.MinRAM = source.MinRAM
	replica, err := e.newImage(c, body)
	if err != nil {
		return nil, err
	}
	replica.MinDisk = source.MinDisk
	for _, name := range []string{
		"__os_version", "__os_type", "__os_bit", "__platform", "virtual_env_type", "disk_format", "hw_firmware_type",
		"__support_arm",
		"hw_vif_multiqueue_enabled", "max_ram",
	} {
		if value, has := source.Attributes[name]; has {
			replica.Attributes[name] = value
		}
	}
	replica.setUnlessEmpty("__system__cmkid", body.KeyID)
	replica.Attributes["__data_origin"] = "image," + regionOf(c.session.ProjectID) + "," + source.ID
	return replica, nil
}

// exportImage is POST /v1/cloudimages/{image_id}/file: into an OBS bucket.
func (e *Emulator) exportImage(c *call) (answer, error) {
	var body struct {
		BucketURL  string `json:"bucket_url"`
		FileFormat string `json:"file_format"`
		Quick      bool   `json:"is_quick_export"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	image := e.existing(c.vars["id"])
	if image != nil && image.isPublic() {
		return answer{}, refuse("IMG.0077")
	}
	image, err := e.ownImage(c, c.vars["id"])
	if err == nil {
		err = checkImageURL(body.BucketURL)
	}
	if err != nil {
		return answer{}, err
	}
	size, _ := strconv.ParseInt(image.text("__image_size"), 10, 64)
	_, taken := e.world.Objects[body.BucketURL]
	switch {
	case image.Status != statusActive:
		return answer{}, refuse("IMG.0046")
	case image.isWhole():
		return answer{}, refuse("IMG.0128")
	case image.text("virtual_env_type") == "IsoImage":
		return answer{}, refuse("IMG.0167")
	case body.Quick == (body.FileFormat != ""),
		!body.Quick && !slices.Contains([]string{"qcow2", "vhd", "zvhd", "vmdk"}, body.FileFormat):
		return answer{}, refuse("IMG.0072")
	case taken:
		return answer{}, refuse("IMG.0070")
	case body.Quick && image.text("__system__cmkid") != "":
		return answer{}, refuse("IMG.0072", "An encrypted image cannot be exported quickly.")
	case size > largestFile && !body.Quick:
		return answer{}, refuse("IMG.0160")
	}
	return e.start(c, &Job{Type: jobExport, ImageID: image.ID, Object: body.BucketURL, ObjectSize: size}), nil
}

// registerImage is PUT /v1/cloudimages/{image_id}/upload: a file in OBS under metadata that Glance took.
func (e *Emulator) registerImage(c *call) (answer, error) {
	var body struct {
		ImageURL string `json:"image_url"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	image, err := e.ownImage(c, c.vars["id"])
	if err == nil {
		err = checkImageURL(body.ImageURL)
	}
	if err != nil {
		return answer{}, err
	}
	if image.Status != statusQueued || image.JobID != "" {
		return answer{}, refuse("IMG.0046")
	}
	job := &Job{Type: jobRegister, ImageID: image.ID, ImageName: image.Name, Final: map[string]any{}}
	maps.Copy(image.Attributes, map[string]any{"size": 0})
	e.fillFile(&createBody{ImageURL: strings.TrimSpace(body.ImageURL)}, image, job)
	return e.start(c, job), nil
}
