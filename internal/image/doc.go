// Package image maps Terraform onto images.
//
// What the kinds of private image share is written once: the resource with its methods in their fixed order (resource.go),
// making an image without ever losing it (create.go, deliver.go, unfinished.go), planning (plan.go), importing (import.go), changing
// (changes.go), and the mapping between an image and the state (model.go, schema.go). A kind is data and a model of its own
// (kind.go; system_disk_image.go and the others); what some kinds need more is a method that imageModel has for the rest, or an
// interface of their own (placed, sourced). The data sources share one mapping (found.go) and one set of criteria (search.go).
//
// Data goes down once and comes back once: plan → model → ims request → job → image → model → state.
package image
