# The project that makes images.
provider "ims" {
  region       = "eu-de"
  project_name = "eu-de_images"
}

# The project that uses them. Each project needs a sign-in of its own.
provider "ims" {
  alias        = "receiver"
  region       = "eu-de"
  project_name = "eu-de_shop"
}
