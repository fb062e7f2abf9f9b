package emulator

import (
	"maps"
	"slices"
)

// createBody is the body of every request that makes an image; which of its fields a request may use depends on the
// source.
type createBody struct {
	Name              string   `json:"name"`
	Description       string   `json:"description"`
	Tags              []string `json:"tags"`
	ImageTags         []tag    `json:"image_tags"`
	EnterpriseProject string   `json:"enterprise_project_id"`
	MinRAM            int      `json:"min_ram"`
	MaxRAM            int      `json:"max_ram"`

	InstanceID string `json:"instance_id"`
	VolumeID   string `json:"volume_id"`
	ImageURL   string `json:"image_url"`
	BackupID   string `json:"backup_id"`

	MinDisk      int        `json:"min_disk"`
	OSType       string     `json:"os_type"`
	OSVersion    string     `json:"os_version"`
	IsConfig     bool       `json:"is_config"`
	KeyID        string     `json:"cmk_id"`
	Type         string     `json:"type"`
	Quick        bool       `json:"is_quick_import"`
	Firmware     string     `json:"hw_firmware_type"`
	Architecture string     `json:"architecture"`
	DataImages   []dataDisk `json:"data_images"`

	VaultID        string `json:"vault_id"`
	WholeImageType string `json:"whole_image_type"`
}

// dataDisk is a data disk image made together with others: from a volume, or from a file.
type dataDisk struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	VolumeID    string   `json:"volume_id"`
	ImageURL    string   `json:"image_url"`
	MinDisk     int      `json:"min_disk"`
	Quick       bool     `json:"is_quick_import"`
	Tags        []string `json:"tags"`
	ImageTags   []tag    `json:"image_tags"`
}

// creation is a way of making an image. What differs between the ways is data here and the function that fills the
// image in.
type creation struct {
	job    string
	fields []string // that a request may have beyond the common ones
	fill   func(*Emulator, *createBody, *Image, *Job) error
}

var commonFields = []string{"name", "description", "tags", "image_tags", "enterprise_project_id"}

var (
	fromServer = creation{jobFromServer, []string{"min_ram", "max_ram", "instance_id"}, (*Emulator).fillFromServer}
	fromVolume = creation{
		jobFromVolume, []string{"min_ram", "max_ram", "volume_id", "os_version", "type"}, (*Emulator).fillFromVolume,
	}
	fromFile = creation{
		jobImport,
		[]string{
			"min_ram", "max_ram", "image_url", "min_disk", "os_type", "os_version", "is_config", "cmk_id", "type",
			"is_quick_import", "hw_firmware_type", "architecture", "data_images",
		},
		(*Emulator).fillFromFile,
	}
	fromVolumes = creation{jobFromVolumes, []string{"data_images"}, nil}
	quickSystem = creation{
		jobImport, []string{"image_url", "min_disk", "os_version", "type", "hw_firmware_type", "architecture"},
		(*Emulator).fillFromFile,
	}
	quickData = creation{
		jobImportData, []string{"image_url", "min_disk", "type", "os_type"}, (*Emulator).fillDataFromFile,
	}
	dataFromFile = creation{
		jobImportData, []string{"image_url", "min_disk", "os_type", "cmk_id"}, (*Emulator).fillDataFromFile,
	}
	wholeFromServer = creation{
		jobWholeFromServer, []string{"min_ram", "max_ram", "instance_id", "vault_id"}, (*Emulator).fillWhole,
	}
	wholeFromBackup = creation{
		jobWholeFromBackup, []string{"min_ram", "max_ram", "backup_id", "whole_image_type"}, (*Emulator).fillWhole,
	}
)

// createImage is POST /v2/cloudimages/action.
func (e *Emulator) createImage(c *call) (answer, error) {
	var body createBody
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if len(body.DataImages) > 0 && body.ImageURL == "" {
		return e.createFromVolumes(c, &body)
	}
	var ways []creation
	for _, source := range []struct {
		id  string
		way creation
	}{{body.InstanceID, fromServer}, {body.VolumeID, fromVolume}, {body.ImageURL, fromFile}} {
		if source.id != "" {
			ways = append(ways, source.way)
		}
	}
	if len(ways) != 1 {
		return answer{}, refuse("IMG.0021", "Exactly one of instance_id, volume_id and image_url is needed.")
	}
	return e.create(c, &body, ways[0])
}

// quickImport is POST /v2/cloudimages/quickimport/action.
func (e *Emulator) quickImport(c *call) (answer, error) {
	var body createBody
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if body.ImageURL == "" {
		return answer{}, refuse("IMG.0017")
	}
	body.Quick = true
	if body.Type == "DataImage" {
		return e.create(c, &body, quickData)
	}
	return e.create(c, &body, quickSystem)
}

