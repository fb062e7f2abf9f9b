package share

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// shareVisibleIn is how long a share that was just made may not be visible to its receiver.
const shareVisibleIn = 2 * time.Minute

// needsAnswer tells whether a change is one for the service. A vault given to an answer that has none is only recorded: an
// answer that needs one could not have been given without, so that it comes from an import.
func needsAnswer(plan, state *acceptanceModel) bool {
	if !plan.Status.Equal(state.Status) {
		return true
	}
	return plan.Status.ValueString() == ims.MemberAccepted && !state.VaultID.IsNull() && !plan.VaultID.IsNull() && !plan.VaultID.Equal(state.VaultID)
}

// check finds at plan what the service would refuse, as far as the image can be seen by now. has is the answer given so far.
func (r *imageShareAcceptanceResource) check(ctx context.Context, plan *acceptanceModel, has string, diagnostics *diag.Diagnostics) {
	id := plan.ImageID.ValueString()
	if plan.ImageID.IsUnknown() {
		return
	}
	scope, err := r.Client.Scope(ctx)
	if err != nil {
		return // the apply tells
	}
	image, err := r.Client.Image(ctx, id)
	if ims.IsNotFound(err) {
		if has == "" {
			has = ims.MemberPending
		}
		image, err = r.Client.ReceivedImage(ctx, id, has)
	}
	switch {
	case err != nil: // it need not be shared yet
	case image.Owner == scope.ProjectID:
		diagnostics.AddAttributeError(path.Root("image_id"), "Image of one's own", ownAdvice(id, scope.ProjectID))
	case image.IsPublic():
		diagnostics.AddAttributeError(path.Root("image_id"), "Public image", fmt.Sprintf("Image %s (%q) is a public image of the cloud: there is no share to answer.", id, image.Name))
	case bool(image.WholeImage) && plan.VaultID.IsNull() && plan.Status.ValueString() == ims.MemberAccepted:
		diagnostics.AddAttributeError(path.Root("vault_id"), "Missing vault", fmt.Sprintf("Image %s (%q) is a full-ECS image: accepting it needs vault_id, the CBR vault that its backup is put into.", id, image.Name))
	}
}

// awaitShare returns the membership that is to be answered, once it is visible; nil after an error.
func (r *imageShareAcceptanceResource) awaitShare(ctx context.Context, imageID, project string, diagnostics *diag.Diagnostics) *ims.Member {
	var member *ims.Member
	_, err := r.Client.Until(ctx, shareVisibleIn, func(ctx context.Context) (bool, error) {
		var err error
		member, err = r.Client.Member(ctx, imageID, project)
		if ims.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	})
	if member != nil {
		return member
	}
	if err == nil {
		err = errNotShared
	}
	r.failMissing(ctx, "create", imageID, project, err, diagnostics)
	return nil
}

// answer sends what is planned and returns the membership as it then is; nil after an error.
func (r *imageShareAcceptanceResource) answer(ctx context.Context, verb string, plan *acceptanceModel, project string, diagnostics *diag.Diagnostics) *ims.Member {
	id, status := plan.ImageID.ValueString(), plan.Status.ValueString()
	unread := &ims.Member{ImageID: id, ProjectID: project, Status: status}
	err := r.Client.AnswerShare(ctx, id, project, status, plan.VaultID.ValueString())
	switch {
	case interrupted(ctx, err):
		diagnostics.AddWarning("Interrupted: the share is being answered", adviceOnCodes.Detail("The service goes on with it. The next plan shows the answer.", err, ""))
		return unread
	case err != nil:
		fail(diagnostics, verb, acceptanceNoun, "", err, answerAdvice(err, id, project))
		return nil
	}
	var member *ims.Member
	_, err = r.Client.Until(ctx, time.Minute, func(ctx context.Context) (bool, error) {
		var err error
		member, err = r.Client.Member(ctx, id, project)
		return err == nil && member.Status == status, err
	})
	switch {
	case err != nil:
		diagnostics.AddWarning("Unable to read "+acceptanceNoun, adviceOnCodes.Detail("The share of image "+id+" is "+status+", and that could not be read back. The next plan reads it.", err, ""))
		return unread
	case member.Status != status:
		fail(diagnostics, verb, acceptanceNoun, "The service took the answer and shows the share as "+member.Status+", not as "+status+".", nil, "Apply again.")
		return nil
	}
	return member
}

