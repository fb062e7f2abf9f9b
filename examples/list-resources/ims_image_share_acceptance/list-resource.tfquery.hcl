# The shares that the project received and has not answered.
list "ims_image_share_acceptance" "waiting" {
  provider = ims
  config {
    status = "pending"
  }
}
