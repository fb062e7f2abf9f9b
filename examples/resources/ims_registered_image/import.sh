terraform import ims_registered_image.golden c4b3a291-8f7e-4d6c-9b5a-4a3928170615
