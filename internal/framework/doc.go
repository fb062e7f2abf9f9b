// Package framework is what every resource and data source of the provider shares: the configured client, the wording of
// diagnostics, the tag policy, timeouts and identity. It stands between terraform-plugin-framework and package ims, and
// knows no particular object of IMS.
package framework
