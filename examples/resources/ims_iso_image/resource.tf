resource "ims_iso_image" "installer" {
  name       = "debian-12-installer"
  image_url  = "golden-images:debian-12.iso"
  min_disk   = 10
  os_version = "Debian GNU/Linux 12.0.0 64bit"
}
