package ims

import (
	"context"
	"encoding/json"
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

// Types of members. Huawei Cloud has all three (API reference, Querying Members of an Image). Other clouds have
// projects alone, and do not say so.
const (
	MemberProject      = "project"
	MemberDomain       = "domain" // an account, with all its projects
	MemberOrganization = "organization"
)

// Limits of sharing (API reference, Adding Image Sharing Members).
const (
	MaxMembers          = 256 // of Open Telekom Cloud and Huawei Cloud
	MaxMembersSwiss     = 128 // of Swiss Open Telekom Cloud
	MaxWholeImageShares = 10  // of a full-ECS image
)

// Recipient is whom an image is shared with.
type Recipient struct {
	Type string // MemberProject, MemberDomain or MemberOrganization
	ID   string
}

// Recipients are recipients of one type.
func Recipients(memberType string, ids ...string) []Recipient {
	recipients := make([]Recipient, 0, len(ids))
	for _, id := range ids {
		recipients = append(recipients, Recipient{memberType, id})
	}
	return recipients
}

// Member is one with whom an image is shared (API reference, Querying Image Sharing Members (Native OpenStack API)).
type Member struct {
	ImageID   string    `json:"image_id"`
	ID        string    `json:"member_id"`
	Type      string    `json:"member_type"` // MemberProject where the cloud does not say it
	Status    string    `json:"status"`
	CreatedAt Timestamp `json:"created_at"`
	UpdatedAt Timestamp `json:"updated_at"`
}

// UnmarshalJSON refuses a member without an id, and takes one without a type for a project.
func (m *Member) UnmarshalJSON(data []byte) error {
	type plain Member
	if err := json.Unmarshal(data, (*plain)(m)); err != nil {
		return err
	}
	if m.ID == "" {
		return errors.New("it holds a member without an id")
	}
	if m.Type = strings.ToLower(m.Type); m.Type == "" {
		m.Type = MemberProject
	}
	return nil
}

// Recipient is who the member is.
func (m *Member) Recipient() Recipient { return Recipient{m.Type, m.ID} }

// memberPage is one page of a list of members. Only Huawei Cloud gives more than one.
type memberPage struct {
	Members []Member
	Next    string // marker of the next page; "": there is none
}

// UnmarshalJSON refuses an answer without a list: it must not pass for an empty one, which says that an image is shared
// with nobody.
func (p *memberPage) UnmarshalJSON(data []byte) error {
	var body struct {
		Members *[]*Member `json:"members"`
		Page    struct {
			NextMarker string `json:"next_marker"`
		} `json:"page_info"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	if body.Members == nil {
		return errors.New("it holds no list of members")
	}
	for _, member := range *body.Members {
		if member == nil {
			return errors.New("it holds a member without an id")
		}
		p.Members = append(p.Members, *member)
	}
	p.Next = body.Page.NextMarker
	return nil
}

// Members lists those with whom an image is shared, in the order of their ids, reading every page. Its owner sees them
// all, a member only itself. An image that does not exist is [ErrNotFound]. The list is Glance's: it is the one that
// every cloud has.
func (c *Client) Members(ctx context.Context, imageID string) ([]Member, error) {
	call := call{
		operation: "list members of image " + imageID, class: safe, list: true,
		method: http.MethodGet, path: "v2/images/" + url.PathEscape(imageID) + "/members",
	}
	members := []Member{} // empty is shared with nobody, and not the same as unread
	seen := map[Recipient]bool{}
	for {
		var page memberPage
		err := c.do(ctx, call, &page)
		if isStatus(err, http.StatusNotFound) {
			// Either the image is gone or the address is wrong. Taking the one for the other would forget a share that exists.
			if _, readErr := c.Image(ctx, imageID); IsNotFound(readErr) {
				return nil, readErr
			}
		}
		if err != nil {
			return nil, err
		}

		before := len(members)
		for _, member := range page.Members {
			if !seen[member.Recipient()] {
				seen[member.Recipient()] = true
				members = append(members, member)
			}
		}
		switch {
		case page.Next == "":
			slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.ID, b.ID) })
			return members, nil
		case len(members) == before:
			return nil, &Error{
				Operation: call.operation, Status: http.StatusOK, list: true,
				Message: "the list does not end: a page shows no member that is new, and says that more follow",
			}
		}
		call.query = url.Values{"marker": {page.Next}}
	}
}

// Member reads one project's membership of an image. A project that is none of its members is an error of which
// [IsNotFound] is true, and so is an image that the asking project does not see.
func (c *Client) Member(ctx context.Context, imageID, projectID string) (*Member, error) {
	call := call{
		operation: fmt.Sprintf("read member %s of image %s", projectID, imageID), class: safe,
		method: http.MethodGet, path: "v2/images/" + url.PathEscape(imageID) + "/members/" + url.PathEscape(projectID),
	}
	var member Member
	if err := c.do(ctx, call, &member); err != nil {
		return nil, err
	}
	if member.ID != projectID {
		return nil, &Error{
			Operation: call.operation, Status: http.StatusOK, list: true, Message: "the answer is not the member",
		}
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

// MembersAfter lists an image's members once the list shows a change: wanted are there, and unwanted are not. A list
// that does not within half a minute is returned as it then is.
func (c *Client) MembersAfter(ctx context.Context, imageID string, wanted, unwanted []Recipient) ([]Member, error) {
	var members []Member
	_, err := c.Until(ctx, effectIn, func(ctx context.Context) (bool, error) {
		var err error
		members, err = c.Members(ctx, imageID)
		return len(without(wanted, members)) == 0 && len(without(unwanted, members)) == len(unwanted), err
	})
	return members, err
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

// without are the recipients that are no members.
func without(recipients []Recipient, members []Member) []Recipient {
	return slices.DeleteFunc(slices.Clone(recipients), func(r Recipient) bool {
		return slices.ContainsFunc(members, func(m Member) bool { return m.Recipient() == r })
	})
}

func isStatus(err error, status int) bool {
	var answered *Error
	return errors.As(err, &answered) && answered.Status == status
}
