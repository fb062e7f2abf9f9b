variable "name" {
  description = "Name of the first image; the others' begin with it."
  type        = string
  default     = "golden-debian"
}

variable "tags" {
  description = "Tags of the first two images."
  type        = map(string)
  default     = { team = "platform", stage = "candidate" }
}

variable "third_image" {
  description = "Whether there is a third image."
  type        = bool
  default     = false
}

variable "copies" {
  description = "Whether there are a replica and an export of the first image."
  type        = bool
  default     = false
}

# What the emulator has to make images from.

variable "image_url" {
  description = "An image file in OBS."
  type        = string
  default     = "golden-images:debian-12.qcow2"
}

variable "instance_id" {
  description = "A server."
  type        = string
  default     = "10000000-0000-4000-8000-000000000001"
}

variable "key_id" {
  description = "A KMS key."
  type        = string
  default     = "30000000-0000-4000-8000-000000000001"
}
