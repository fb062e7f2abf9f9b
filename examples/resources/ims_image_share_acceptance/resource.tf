# The provider is configured for the project that the images are shared with.
resource "ims_image_share_acceptance" "golden" {
  image_id = "7ca5a9cc-1e0f-4f7a-9a3e-0d5b2f4f8f32"
}

# A full-ECS image brings a backup, which needs a vault.
resource "ims_image_share_acceptance" "appliance" {
  image_id = "b1f3f4a8-5ad0-4c53-8f0f-6e3b7a2c9d41"
  vault_id = "0c4c3b6e-2f3a-4d0b-9a55-6a8b8f1f7a10"
}

# An image that the project does not want to see.
resource "ims_image_share_acceptance" "outdated" {
  image_id = "e5a4d2c7-93b8-4f1a-8f7e-1d2c3b4a5f60"
  status   = "rejected"
}
