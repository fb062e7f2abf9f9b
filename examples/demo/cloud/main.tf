# What the cloud itself holds, whatever any state says: `make demo` compares the two.

terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

data "ims_images" "private" {
  image_type     = "private"
  sort_key       = "name"
  sort_direction = "asc"
}

output "names" {
  value = join(" ", data.ims_images.private.images[*].name)
}
