terraform import ims_data_disk_image.data 3c0b7f7e-6a41-4c8e-9a55-2f0d9d8e1b07
