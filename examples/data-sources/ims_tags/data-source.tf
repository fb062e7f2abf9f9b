data "ims_tags" "all" {}

output "stages" {
  value = lookup(data.ims_tags.all.tags, "stage", [])
}
