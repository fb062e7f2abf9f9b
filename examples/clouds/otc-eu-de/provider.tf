terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

# Open Telekom Cloud, region eu-de
provider "ims" {
  auth_url     = "https://iam.eu-de.otc.t-systems.com/v3"
  region       = "eu-de"
  domain_name  = "OTC-EU-DE-00000000001000000000"
  project_name = "eu-de_images"
}
