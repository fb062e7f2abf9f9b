# terraform apply -invoke=action.ims_export_image.golden
action "ims_export_image" "golden" {
  config {
    image_id    = ims_system_disk_image.golden.id
    bucket_url  = "exports:golden-debian-12.qcow2"
    file_format = "qcow2"
  }
}

# Or whenever the image was made anew.
resource "ims_system_disk_image" "golden" {
  name      = "golden-debian-12"
  image_url = "golden-images:debian-12.qcow2"
  min_disk  = 10

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.ims_export_image.golden]
    }
  }
}
