terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

# Open Telekom Cloud, region eu-nl
provider "ims" {
  auth_url     = "https://iam.eu-nl.otc.t-systems.com/v3"
  region       = "eu-nl"
  domain_name  = "OTC-EU-NL-00000000001000000000"
  project_name = "eu-nl_images"
}
