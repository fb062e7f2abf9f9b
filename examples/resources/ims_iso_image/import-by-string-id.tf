import {
  to = ims_iso_image.installer
  id = "5f1e2d3c-4b5a-4968-8776-655443322110"
}
