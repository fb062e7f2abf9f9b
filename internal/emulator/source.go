package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

func decimal(n int) string { return strconv.Itoa(n) }

// fillFromServer makes a system disk image of a server.
func (e *Emulator) fillFromServer(body *createBody, image *Image, job *Job) error {
	os, exists := e.world.Instances[body.InstanceID]
	if !exists {
		return refuse("IMG.0005")
	}
	maps.Copy(image.Attributes, describeOS(os).attributes())
	image.Attributes["__data_origin"] = "instance," + body.InstanceID
	job.Final["__image_size"] = decimal(2 * gigabyte)
	return nil
}

// fillFromVolume makes a system disk image of a volume. The OS found on it comes before the one asked for.
func (e *Emulator) fillFromVolume(body *createBody, image *Image, job *Job) error {
	found, exists := e.world.Volumes[body.VolumeID]
	switch {
	case !exists:
		return refuse("IMG.0120")
	case !knownOS(body.OSVersion):
		return refuse("IMG.0056")
	case !slices.Contains([]string{"", "ECS", "FusionCompute", "BMS", "Ironic"}, body.Type):
		return refuse("IMG.0024")
	}
	image.setType(body.Type)
	maps.Copy(image.Attributes, describeOS(body.OSVersion).attributes())
	if found != "" {
		maps.Copy(job.Final, describeOS(found).attributes())
	}
	image.Attributes["__data_origin"] = "volume," + body.VolumeID
	job.Final["__image_size"] = decimal(2 * gigabyte)
	return nil
}

func (i *Image) setType(kind string) {
	switch kind {
	case "BMS", "Ironic":
		i.Attributes["virtual_env_type"] = "Ironic"
	case "IsoImage":
		i.Attributes["virtual_env_type"] = "IsoImage"
		i.Attributes["disk_format"] = "iso"
	}
}

// fillFromFile makes a system disk image, or an ISO image, of a file in OBS.
func (e *Emulator) fillFromFile(body *createBody, image *Image, job *Job) error {
	arm := body.Architecture == "arm" || body.Architecture == "" && detectOS(body.ImageURL).arm
	if err := first(
		checkImageURL(body.ImageURL), checkDisk(body.MinDisk, 1, largestSystemDisk), checkArchitecture(body.Architecture),
		checkFirmware(body.Firmware, arm), checkOSType(body.OSType, "Linux", "Windows", "Other"), e.checkKey(body.KeyID),
	); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]string{"", "ECS", "FusionCompute", "BMS", "Ironic", "IsoImage"}, body.Type):
		return refuse("IMG.0024")
	case body.Type == "IsoImage" && body.OSVersion == "":
		return refuse("IMG.0166")
	case body.OSVersion != "" && !knownOS(body.OSVersion), body.OSVersion == "" && body.Quick:
		return refuse("IMG.0056")
	case body.KeyID != "" && (body.Type == "BMS" || body.Type == "Ironic"):
		return refuse("IMG.0118")
	}
	image.MinDisk = body.MinDisk
	image.setType(body.Type)
	os := describeOS(body.OSVersion)
	if body.OSVersion == "" {
		os = detectOS(body.ImageURL)
		maps.Copy(image.Attributes, describeOS("Other Linux(64 bit)").attributes())
		maps.Copy(job.Final, os.attributes())
	}
	os.arm = arm
	maps.Copy(image.Attributes, os.attributes())
	image.setUnlessEmpty("__os_type", body.OSType)
	image.setUnlessEmpty("hw_firmware_type", body.Firmware)
	if body.Firmware != "" {
		delete(job.Final, "hw_firmware_type")
	}
	if body.OSType != "" {
		delete(job.Final, "__os_type")
	}
	if body.IsConfig {
		image.Attributes["__is_config_init"] = "true"
	}
	e.fillFile(body, image, job)
	return nil
}

// fillDataFromFile makes a data disk image of a file in OBS.
func (e *Emulator) fillDataFromFile(body *createBody, image *Image, job *Job) error {
	if err := first(
		checkImageURL(body.ImageURL), checkDisk(body.MinDisk, 1, largestDataDisk),
		checkOSType(body.OSType, "Linux", "Windows"), e.checkKey(body.KeyID),
	); err != nil {
		return err
	}
	osType := body.OSType
	if osType == "" {
		osType = "Linux"
	}
	image.MinDisk = body.MinDisk
	maps.Copy(image.Attributes, dataAttributes(osType))
	e.fillFile(body, image, job)
	return nil
}

