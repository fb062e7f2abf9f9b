data "ims_quotas" "project" {}

check "room_for_images" {
  assert {
    condition     = data.ims_quotas.project.quotas["image"].used <= data.ims_quotas.project.quotas["image"].quota - 5
    error_message = "Fewer than five more images fit into the project's quota."
  }
}
