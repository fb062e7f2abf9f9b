# All private images for arm that were made this year, the oldest first.
data "ims_images" "arm" {
  image_type     = "private"
  architecture   = "arm"
  created        = "gte:2026-01-01T00:00:00Z"
  sort_key       = "created_at"
  sort_direction = "asc"
}

output "arm_images" {
  value = { for image in data.ims_images.arm.images : image.id => image.name }
}
