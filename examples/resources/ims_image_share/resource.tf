resource "ims_image_share" "golden" {
  image_id = ims_system_disk_image.golden.id

  # These projects and no others.
  project_ids = [
    "9a3f2d5c1b6e4f8097d1c2b3a4e5f607",
    "edc89b490d7d4392898e19b2deb34797",
  ]
}

resource "ims_system_disk_image" "golden" {
  name        = "golden-debian-12"
  instance_id = "4f1b8d3a-7b52-4c0e-9d7c-2f0f3f6f1a10"
}

# The projects that have not answered yet.
output "waiting_for" {
  value = [for member in ims_image_share.golden.members : member.project_id if member.status == "pending"]
}