// fillFile notes the file an image is made of. Whether the file is any good, only the job finds out.
func (e *Emulator) fillFile(body *createBody, image *Image, job *Job) {
	image.setUnlessEmpty("__system__cmkid", body.KeyID)
	image.Attributes["__data_origin"] = "file," + body.ImageURL
	image.Attributes["__root_origin"] = "file"
	size, exists := e.world.Objects[body.ImageURL]
	job.Final["__image_size"] = strconv.FormatInt(size, 10)
	extension := strings.ToLower(body.ImageURL[strings.LastIndexByte(body.ImageURL, '.')+1:])
	isISO := image.text("virtual_env_type") == "IsoImage"
	formats := []string{"vhd", "vmdk", "qcow2", "raw", "vhdx", "qcow", "vdi", "qed", "zvhd", "zvhd2"}
	switch {
	case body.Quick:
		formats = []string{"raw", "zvhd2"}
	case isISO:
		formats = []string{"iso"}
	}
	switch {
	case !exists || size == 0 || !slices.Contains(formats, extension):
		job.ErrorCode = "IMG.0057"
	case size > largestFile && !body.Quick:
		job.ErrorCode = "IMG.0059"
	}
}

// dataDisks are the data disk images that come with a system disk image made of a file.
func (e *Emulator) dataDisks(c *call, body *createBody, job *Job) ([]*Image, error) {
	if len(body.DataImages) > mostDataDisks {
		return nil, refuse("IMG.0001", fmt.Sprintf("At most %d data_images are allowed.", mostDataDisks))
	}
	files := map[string]bool{body.ImageURL: true}
	var images []*Image
	for n, disk := range body.DataImages {
		if disk.VolumeID != "" {
			return nil, unknownField("data_images.volume_id together with image_url")
		}
		if files[disk.ImageURL] {
			return nil, refuse("IMG.0123")
		}
		files[disk.ImageURL] = true
		described := &createBody{
			Name: disk.Name, Description: disk.Description, Tags: disk.Tags, ImageTags: disk.ImageTags,
			EnterpriseProject: body.EnterpriseProject, ImageURL: disk.ImageURL, MinDisk: disk.MinDisk, Quick: disk.Quick,
			KeyID: body.KeyID,
		}
		if described.Name == "" {
			described.Name = fmt.Sprintf("%.110s-data-%d", body.Name, n+1)
		}
		image, err := e.newImage(c, described)
		if err != nil {
			return nil, err
		}
		sub := Job{Type: jobImportData, ImageName: image.Name, ImageID: image.ID, Final: map[string]any{}}
		if err := e.fillDataFromFile(described, image, &sub); err != nil {
			return nil, err
		}
		if sub.ErrorCode != "" {
			job.ErrorCode = sub.ErrorCode
		}
		images, job.SubJobs = append(images, image), append(job.SubJobs, sub)
	}
	return images, nil
}

// fillWhole makes a full-ECS image of a server, which is backed up for it, or of a backup.
func (e *Emulator) fillWhole(body *createBody, image *Image, job *Job) error {
	backupID := body.BackupID
	var os string
	var exists bool
	if body.InstanceID != "" {
		if os, exists = e.world.Instances[body.InstanceID]; !exists {
			return refuse("IMG.0005")
		}
		if !e.world.Vaults[body.VaultID] {
			return refuse("IMG.0184")
		}
		backupID = newUUID()
		image.Attributes["__data_origin"] = "server_backup," + body.VaultID
		if e.options.Switches.WholeOriginInstance {
			image.Attributes["__data_origin"] = "instance," + body.InstanceID
		}
	} else {
		os, exists = e.world.Backups[backupID]
		switch {
		case !slices.Contains([]string{"", "CBR", "CSBS"}, body.WholeImageType):
			return refuse("IMG.0001")
		case !exists:
			return refuse("IMG.0020")
		case body.WholeImageType != "CBR": // CSBS is the default, and the emulator has none
			return refuse("IMG.0198")
		case e.backupInUse(backupID):
			return refuse("IMG.0134")
		}
		image.Attributes["__data_origin"] = "server_backup," + backupID
	}
	maps.Copy(image.Attributes, describeOS(os).attributes())
	image.Attributes["__whole_image"], image.Attributes["__backup_id"] = "true", backupID
	job.Final["__image_size"] = decimal(2 * gigabyte)
	return nil
}

func (e *Emulator) backupInUse(id string) bool {
	for _, image := range e.world.Images {
		if image.text("__backup_id") == id {
			return true
		}
	}
	return false
}
