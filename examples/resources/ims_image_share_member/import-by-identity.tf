import {
  to = ims_image_share_member.shop
  identity = {
    image_id   = "7ca5a9cc-1e0f-4f7a-9a3e-0d5b2f4f8f32"
    project_id = "9a3f2d5c1b6e4f8097d1c2b3a4e5f607"
  }
}
