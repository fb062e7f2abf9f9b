terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

provider "ims" {
  auth_url     = "https://iam.eu-de.otc.t-systems.com/v3"
  region       = "eu-de"
  domain_name  = "OTC-EU-DE-00000000001000000000"
  project_name = "eu-de_images"

  # The credentials come from the environment: OS_USERNAME and OS_PASSWORD, or OS_ACCESS_KEY and OS_SECRET_KEY.

  default_tags = {
    managed_by = "terraform"
  }
}

# An image from a file in OBS.
resource "ims_system_disk_image" "golden" {
  name      = "golden-debian-12"
  image_url = "golden-images:debian-12.qcow2" # bucket:object
  min_disk  = 10
}
