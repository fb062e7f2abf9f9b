// Package search finds images of all kinds: own ones, public ones, and those that other projects share.
//
// Criteria (criteria.go) are what a configuration looks for, in a data source or in a list of resources. Find (find.go)
// asks the service for as little as it can be asked for, looks through the answer for the rest, and puts it in order.
// What is found becomes attributes by one table (found.go), which has the name, the description and the value of each.
// The data sources are ims_image, ims_images and ims_images_by_tags.
package search
