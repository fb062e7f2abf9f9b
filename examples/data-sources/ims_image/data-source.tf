# The newest Debian 12 that the cloud offers to everyone.
data "ims_image" "debian" {
  image_type  = "public"
  platform    = "Debian"
  name_regex  = "_12_"
  most_recent = true
}

# The project's own newest image that passed its tests.
data "ims_image" "golden" {
  image_type  = "private"
  tags        = { stage = "released" }
  most_recent = true
}

# An image that another project shared with this one.
data "ims_image" "from_platform_team" {
  image_type = "shared"
  owner      = "9a3f2d5c1b6e4f8097d1c2b3a4e5f607"
  name       = "golden-debian-12"
}
