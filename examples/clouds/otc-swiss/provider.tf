terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

# Swiss Open Telekom Cloud
provider "ims" {
  auth_url     = "https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3"
  region       = "eu-ch2"
  domain_name  = "OTC-EU-CH2-00000000001000000000"
  project_name = "eu-ch2_images"
}
