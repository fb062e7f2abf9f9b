// Package framework is what the resources and data sources of the provider share: the configured client, the wording of
// diagnostics, outcomes and what operations do about them, the tag policy, timeouts, identity, private state, values.
// It stands between terraform-plugin-framework and package ims, and knows no particular object of IMS: what is special
// about one, its package passes in.
package framework
