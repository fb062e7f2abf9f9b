// Package project holds the data sources about the project that the provider is configured for: the tags of its images,
// its quotas, its jobs, and the operating systems that the service supports in it. Each is read by one request, and
// mapped in the file of its data source.
package project
