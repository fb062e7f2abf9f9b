package ims

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ShareImage shares an image, and waits for it (API reference, Adding Image Sharing Members). The job can succeed and
// parts of it fail: failed are the projects of which the service says so. Not every service says whose part failed, or
// that one did: the list of members shows it. Members that were there before have an earlier creation time than since.
func (c *Client) ShareImage(
	ctx context.Context, imageID string, with []Recipient,
) (failed []Recipient, since time.Time, err error) {
	begin := c.Now()
	job, err := c.changeMembers(ctx, memberChange{
		operation: "share image " + imageID, method: http.MethodPost, expected: 2400 * time.Millisecond,
		body: membersBody(imageID, with),
		done: func(ctx context.Context) (bool, error) {
			members, err := c.Members(ctx, imageID)
			return err == nil && len(without(with, members)) == 0, err
		},
	})
	// Creation times are whole seconds, of a clock that need not be the gateway's.
	return failedProjects(job), c.corrected(begin).Add(-sharedAround), err
}

// sharedAround is how far the clocks of the service's parts may be apart.
const sharedAround = 2 * time.Second

// StopSharing stops sharing an image, and waits for it (API reference, Deleting Image Sharing Members). Recipients that
// are no members do no harm. The job shows nothing of its parts: only the list of members does.
func (c *Client) StopSharing(ctx context.Context, imageID string, with []Recipient) error {
	_, err := c.changeMembers(ctx, memberChange{
		operation: "stop sharing image " + imageID, method: http.MethodDelete, expected: 1400 * time.Millisecond,
		body: membersBody(imageID, with),
		done: func(ctx context.Context) (bool, error) {
			members, err := c.Members(ctx, imageID)
			return err == nil && len(without(with, members)) == len(with), err
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
	if err == nil && job != nil && slices.ContainsFunc(job.Entities.Results, MemberOutcome.isFailed) {
		return &Error{Operation: operation, JobID: job.ID, Message: "the job succeeded, and this part of it failed; the " +
			"service gave no reason"}
	}
	return err
}

type membersRequest struct {
	Images   []string `json:"images"`
	Projects []string `json:"projects,omitempty"`
	Domains  []string `json:"domains,omitempty"` // only Huawei Cloud has them
}

func membersBody(imageID string, recipients []Recipient) membersRequest {
	body := membersRequest{Images: []string{imageID}}
	for _, recipient := range recipients {
		if recipient.Type == MemberDomain {
			body.Domains = append(body.Domains, recipient.ID)
			continue
		}
		body.Projects = append(body.Projects, recipient.ID)
	}
	return body
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
// that is there already, or gone already, is what was asked for, so that doing it twice does nothing twice. A change
// that was accepted and whose end is not known is a [*WaitError].
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
	begin := c.clock.Now()
	job, err := c.Wait(ctx, change.operation, started)
	if IsNotFound(err) {
		seen, lookErr := c.Until(ctx, effectIn, change.done)
		switch {
		case seen:
			return nil, nil
		case lookErr == nil:
			return nil, &Error{Operation: change.operation, JobID: started.ID, Message: "the record of the job is gone, and " +
				"what it was for is not done"}
		}
		err = lookErr
	}
	var cut *WaitError
	if err == nil || IsJobFailure(err) || errors.As(err, &cut) {
		return job, err
	}
	return nil, &WaitError{For: "job " + started.ID, JobID: started.ID, After: c.clock.Now().Sub(begin), Err: err}
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

// isFailed is true of a part that failed; an outcome in unknown words did not.
func (o MemberOutcome) isFailed() bool {
	status := strings.ToLower(o.Status)
	return strings.HasPrefix(status, "fail") || strings.HasPrefix(status, "error")
}

// failedProjects are the projects whose part of a job failed, as far as it names them.
func failedProjects(job *Job) []Recipient {
	if job == nil {
		return nil
	}
	var failed []string
	for _, part := range job.Entities.Results {
		if part.isFailed() && part.ProjectID != "" {
			failed = append(failed, part.ProjectID)
		}
	}
	slices.Sort(failed)
	return Recipients(MemberProject, failed...)
}