// reject is the destruction of an answer. A share that is gone, or rejected already, is nothing to do.
func (r *imageShareAcceptanceResource) reject(ctx context.Context, state *acceptanceModel, diagnostics *diag.Diagnostics) {
	if state.Status.ValueString() == ims.MemberRejected {
		return
	}
	scope, err := r.Client.Scope(ctx)
	if err != nil {
		fail(diagnostics, "delete", acceptanceNoun, "", err, "")
		return
	}
	id := state.ImageID.ValueString()
	err = r.Client.AnswerShare(ctx, id, scope.ProjectID, ims.MemberRejected, "")
	if err == nil || ims.IsNotFound(err) {
		return
	}
	if _, readErr := r.received(ctx, id, scope.ProjectID, state.Status.ValueString()); ims.IsNotFound(readErr) {
		return
	}
	fail(diagnostics, "delete", acceptanceNoun, "", err, answerAdvice(err, id, scope.ProjectID))
}

// received reads the membership as the receiver sees it. One that is gone is proved gone by the list of images, which a wrong
// address of the members would not know of.
func (r *imageShareAcceptanceResource) received(ctx context.Context, imageID, project, status string) (*ims.Member, error) {
	member, err := r.Client.Member(ctx, imageID, project)
	if !ims.IsNotFound(err) {
		return member, err
	}
	if status == "" {
		status = ims.MemberAccepted
	}
	image, readErr := r.Client.ReceivedImage(ctx, imageID, status)
	switch {
	case readErr != nil:
		return nil, readErr
	case image.Owner == project:
		return nil, errNotShared
	}
	return nil, fmt.Errorf("image %s is listed as shared with this project, and its member cannot be read: %s", imageID, err.Error())
}

// failMissing tells that there is no share to answer, or why it cannot be read.
func (r *imageShareAcceptanceResource) failMissing(ctx context.Context, verb, imageID, project string, err error, diagnostics *diag.Diagnostics) {
	if image, readErr := r.Client.Image(ctx, imageID); readErr == nil && image.Owner == project {
		fail(diagnostics, verb, acceptanceNoun, ownAdvice(imageID, project), nil, "")
		return
	}
	if !ims.IsNotFound(err) {
		fail(diagnostics, verb, acceptanceNoun, "", err, answerAdvice(err, imageID, project))
		return
	}
	fail(diagnostics, verb, acceptanceNoun, "Image "+imageID+" is not shared with project "+project+", or no longer.", nil,
		"Check image_id, and that the provider is configured for the project and region that the image is shared with. "+
			"When the share is made in the same configuration, let this resource depend on it.")
}

func ownAdvice(imageID, project string) string {
	return "Image " + imageID + " belongs to project " + project + ", which the provider is signed in to: a share is answered by the project that receives it, not by the owner. " +
		"Give the resource the provider of the receiving project, such as `provider = ims.receiver`."
}

// answerAdvice explains a refusal that comes from the wrong project having answered.
func answerAdvice(err error, imageID, project string) string {
	var refused *ims.Error
	if errors.As(err, &refused) && (refused.Status == http.StatusForbidden || ims.HasCode(err, "IMG.0047", "IMG.0067", "IMG.0106")) {
		return "Only the project that image " + imageID + " is shared with may answer, not its owner and no other project. The provider is signed in to project " + project +
			": check that it is the receiver, and that its user may use IMS there."
	}
	if ims.IsJobFailure(err) {
		return "Check that the image is still shared with project " + project + ". Accepting a full-ECS image needs vault_id."
	}
	return ""
}
