// Package export writes images into files in OBS: once and remembered, as the resource ims_image_export, or whenever it
// is invoked, as the action ims_export_image.
//
// What both export and what may be exported is in export.go. The service shows nothing of the file: all that can be
// asked for is the job that writes it. That job is the record of an export (lifecycle.go), which is read once or waited
// for, and what each operation does about each outcome is one table (verdicts.go).
package export
