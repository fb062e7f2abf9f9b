data "ims_job" "golden" {
  id = "9a175ac792fa12d20193002100dd2762"
}

output "golden" {
  value = {
    state  = data.ims_job.golden.state
    images = data.ims_job.golden.image_ids
    error  = data.ims_job.golden.fail_reason
  }
}
