package image

import "github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"

// peer is a resource type of another provider that manages images, too. Arguments of the same name are taken as they are.
type peer struct {
	kinds    []*kind           // what it becomes
	renamed  map[string]string // arguments by our name, where theirs is another
	ignored  []string          // attributes that have an argument's name, and say what the service found
	constant map[string]any    // arguments that the type itself says
	defaults map[string]any    // what arguments are that the configuration leaves out
}

var (
	system  = []*kind{systemDiskImage}
	data    = []*kind{dataDiskImage}
	whole   = []*kind{fullECSImage}
	quickly = map[string]any{"quick_import": true}

	// peers are the resource types that images can be moved from, whichever registry their provider comes from.
	peers = map[string]peer{
		"opentelekomcloud_ims_image_v2":      {kinds: system, defaults: map[string]any{"is_config": false}},
		"opentelekomcloud_ims_data_image_v2": {kinds: data},
		"opentelekomcloud_images_image_v2": {
			kinds:   []*kind{registeredImage, systemDiskImage, dataDiskImage},
			renamed: map[string]string{"local_file": "local_file_path", "file_format": "disk_format", "min_disk": "min_disk_gb", "min_ram": "min_ram_mb"},
		},
		"huaweicloud_ims_ecs_system_image":         {kinds: system, ignored: []string{"os_version"}},
		"huaweicloud_ims_evs_system_image":         {kinds: system},
		"huaweicloud_ims_obs_system_image":         {kinds: system, renamed: map[string]string{"quick_import": "is_quick_import"}},
		"huaweicloud_ims_quickimport_system_image": {kinds: system, constant: quickly},
		"huaweicloud_ims_evs_data_image":           {kinds: data},
		"huaweicloud_ims_obs_data_image":           {kinds: data},
		"huaweicloud_ims_quickimport_data_image":   {kinds: data, constant: quickly},
		"huaweicloud_ims_obs_iso_image":            {kinds: []*kind{isoImage}},
		"huaweicloud_ims_ecs_whole_image":          {kinds: whole, renamed: map[string]string{"delete_backup": "is_delete_backup"}},
		"huaweicloud_ims_cbr_whole_image": {
			kinds: whole, renamed: map[string]string{"delete_backup": "is_delete_backup"}, ignored: []string{"instance_id"},
			constant: map[string]any{"whole_image_type": ims.BackupCBR},
		},
		"huaweicloud_images_image":      {kinds: []*kind{systemDiskImage, dataDiskImage, fullECSImage}},
		"huaweicloud_images_image_copy": {kinds: []*kind{imageReplica}, renamed: map[string]string{"cmk_id": "kms_key_id"}},
	}
)
