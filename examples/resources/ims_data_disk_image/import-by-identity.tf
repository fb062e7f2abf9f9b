import {
  to = ims_data_disk_image.data
  identity = {
    image_id = "3c0b7f7e-6a41-4c8e-9a55-2f0d9d8e1b07"
  }
}
