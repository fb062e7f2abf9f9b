// Package ims is a client of IMS, the Image Management Service of Open Telekom Cloud and the clouds of its family. It
// knows nothing of Terraform.
//
// A request takes one path. An operation (images.go, create.go, tags.go, job.go) describes itself as a call. The client
// (request.go) waits for its turn (limit.go), sends it signed in through package cloud, decides whether it may be sent
// again (retry.go), and decodes the answer (decode.go) or the error (error.go).
//
// What starts a job answers with the job's id. All waiting is [Client.Poll] (poll.go, pace.go): for jobs, images and
// members (wait.go, members.go), and for the image of a request whose answer was lost (lost.go). Whether an image is
// gone is decided in one place, [Client.Image] (images.go).
package ims
