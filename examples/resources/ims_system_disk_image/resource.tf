# From an image file in OBS.
resource "ims_system_disk_image" "golden" {
  name        = "golden-debian-12"
  description = "Debian 12, hardened"
  image_url   = "golden-images:debian-12.qcow2"
  min_disk    = 10
  os_version  = "Debian GNU/Linux 12.0.0 64bit"

  tags = {
    team  = "platform"
    stage = "released"
  }

  # Others use it: a plan that would delete or replace it is refused.
  protected = true

  timeouts = {
    create = "2h"
  }
}

# From a server that is stopped.
resource "ims_system_disk_image" "from_server" {
  name        = "web-server-2026-11"
  instance_id = "4f1b8d3a-7b52-4c0e-9d7c-2f0f3f6f1a10"

  # Destroying this resource leaves the image in the cloud.
  deletion_policy = "retain"
}

# From a volume with an operating system on it.
resource "ims_system_disk_image" "from_volume" {
  name       = "appliance"
  volume_id  = "0d1a6a0c-9f0e-4a3f-8f5e-6a2d8f6c7b21"
  os_version = "Ubuntu 24.04 server 64bit"
}
