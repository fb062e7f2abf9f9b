// Package provider is the provider block and the list of everything on offer.
//
// The block (schema.go) becomes a model (model.go), the model the settings of a session (package cloud/settings), and
// the session the client that all resources and data sources share (provider.go). Nothing is sent before the first of
// them needs it. Where a value of the block is known only after an apply, what needs a request says so (session.go).
package provider
