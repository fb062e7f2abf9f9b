import {
  to = ims_image_replica.encrypted
  id = "7ca5a9cc-1e0f-4f7a-9a3e-0d5b2f4f8f32"
}
