// Package search finds images of all kinds: own ones, public ones, and those that other projects share.
//
// Criteria (criteria.go) are what a configuration looks for, in a data source or in a list of resources; one table says
// how an image is held against each of them (criterion.go). Find (find.go) asks the service for as little as it can be
// asked for, holds what it lists against all criteria, and puts it in order. Where one image was looked for and none
// was found, the error shows those that come near (missed.go).
// What is found becomes attributes by another table (found.go), which has the name, the description and the value of
// each. The data sources are ims_image, ims_images and ims_images_by_tags.
package search
