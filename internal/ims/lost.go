package ims

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// SearchFor is how long the image of a request whose answer was lost is searched for.
const SearchFor = 2 * time.Minute

// Created describes an image that a request may have made: what is known of it without its id.
type Created struct {
	Since               time.Time         `json:"since"` // the service's time when the request was sent
	Name                string            `json:"name"`
	Description         string            `json:"description,omitempty"`
	Tags                map[string]string `json:"tags,omitempty"`
	MinDisk             int64             `json:"min_disk,omitempty"` // 0: not sent
	EnterpriseProjectID string            `json:"enterprise_project_id,omitempty"`
	Origin              string            `json:"origin,omitempty"` // as __data_origin would tell it
	Environment         string            `json:"-"`                // as virtual_env_type would tell it; empty: not known
}

// UnclearError is a search for a request's image that found none, or several that could be it.
type UnclearError struct {
	Searched   time.Duration
	Candidates []Image
}

func (e *UnclearError) Error() string {
	switch len(e.Candidates) {
	case 0:
		return fmt.Sprintf("no image that fits the request appeared within %s", e.Searched.Round(time.Second))
	case 1:
		return fmt.Sprintf(
			"image %s fits the request, and another request for an image of the same name is under way",
			e.Candidates[0].ID,
		)
	default:
		return fmt.Sprintf("%d images fit the request", len(e.Candidates))
	}
}

// FindCreated finds the image of a request whose answer was lost. It looks until one appears, for two minutes at most,
// and returns an [*UnclearError] when none or several fit. One look is made at a time, so that two searches never take
// the same image; one found counts as this process's own from then on.
func (c *Client) FindCreated(ctx context.Context, created Created) (*Image, error) {
	begin := c.clock.Now()
	polling := Polling{For: fmt.Sprintf("the image %q of a request whose answer was lost", created.Name), Limit: SearchFor}
	var found *Image
	var unclear *UnclearError
	err := c.Poll(ctx, polling, func(ctx context.Context) (Look, error) {
		var err error
		found, err = c.LookForCreated(ctx, created)
		if errors.As(err, &unclear) {
			err = nil
		}
		return Look{Done: found != nil}, err
	})
	switch {
	case err == nil:
		return found, nil
	case !errors.Is(err, ErrNotYet):
		return nil, err
	case isPassing(err): // it may be there: nobody could look
		return nil, err
	}
	unclear.Searched = c.clock.Now().Sub(begin)
	return nil, unclear
}

// LookForCreated is [Client.FindCreated] with a single look.
func (c *Client) LookForCreated(ctx context.Context, created Created) (*Image, error) {
	select {
	case c.lookup <- struct{}{}:
		defer func() { <-c.lookup }()
	case <-ctx.Done():
		return nil, fmt.Errorf("looking for image %q: %w", created.Name, ctx.Err())
	}
	scope, err := c.session.Connect(ctx)
	if err != nil {
		return nil, err
	}
	images, err := c.Images(ctx, ImageFilter{Owner: scope.ProjectID, Name: created.Name})
	if err != nil {
		return nil, err
	}
	fitting := c.fitting(images, scope.ProjectID, created)
	// A single one may yet be another resource's, of the same name and not finished: then only time tells.
	if len(fitting) == 1 && !c.rivals(created.Name) {
		c.MarkMade(fitting[0].ID)
		return &fitting[0], nil
	}
	slices.SortFunc(fitting, CompareAge)
	return nil, &UnclearError{Candidates: fitting}
}

// fitting are the images of ours that a request may have made.
func (c *Client) fitting(images []Image, projectID string, created Created) []Image {
	created.Since = c.corrected(created.Since)
	var fitting []Image
	for _, image := range images {
		if image.Owner == projectID && !c.HasMade(image.ID) && created.fits(&image) {
			fitting = append(fitting, image)
		}
	}
	return fitting
}

// fits compares what the request said with the image. What the service fills in by itself, or may not tell yet, is no
// reason against it.
func (w Created) fits(image *Image) bool {
	// Clocks show whole seconds in both the Date header and created_at. Without a time, nothing is known of the request.
	if w.Since.IsZero() || image.CreatedAt.Before(w.Since.Truncate(time.Second)) {
		return false
	}
	switch {
	case w.Name == "" && image.DataOrigin == "": // nothing of its own to know it by
		return false
	case w.Name != "" && image.Name != w.Name, image.Description != w.Description:
		return false
	case w.Environment != "" && image.Environment != w.Environment:
		return false
	case w.MinDisk != 0 && int64(image.MinDisk) != w.MinDisk:
		return false
	case w.EnterpriseProjectID != "" && image.EnterpriseProjectID != "" &&
		image.EnterpriseProjectID != w.EnterpriseProjectID:
		return false
	case image.DataOrigin != "" && w.Origin != "" && image.DataOrigin != w.Origin:
		return false
	}
	tags := image.TagMap()
	if len(tags) == 0 {
		return true // tags may come late
	}
	for key, value := range w.Tags {
		if has, ok := tags[key]; !ok || has != value {
			return false
		}
	}
	return len(tags) == len(w.Tags)
}

// Making says that a request for an image of the name is under way, until the returned function is called. A search for
// a lost answer takes nothing that may turn out to be the image of another such request.
func (c *Client) Making(name string) (done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.making[name]++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.making[name]--; c.making[name] == 0 {
			delete(c.making, name)
		}
	})
}

// rivals tells whether another request than the caller's own is making an image of the name.
func (c *Client) rivals(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.making[name] > 1
}

// MarkMade remembers an image as made by this process, so that a search for a lost answer does not take it for its own.
func (c *Client) MarkMade(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made[id] = struct{}{}
}

// HasMade tells whether this process made or adopted an image.
func (c *Client) HasMade(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, made := c.made[id]
	return made
}

// IsUnclear tells whether err is a search that found none or several, and gives it.
func IsUnclear(err error) (*UnclearError, bool) {
	var unclear *UnclearError
	is := errors.As(err, &unclear)
	return unclear, is
}
