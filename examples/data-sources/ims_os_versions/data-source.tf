# The values that os_version of an image from a volume can have.
data "ims_os_versions" "debian" {
  platform = "Debian"
  tags     = ["x86"]
}

output "debian_versions" {
  value = data.ims_os_versions.debian.os_versions[*].os_version
}
