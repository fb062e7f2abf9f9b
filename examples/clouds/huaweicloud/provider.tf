terraform {
  required_providers {
    ims = {
      source = "terraform-provider-ims/ims"
    }
  }
}

# Huawei Cloud
provider "ims" {
  auth_url     = "https://iam.ap-southeast-1.myhuaweicloud.com/v3"
  region       = "ap-southeast-1"
  domain_name  = "hwc-account"
  project_name = "ap-southeast-1"
}
