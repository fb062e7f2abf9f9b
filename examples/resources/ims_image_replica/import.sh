terraform import ims_image_replica.encrypted 7ca5a9cc-1e0f-4f7a-9a3e-0d5b2f4f8f32

# One in another region than the provider is configured for: region/id, or region/project name/id.
terraform import ims_image_replica.elsewhere cn-east-3/7ca5a9cc-1e0f-4f7a-9a3e-0d5b2f4f8f32
