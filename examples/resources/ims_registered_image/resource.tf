# A local file, such as Packer builds it. Another file makes another image; the same file in another place does not.
resource "ims_registered_image" "golden" {
  name        = "golden-debian-12"
  local_file  = "${path.root}/build/debian-12.qcow2"
  file_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
  file_format = "qcow2"
  os_version  = "Debian GNU/Linux 12.0.0 64bit"
  min_disk    = 10

  # The upload counts.
  timeouts = {
    create = "3h"
  }
}

# A file in OBS.
resource "ims_registered_image" "from_obs" {
  name       = "appliance"
  image_url  = "golden-images:appliance.vmdk"
  os_version = "Ubuntu 22.04 server 64bit"
  min_disk   = 20
}
