# From a server with all its disks. The backup that is made for it is deleted with the image.
resource "ims_full_ecs_image" "web" {
  name        = "web-server-2026-11"
  instance_id = "4f1b8d3a-7b52-4c0e-9d7c-2f0f3f6f1a10"
  vault_id    = "de9fcf45-11b2-432c-8562-5c5428574600"
}

# From a backup that exists, which stays when the image is deleted.
resource "ims_full_ecs_image" "from_backup" {
  name             = "web-server-restored"
  backup_id        = "9b27efab-4a17-4c06-bfa2-3e0cf021d3c3"
  whole_image_type = "CBR"
}
