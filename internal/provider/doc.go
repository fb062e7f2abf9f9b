// Package provider is the provider block: its schema, signing in with what it says, and the list of everything on
// offer.
package provider
