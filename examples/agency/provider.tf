terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

# The credentials of the environment are those of one's own account. They act in another one, which has the agency.
provider "ims" {
  auth_url    = "https://iam.eu-de.otc.t-systems.com/v3"
  region      = "eu-de"
  domain_name = "OTC-EU-DE-00000000001000000000"

  assume_role = {
    agency_name       = "image-builders"
    domain_name       = "OTC-EU-DE-00000000001000000001"
    delegated_project = "eu-de_images"
  }
}
