package image

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"

// peer is a resource type of another provider that manages images, too. Arguments of the same name are taken as they are.
type peer struct {
	kinds    []*kind           // what it becomes
	renamed  map[string]string // arguments by our name, where theirs is another
	ignored  []string          // attributes that have an argument's name, and are none
	found    []string          // arguments, by our name, of which their state has what the service found, not what was asked for
	constant map[string]any    // arguments that the type itself says
	defaults map[string]any    // what arguments are that the configuration leaves out
}

var (
	systemDisk  = []*kind{systemDiskImage}
	dataDisk    = []*kind{dataDiskImage}
	fullECS     = []*kind{fullECSImage}
	quickImport = map[string]any{"quick_import": true}
	osVersion   = []string{"os_version"}

	// peers are the resource types that images can be moved from, whichever registry their provider comes from.
	peers = map[string]peer{
		"opentelekomcloud_ims_image_v2":      {kinds: systemDisk, defaults: map[string]any{"is_config": false}},
		"opentelekomcloud_ims_data_image_v2": {kinds: dataDisk},
		"opentelekomcloud_images_image_v2": {
			kinds:   []*kind{registeredImage, systemDiskImage, dataDiskImage},
			renamed: map[string]string{"local_file": "local_file_path", "file_format": "disk_format", "min_disk": "min_disk_gb", "min_ram": "min_ram_mb"},
			found:   []string{"file_format"},
		},
		"huaweicloud_ims_ecs_system_image":         {kinds: systemDisk, ignored: osVersion},
		"huaweicloud_ims_evs_system_image":         {kinds: systemDisk, found: osVersion},
		"huaweicloud_ims_obs_system_image":         {kinds: systemDisk, renamed: map[string]string{"quick_import": "is_quick_import"}, found: osVersion},
		"huaweicloud_ims_quickimport_system_image": {kinds: systemDisk, constant: quickImport, found: osVersion},
		"huaweicloud_ims_evs_data_image":           {kinds: dataDisk},
		"huaweicloud_ims_obs_data_image":           {kinds: dataDisk},
		"huaweicloud_ims_quickimport_data_image":   {kinds: dataDisk, constant: quickImport},
		"huaweicloud_ims_obs_iso_image":            {kinds: []*kind{isoImage}, found: osVersion},
		"huaweicloud_ims_ecs_whole_image":          {kinds: fullECS, renamed: map[string]string{"delete_backup": "is_delete_backup"}},
		"huaweicloud_ims_cbr_whole_image": {
			kinds: fullECS, renamed: map[string]string{"delete_backup": "is_delete_backup"}, ignored: []string{"instance_id"},
			constant: map[string]any{"whole_image_type": ims.BackupCBR},
		},
		"huaweicloud_images_image":      {kinds: []*kind{systemDiskImage, dataDiskImage, fullECSImage}, found: osVersion},
		"huaweicloud_images_image_copy": {kinds: []*kind{imageReplica}, renamed: map[string]string{"cmk_id": "kms_key_id"}},
	}
)
