# The projects that accepted an image.
data "ims_image_members" "golden" {
  image_id = "7ca5a9cc-1e0f-4f7a-9a3e-0d5b2f4f8f32"
  status   = "accepted"
}

output "used_by" {
  value = data.ims_image_members.golden.project_ids
}
