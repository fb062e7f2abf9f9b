# The projects that one image is shared with.
list "ims_image_share_member" "golden" {
  provider = ims
  config {
    image_id = "7ca5a9cc-1e0f-4f7a-9a3e-0d5b2f4f8f32"
  }
}
