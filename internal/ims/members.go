package ims

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Answers to a share (API reference, Updating the Sharing Status for Images). A share that nobody has answered is
// pending.
const (
	MemberPending  = "pending"
	MemberAccepted = "accepted"
	MemberRejected = "rejected"
)

// Limits of sharing (API reference, Adding Image Sharing Members).
const (
	MaxMembers          = 256
	MaxWholeImageShares = 10 // of a full-ECS image
)

// Member is a project that an image is shared with (API reference, Querying Image Sharing Members (Native OpenStack
// API)).
type Member struct {
	ImageID   string    `json:"image_id"`
	ProjectID string    `json:"member_id"`
	Status    string    `json:"status"`
	CreatedAt Timestamp `json:"created_at"`
	UpdatedAt Timestamp `json:"updated_at"`
}

// Members lists the projects that an image is shared with, in the order of their ids. Its owner sees them all, a member
// only itself. An image that does not exist is [ErrNotFound]. The list is Glance's: it is the one that every cloud has.
func (c *Client) Members(ctx context.Context, imageID string) ([]Member, error) {
	var body struct {
		Members []Member `json:"members"`
	}
	err := c.do(ctx, call{
		operation: "list members of image " + imageID, class: safe, list: true,
		method: http.MethodGet, path: "v2/images/" + url.PathEscape(imageID) + "/members",
	}, &body)
	if isStatus(err, http.StatusNotFound) {
		// Either the image is gone or the address is wrong. Taking the one for the other would forget a share that exists.
		if _, readErr := c.Image(ctx, imageID); IsNotFound(readErr) {
			return nil, readErr
		}
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(body.Members, func(a, b Member) int { return strings.Compare(a.ProjectID, b.ProjectID) })
	return body.Members, nil
}

// Member reads one project's membership of an image. A project that is none of its members is an error of which
// [IsNotFound] is true, and so is an image that the asking project does not see.
func (c *Client) Member(ctx context.Context, imageID, projectID string) (*Member, error) {
	var member Member
	err := c.do(ctx, call{
		operation: fmt.Sprintf("read member %s of image %s", projectID, imageID), class: safe,
		method: http.MethodGet, path: "v2/images/" + url.PathEscape(imageID) + "/members/" + url.PathEscape(projectID),
	}, &member)
	if err != nil {
		return nil, err
	}
	return &member, nil
}

// ReceivedImage reads an image that another project shares with this one and that this one has answered so: lists leave
// out shares that are not accepted unless asked for them. One that there is not is [ErrNotFound].
func (c *Client) ReceivedImage(ctx context.Context, imageID, memberStatus string) (*Image, error) {
	images, err := c.Images(
		ctx,
		ImageFilter{ID: imageID, ImageType: ImageTypeShared, Visibility: "shared", MemberStatus: memberStatus},
	)
	if err != nil {
		return nil, err
	}
	for i := range images {
		if images[i].ID == imageID {
			return &images[i], nil
		}
	}
	return nil, fmt.Errorf("read image %s: %w", imageID, ErrNotFound)
}

// ShareImage shares an image with projects, and waits for it (API reference, Adding Image Sharing Members). The job can
// succeed and parts of it fail: failed are the projects that the service says it could not share with. Members that
// were there before have an earlier creation time than since.
func (c *Client) ShareImage(
	ctx context.Context,
	imageID string,
	projectIDs []string,
) (failed []string, since time.Time, err error) {
	begin := c.Now()
	job, err := c.changeMembers(ctx, memberChange{
		operation: "share image " + imageID, method: http.MethodPost, expected: 2400 * time.Millisecond,
		body: membersRequest{Images: []string{imageID}, Projects: projectIDs},
		done: func(ctx context.Context) (bool, error) {
			members, err := c.Members(ctx, imageID)
			return err == nil && len(without(projectIDs, members)) == 0, err
		},
	})
	// Creation times are whole seconds, of a clock that need not be the gateway's.
	return failedProjects(job), c.corrected(begin).Add(-sharedAround), err
}

// sharedAround is how far the clocks of the service's parts may be apart.
const sharedAround = 2 * time.Second

// StopSharing stops sharing an image with projects, and waits for it (API reference, Deleting Image Sharing Members).
// Projects that are no members do no harm. The job tells nothing of its parts: only the list of members does.
func (c *Client) StopSharing(ctx context.Context, imageID string, projectIDs []string) error {
	_, err := c.changeMembers(ctx, memberChange{
		operation: "stop sharing image " + imageID, method: http.MethodDelete, expected: 1400 * time.Millisecond,
		body: membersRequest{Images: []string{imageID}, Projects: projectIDs},
		done: func(ctx context.Context) (bool, error) {
			members, err := c.Members(ctx, imageID)
			return err == nil && len(without(projectIDs, members)) == len(projectIDs), err
		},
	})
	return err
}

// AnswerShare accepts or rejects an image that is shared with a project, and waits for it (API reference, Updating the
// Sharing Status for Images). vaultID is where the backup of a full-ECS image goes; it may be empty for others. A job
// that succeeded without doing it is an [*Error].
func (c *Client) AnswerShare(ctx context.Context, imageID, projectID, status, vaultID string) error {
	operation := "answer the share of image " + imageID
	job, err := c.changeMembers(ctx, memberChange{
		operation: operation, method: http.MethodPut, expected: 900 * time.Millisecond,
		body: answerRequest{Images: []string{imageID}, ProjectID: projectID, Status: status, VaultID: vaultID},
		done: func(ctx context.Context) (bool, error) {
			member, err := c.Member(ctx, imageID, projectID)
			return err == nil && member.Status == status, err
		},
	})
	if err == nil && len(failedProjects(job)) > 0 {
		return &Error{Operation: operation, JobID: job.ID, Message: "the job succeeded, and this part of it failed; the " +
			"service gave no reason"}
	}
	return err
}

type membersRequest struct {
	Images   []string `json:"images"`
	Projects []string `json:"projects"`
}

type answerRequest struct {
	Images    []string `json:"images"`
	ProjectID string   `json:"project_id"`
	Status    string   `json:"status"`
	VaultID   string   `json:"vault_id,omitempty"`
}

// memberChange is a request that starts a job on members. Its effect can be looked up.
type memberChange struct {
	operation, method string
	body              any
	expected          time.Duration
	done              func(context.Context) (bool, error)
}

// effectIn is how long the effect of a change is looked for whose answer, or whose job's record, was lost.
const effectIn = 30 * time.Second

// changeMembers sends a change and waits for its job, which is nil if only the effect was seen. After a lost answer the
// effect is looked for, and when it does not show the request is sent once more: unlike the making of an image, a share
// that is there already, or gone already, is what was asked for, so that doing it twice does nothing twice.
func (c *Client) changeMembers(ctx context.Context, change memberChange) (*Job, error) {
	started, err := c.sendChange(ctx, change)
	if AnswerLost(err) {
		seen, lookErr := c.Until(ctx, effectIn, change.done)
		if seen {
			return nil, nil
		}
		if lookErr != nil {
			return nil, fmt.Errorf("%w; looking whether it was done: %w", err, lookErr)
		}
		started, err = c.sendChange(ctx, change)
	}
	if err != nil {
		return nil, err
	}
	job, err := c.Wait(ctx, change.operation, started)
	if IsNotFound(err) {
		seen, lookErr := c.Until(ctx, effectIn, change.done)
		if seen || lookErr != nil {
			return nil, lookErr
		}
		return nil, &Error{Operation: change.operation, JobID: started.ID, Message: "the record of the job is gone, and " +
			"what it was for is not done"}
	}
	return job, err
}

func (c *Client) sendChange(ctx context.Context, change memberChange) (StartedJob, error) {
	var accepted acceptedJob
	err := c.do(ctx, call{
		operation: change.operation,
		class:     startsJob,
		method:    change.method,
		path:      "v1/cloudimages/members",
		body:      change.body,
	}, &accepted)
	return StartedJob{ID: accepted.id, Expected: change.expected}, err
}

// Until looks until done says yes, at once and then ever more rarely; false: it did not within the limit. Looks that
// fail in passing count as no.
func (c *Client) Until(
	ctx context.Context, limit time.Duration, done func(context.Context) (bool, error),
) (bool, error) {
	err := c.Poll(ctx, Polling{For: "a change of members", Limit: limit}, func(ctx context.Context) (Look, error) {
		yes, err := done(ctx)
		return Look{Done: yes}, err
	})
	if errors.Is(err, ErrNotYet) && !isPassing(err) {
		return false, nil
	}
	return err == nil, err
}

// failedProjects are the projects whose part of a job failed; an outcome in unknown words is none.
func failedProjects(job *Job) []string {
	if job == nil {
		return nil
	}
	var failed []string
	for _, outcome := range job.Entities.Results {
		status := strings.ToLower(outcome.Status)
		if strings.HasPrefix(status, "fail") || strings.HasPrefix(status, "error") {
			failed = append(failed, outcome.ProjectID)
		}
	}
	slices.Sort(failed)
	return failed
}

func isStatus(err error, status int) bool {
	var answered *Error
	return errors.As(err, &answered) && answered.Status == status
}

// without are the projects that are no members.
func without(projectIDs []string, members []Member) []string {
	return slices.DeleteFunc(slices.Clone(projectIDs), func(id string) bool {
		return slices.ContainsFunc(members, func(m Member) bool { return m.ProjectID == id })
	})
}

// MembersAfter lists an image's members once the list shows a change: wanted are there, and unwanted are not. A list
// that does not within half a minute is returned as it then is.
func (c *Client) MembersAfter(ctx context.Context, imageID string, wanted, unwanted []string) ([]Member, error) {
	var members []Member
	_, err := c.Until(ctx, effectIn, func(ctx context.Context) (bool, error) {
		var err error
		members, err = c.Members(ctx, imageID)
		return len(without(wanted, members)) == 0 && len(without(unwanted, members)) == len(unwanted), err
	})
	return members, err
}
