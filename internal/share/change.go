package share

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// withdrawIn is how long taking back a share may take that could not be made as a whole. It is done also in a run that is being
// stopped, or out of time.
const withdrawIn = 2 * time.Minute

// create shares an image with all of the projects or with none. Members are nil when they could not be read.
func (r *imageShareResource) create(ctx context.Context, imageID string, wanted []string, diagnostics *diag.Diagnostics) (members []ims.Member, made bool) {
	var failed []string
	var since time.Time
	if len(wanted) > 0 {
		var err error
		failed, since, err = r.Client.ShareImage(ctx, imageID, wanted)
		switch {
		case err == nil:
		case interrupted(ctx, err):
			diagnostics.AddWarning("Interrupted: the image is being shared", adviceOnCodes.Detail(
				"The service goes on sharing image "+imageID+". The next plan shows with which projects it is shared, and the next apply does what is left.", err, ""))
			return nil, true
		case undecided(err):
			r.withdraw(ctx, imageID, wanted, since, "The service did not say that it is done, and may yet do it.", err, diagnostics)
			return nil, false
		default:
			fail(diagnostics, "create", shareNoun, "The image was shared with nobody.", err, "")
			return nil, false
		}
	}
	members, err := r.Client.MembersAfter(ctx, imageID, without(wanted, failed), nil)
	if err != nil && len(failed) == 0 {
		diagnostics.AddWarning("Unable to read image share", adviceOnCodes.Detail("Image "+imageID+" is shared as configured, and could not be read back. The next plan reads it.", err, ""))
		return nil, true
	}
	others := without(projectsOf(members), wanted)
	missing := without(wanted, projectsOf(members))
	switch {
	case len(missing) > 0:
		r.withdraw(ctx, imageID, wanted, since, "The service did not share the image with "+named(missing)+".", err, diagnostics)
		return nil, false
	case len(others) > 0:
		r.withdraw(ctx, imageID, wanted, since, "The image was shared already, with "+named(others)+", and ims_image_share is all projects that an image is shared with. "+
			"To take that share over, import instead: `terraform import <address> "+imageID+"` (or `tofu import`), with these projects in project_ids if they are to stay.", nil, diagnostics)
		return nil, false
	}
	return members, true
}

// undecided is true of an error that leaves open what the service has done or will do.
func undecided(err error) bool {
	var wait *ims.WaitError
	return errors.As(err, &wait) || ims.AnswerLost(err) || ims.IsJobFailure(err)
}

// withdraw takes back what create shared, and tells why. Projects that the image was shared with before keep it.
func (r *imageShareResource) withdraw(ctx context.Context, imageID string, wanted []string, since time.Time, reason string, cause error, diagnostics *diag.Diagnostics) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), withdrawIn)
	defer cancel()
	members, err := r.Client.Members(ctx, imageID)
	var added []string
	for _, member := range members {
		if created := member.CreatedAt; created.IsZero() || !created.Before(since) {
			added = append(added, member.ProjectID)
		}
	}
	added = both(added, wanted)
	if err == nil {
		err = stopSharing(ctx, r.Client, imageID, added)
	}
	switch {
	case ims.IsNotFound(err):
		fail(diagnostics, "create", shareNoun, reason+" The image is gone.", cause, "")
	case err != nil:
		fail(diagnostics, "create", shareNoun, reason+" What was shared could not be taken back, and may still be shared with "+named(wanted)+": "+err.Error(), cause,
			"Nothing is in the state. The next apply takes over what is shared by then.")
	case len(added) == 0:
		fail(diagnostics, "create", shareNoun, reason+" Nothing was shared.", cause, "")
	default:
		fail(diagnostics, "create", shareNoun, reason+" A share is made as a whole or not at all: what was shared with "+named(added)+" was taken back.", cause, "")
	}
}

// update shares an image with the projects that are new and stops sharing it with those that are no longer wanted. Known
// tells whether members are what the image is then shared with.
func (r *imageShareResource) update(ctx context.Context, imageID string, wanted, had []string, diagnostics *diag.Diagnostics) (members []ims.Member, known bool) {
	add, remove := without(wanted, had), without(had, wanted)
	var causes []error
	var failed []string
	// First the removal: both together may be more than the image can be shared with.
	if len(remove) > 0 {
		if err := r.Client.StopSharing(ctx, imageID, remove); err != nil {
			causes = append(causes, err)
		}
	}
	if len(add) > 0 && len(causes) == 0 {
		var err error
		if failed, _, err = r.Client.ShareImage(ctx, imageID, add); err != nil {
			causes = append(causes, err)
		}
	}
	cause := errors.Join(causes...)
	expected, gone := without(wanted, failed), remove
	if cause != nil {
		expected, gone = nil, nil
	}
	members, err := r.Client.MembersAfter(ctx, imageID, expected, gone)
	if err != nil {
		if cause == nil {
			cause = err
		}
		fail(diagnostics, "update", shareNoun, "", cause, "Apply again.")
		return nil, false
	}
	var open []string
	if missing := without(wanted, projectsOf(members)); len(missing) > 0 {
		open = append(open, "It is not shared with "+named(missing)+".")
	}
	if left := both(remove, projectsOf(members)); len(left) > 0 {
		open = append(open, "It is still shared with "+named(left)+".")
	}
	if len(open) > 0 {
		fail(diagnostics, "update", shareNoun, fmt.Sprintf("The service did not change the sharing of image %s as a whole. %s The state has what is really shared.",
			imageID, strings.Join(open, " ")), cause, "")
	}
	return members, true
}

// stopSharing stops sharing an image with projects and looks whether that is so. Projects that are no members, and an image
// that is gone, are nothing to do.
func stopSharing(ctx context.Context, client *ims.Client, imageID string, projects []string) error {
	if len(projects) == 0 {
		return nil
	}
	err := client.StopSharing(ctx, imageID, projects)
	if ims.IsNotFound(err) {
		return nil
	}
	// A refusal may mean that there was nothing left to stop; the list tells.
	var unwanted []string
	if err == nil {
		unwanted = projects
	}
	members, readErr := client.MembersAfter(ctx, imageID, nil, unwanted)
	left := both(projectsOf(members), projects)
	switch {
	case ims.IsNotFound(readErr), readErr == nil && len(left) == 0:
		return nil
	case err != nil:
		return err
	case readErr != nil:
		return readErr
	default:
		return fmt.Errorf("the image is still shared with %s", named(left))
	}
}
