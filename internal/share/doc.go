// Package share maps Terraform onto the sharing of images between projects.
//
// ims_image_share is all projects that an image is shared with, ims_image_share_member one of them; both are the owner's.
// ims_image_share_acceptance is the receiver's answer. The data source ims_image_members shows what there is. The list of members
// is the truth about a share: jobs tell of their parts only in passing, and what a list shows is what goes into the state.
package share
