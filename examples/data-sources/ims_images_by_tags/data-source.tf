# Released images of either team, save those marked as outdated.
data "ims_images_by_tags" "released" {
  tags = {
    stage = ["released"]
    team  = ["platform", "shop"]
  }
  not_tags_any = {
    outdated = []
  }
}

# Images that nobody has tagged.
data "ims_images_by_tags" "untagged" {
  without_any_tag = true
}

output "newest_released" {
  value = try(data.ims_images_by_tags.released.ids[0], null)
}
