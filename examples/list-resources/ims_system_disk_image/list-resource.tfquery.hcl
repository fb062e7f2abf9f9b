# Images that a build left behind, to be imported in bulk:
# terraform query -generate-config-out=images.tf
list "ims_system_disk_image" "golden" {
  provider         = ims
  include_resource = true
  config {
    name_regex = "^golden-"
    tags = {
      team = "platform"
    }
  }
}
