# From a volume.
resource "ims_data_disk_image" "data" {
  name      = "reference-data"
  volume_id = "0d1a6a0c-9f0e-4a3f-8f5e-6a2d8f6c7b21"

  tags = {
    team = "platform"
  }
}

# From an image file in OBS, encrypted.
resource "ims_data_disk_image" "from_file" {
  name      = "reference-data-2026-11"
  image_url = "golden-images:data.qcow2"
  min_disk  = 40
  os_type   = "Linux"
  cmk_id    = "81d3a1a5-0a4f-4a9b-8f0c-0b1d5c3e7f42"
}

# From a file that is ready for the cloud: imported as it is, within moments.
resource "ims_data_disk_image" "quick" {
  name         = "reference-data-raw"
  image_url    = "golden-images:data.zvhd2"
  min_disk     = 40
  quick_import = true
}