// createDataImage is POST /v1/cloudimages/dataimages/action.
func (e *Emulator) createDataImage(c *call) (answer, error) {
	var body createBody
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if least, most := e.dataDiskRange(body.OSType); body.MinDisk < least || body.MinDisk > most {
		return answer{}, refuse("IMG.0055")
	}
	return e.create(c, &body, dataFromFile)
}

// createWholeImage is POST /v1/cloudimages/wholeimages/action.
func (e *Emulator) createWholeImage(c *call) (answer, error) {
	var body createBody
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	switch {
	case body.InstanceID != "" && body.BackupID != "":
		return answer{}, refuse("IMG.0021", "Only one of instance_id and backup_id is allowed.")
	case body.InstanceID != "":
		return e.create(c, &body, wholeFromServer)
	case body.BackupID != "":
		return e.create(c, &body, wholeFromBackup)
	default:
		return answer{}, refuse("IMG.0019")
	}
}

// create checks what is common to all ways of making an image, makes it, and starts the job that fills it.
func (e *Emulator) create(c *call, body *createBody, way creation) (answer, error) {
	for _, name := range c.sent() {
		if !slices.Contains(commonFields, name) && !slices.Contains(way.fields, name) {
			return answer{}, unknownField(name + " together with this source")
		}
	}
	image, err := e.newImage(c, body)
	if err != nil {
		return answer{}, err
	}
	job := &Job{Type: way.job, ImageName: image.Name, ImageID: image.ID, Final: map[string]any{}}
	if err := way.fill(e, body, image, job); err != nil {
		return answer{}, err
	}
	disks, err := e.dataDisks(c, body, job)
	if err != nil {
		return answer{}, err
	}
	return e.begin(c, job, append(disks, image))
}

// begin puts new images into the world and starts the job that makes them.
func (e *Emulator) begin(c *call, job *Job, images []*Image) (answer, error) {
	if err := e.checkQuota(c.session.ProjectID, len(images)); err != nil {
		return answer{}, err
	}
	for _, image := range images {
		e.world.Images[image.ID] = image
	}
	return e.start(c, job), nil
}

// newImage is the image that a creation's common fields describe.
func (e *Emulator) newImage(c *call, body *createBody) (*Image, error) {
	tags, err := e.readTags(body.Tags, body.ImageTags)
	if err := first(
		checkName(body.Name), checkDescription(body.Description), err, checkMemory(body.MinRAM, body.MaxRAM),
		e.checkEnterpriseProject(body.EnterpriseProject),
	); err != nil {
		return nil, err
	}
	image := &Image{
		ID: newUUID(), Name: body.Name, Status: statusQueued, Owner: c.session.ProjectID, MinRAM: body.MinRAM, MinDisk: 40,
		CreatedAt: e.second(), UpdatedAt: e.second(), Tags: tags, Attributes: privateAttributes(),
	}
	image.setUnlessEmpty("__description", body.Description)
	image.setUnlessEmpty("enterprise_project_id", body.EnterpriseProject)
	if body.MaxRAM > 0 {
		image.Attributes["max_ram"] = decimal(body.MaxRAM)
	}
	return image, nil
}

func (i *Image) setUnlessEmpty(attribute, value string) {
	if value != "" {
		i.Attributes[attribute] = value
	}
}

// createFromVolumes makes data disk images of volumes. What stands beside data_images is ignored.
func (e *Emulator) createFromVolumes(c *call, body *createBody) (answer, error) {
	for _, name := range c.sent() {
		if !slices.Contains(commonFields, name) && !slices.Contains(fromVolumes.fields, name) {
			return answer{}, unknownField(name + " together with data_images")
		}
	}
	job := &Job{Type: fromVolumes.job}
	var images []*Image
	for _, disk := range body.DataImages {
		if disk.ImageURL != "" || disk.MinDisk != 0 || disk.Quick {
			return answer{}, unknownField("image_url, min_disk and is_quick_import together with volume_id")
		}
		if disk.VolumeID == "" {
			return answer{}, refuse("IMG.0120")
		}
		image, err := e.newImage(c, &createBody{
			Name: disk.Name, Description: disk.Description, Tags: disk.Tags, ImageTags: disk.ImageTags,
		})
		if err != nil {
			return answer{}, err
		}
		if _, exists := e.world.Volumes[disk.VolumeID]; !exists {
			return answer{}, refuse("IMG.0120")
		}
		maps.Copy(image.Attributes, dataAttributes("Linux"))
		image.Attributes["__data_origin"] = "volume," + disk.VolumeID
		images = append(images, image)
		job.SubJobs = append(job.SubJobs, Job{
			Type: jobCopyVolume, ImageName: image.Name, ImageID: image.ID,
			Final: map[string]any{"__image_size": decimal(gigabyte)},
		})
	}
	return e.begin(c, job, images)
}

// dataAttributes are what makes an image a data disk image.
func dataAttributes(osType string) map[string]any {
	return map[string]any{"virtual_env_type": "DataImage", "__os_type": osType}
}
