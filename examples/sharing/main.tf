variable "instance_id" {
  description = "Id of the server to make the image from."
  type        = string
}

variable "receiver_project_id" {
  description = "Id of the project to share the image with."
  type        = string
}

resource "ims_system_disk_image" "golden" {
  name        = "golden-debian-12"
  instance_id = var.instance_id
}

# The owner shares the image with these projects and no others.
resource "ims_image_share" "golden" {
  image_id    = ims_system_disk_image.golden.id
  project_ids = [var.receiver_project_id]
}

# The receiver accepts it. The reference to the share is what makes the order right.
resource "ims_image_share_acceptance" "golden" {
  provider = ims.receiver
  image_id = ims_image_share.golden.image_id
}

# What the receiver sees. It is read once the share is accepted.
data "ims_image" "received" {
  provider   = ims.receiver
  image_type = "shared"
  owner      = ims_system_disk_image.golden.owner
  name       = ims_system_disk_image.golden.name

  depends_on = [ims_image_share_acceptance.golden]
}

output "received_image_id" {
  description = "Id to make servers from in the receiver's project."
  value       = data.ims_image.received.id
}
