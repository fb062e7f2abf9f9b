# What `make demo` applies. The provider is configured by the environment (OS_AUTH_URL and so on), as it would be in CI.

terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

# The newest Debian that the cloud offers to everyone.
data "ims_image" "debian" {
  image_type  = "public"
  platform    = "Debian"
  os_bit      = 64
  most_recent = true
}

# A golden image, from a file that a build put into OBS.
resource "ims_system_disk_image" "from_file" {
  name        = var.name
  description = "Built from ${data.ims_image.debian.name}"
  image_url   = var.image_url
  min_disk    = data.ims_image.debian.min_disk
  os_version  = data.ims_image.debian.os_version
  tags        = var.tags
}

# The same, from a server that was set up by hand.
resource "ims_system_disk_image" "from_server" {
  name        = "${var.name}-from-server"
  instance_id = var.instance_id
  tags        = var.tags
}

# The one whose creation is cut short.
resource "ims_system_disk_image" "interrupted" {
  count = var.third_image ? 1 : 0

  name      = "${var.name}-interrupted"
  image_url = var.image_url
  min_disk  = data.ims_image.debian.min_disk
}

# What is made of the first image: a replica that is encrypted with a key, and a file for another cloud.

resource "ims_image_replica" "encrypted" {
  count = var.copies ? 1 : 0

  name            = "${var.name}-encrypted"
  source_image_id = ims_system_disk_image.from_file.id
  cmk_id          = var.key_id
}

resource "ims_image_export" "golden" {
  count = var.copies ? 1 : 0

  image_id    = ims_system_disk_image.from_file.id
  bucket_url  = "exports:${var.name}.qcow2"
  file_format = "qcow2"
}
