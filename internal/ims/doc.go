// Package ims is a client of IMS, the Image Management Service of Open Telekom Cloud and the clouds of its family. It knows
// nothing of Terraform.
//
// A request takes one path: an operation (images.go, create.go, tags.go, job.go) describes itself as a [call], the client
// (client.go) waits for its turn (limit.go), sends it signed in through package cloud, decides whether it may be sent again
// (retry.go), and decodes the answer or the error (error.go). What starts a job answers with the job's id; [Client.Wait]
// (wait.go) follows the job to its end, and [Client.FindCreated] (lost.go) finds the image of a request whose answer was lost.
package ims
