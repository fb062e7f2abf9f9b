list "ims_image_replica" "recent" {
  provider = ims
  config {
    created = "gte:2026-01-01T00:00:00Z"
  }
}
