output "public_image" {
  value = data.ims_image.debian.name
}

output "from_file_id" {
  value = ims_system_disk_image.from_file.id
}

output "from_server_id" {
  value = ims_system_disk_image.from_server.id
}

output "name" {
  value = ims_system_disk_image.from_file.name
}

output "tags" {
  value = ims_system_disk_image.from_file.tags_all
}
