# terraform apply -invoke=action.ims_export_image.golden
action "ims_export_image" "golden" {
  config {
    image_id    = ims_system_disk_image.golden.id
    bucket_url  = "exports:golden-${var.release}.qcow2"
    file_format = "qcow2"
  }
}

# Or for every release.
resource "terraform_data" "release" {
  input = var.release

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ims_export_image.golden]
    }
  }
}

variable "release" {
  type = string
}

resource "ims_system_disk_image" "golden" {
  name      = "golden"
  image_url = "golden-images:debian-12.qcow2"
  min_disk  = 10
}
