// Package image maps Terraform onto private images: resources for each kind, and lists of them.
//
// # One lifecycle
//
// A kind is data (kind.go and kind_*.go): its name, its arguments, its model and the request that makes it. An argument
// is declared once (argument.go, argument_common.go); its schema, description, rules, replacement and what an import
// makes of it follow from that. Everything after the request is written once, and stands on three words.
//
// The record (record.go) is what private state knows of an image that is not finished. Its stage follows from it.
//
// A step (step.go) takes one look at the service, never waits, and brings the record up to date:
//
//	stage        one look                                  next
//	requested    search for the image of a lost answer     registered, or it may yet appear, or ambiguous
//	job          read the job                              failed, failed and left an image, or registered with its parts
//	registered   deliver the file if it lacks it,          gone, killed, ready, or it stays
//	             then read the image
//	finished     read the image                            gone, killed, ready
//
// An outcome (framework.Outcome) is what the step saw, or why there was no look: interrupted, out of time, unreadable.
// What each operation does about each outcome is one table (outcomes.go): what is reported, and what the state keeps.
//
// Read takes one step. Create, and an Update of an image whose making was cut, step in one loop with one pace
// (operation.wait, on ims.Client.Poll) until the outcome is another than "under way". Delete does so until it knows the
// image's id. So the answer to "what happens when X hits during Y?" is a row of the table.
//
// # The rest
//
// resource.go has the methods of the resource in their fixed order; create.go, read.go, update.go, delete.go what they
// do; plan.go what is planned; changes.go what a PATCH sends; import.go and move.go (move_peers.go) what is taken over.
// Replicas in another region need a client of their own, which kind_replica_region.go gives them.
//
// Data goes down once and comes back once: plan → model → ims request → job → image → model → state.
package image
