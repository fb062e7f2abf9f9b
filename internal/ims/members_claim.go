package ims

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// claims are what the shares that this process has made want, by image. An engine may replace a share of an image by
// another one of the same image, the new one first: the end of the old one must not take from the new one.
type claims struct {
	mu sync.Mutex
	of map[string]*claim
}

// claim is what is wanted of one image.
type claim struct {
	turn chan struct{}          // one place: one change of the image's shares at a time
	by   map[string][]Recipient // whom each holder wants it shared with
}

func (c *claims) get(imageID string) *claim {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of[imageID] == nil {
		if c.of == nil {
			c.of = map[string]*claim{}
		}
		c.of[imageID] = &claim{turn: make(chan struct{}, 1), by: map[string][]Recipient{}}
	}
	return c.of[imageID]
}

// TakeTurn waits until no other holder of this process changes with whom an image is shared, or how that is answered.
// done ends the turn.
func (c *Client) TakeTurn(ctx context.Context, imageID string) (done func(), err error) {
	turn := c.claims.get(imageID).turn
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for another change of the shares of image %s: %w", imageID, ctx.Err())
	}
}

// Claim notes whom a holder wants an image shared with. No recipients end its claim.
func (c *Client) Claim(imageID, holder string, recipients []Recipient) {
	claim := c.claims.get(imageID)
	c.claims.mu.Lock()
	defer c.claims.mu.Unlock()
	if claim.by[holder] = recipients; len(recipients) == 0 {
		delete(claim.by, holder)
	}
}

// Unclaimed are those of the recipients that no other holder wants an image shared with.
func (c *Client) Unclaimed(imageID, holder string, recipients []Recipient) []Recipient {
	claim := c.claims.get(imageID)
	c.claims.mu.Lock()
	defer c.claims.mu.Unlock()
	left := slices.Clone(recipients)
	for by, claimed := range claim.by {
		if by != holder {
			left = slices.DeleteFunc(left, func(r Recipient) bool { return slices.Contains(claimed, r) })
		}
	}
	return left
}
