import {
  to = ims_full_ecs_image.web
  identity = {
    image_id = "9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"
  }
}
