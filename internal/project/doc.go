// Package project holds the data sources about the project that the provider is configured for, and about the service as the
// project sees it: the tags of its images, its quotas, the operating systems that images may have, and its jobs.
package project
