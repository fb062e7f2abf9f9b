# With a key of its own, for a team that may not use the source's.
resource "ims_image_replica" "encrypted" {
  name            = "golden-debian-12-encrypted"
  source_image_id = ims_system_disk_image.golden.id
  cmk_id          = "2b6f8e0e-51c4-4a3f-a3a7-1f7d3e0f9c11"
}

# In another region, on clouds that can.
resource "ims_image_replica" "elsewhere" {
  name            = "golden-debian-12"
  source_image_id = ims_system_disk_image.golden.id
  target_region   = "cn-east-3"
  agency_name     = "image-replication"
}

resource "ims_system_disk_image" "golden" {
  name      = "golden-debian-12"
  image_url = "golden-images:debian-12.qcow2"
  min_disk  = 10
}
