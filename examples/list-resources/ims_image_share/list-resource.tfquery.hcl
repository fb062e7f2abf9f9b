# The project's images that are shared with anybody.
list "ims_image_share" "all" {
  provider = ims
}
