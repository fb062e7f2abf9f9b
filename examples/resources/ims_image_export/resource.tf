# A file that another cloud can take.
resource "ims_image_export" "golden" {
  image_id    = ims_system_disk_image.golden.id
  bucket_url  = "exports:golden-debian-12.qcow2"
  file_format = "qcow2"
}

# As it is, within moments; also images of more than 128 GB.
resource "ims_image_export" "archive" {
  image_id     = ims_system_disk_image.golden.id
  bucket_url   = "archive:golden-debian-12.zvhd2"
  quick_export = true
}

resource "ims_system_disk_image" "golden" {
  name      = "golden-debian-12"
  image_url = "golden-images:debian-12.qcow2"
  min_disk  = 10
}
