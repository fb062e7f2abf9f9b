package ims

import "fmt"

// place is a project in a region, by names.
type place struct{ region, project string }

// In is the client of another region, in the project of the name there (empty: the one that is named like the region),
// with the same way of signing in. The same place has the same client. Only its images are there: copies across regions
// are asked for and done in the region that they come from, so that its jobs are those of c.
func (c *Client) In(region, project string) (*Client, error) {
	if c.options.Elsewhere == nil {
		return nil, fmt.Errorf("region %s cannot be reached with this way of signing in", region)
	}
	there := place{region, project}
	c.mu.Lock()
	defer c.mu.Unlock()
	client, known := c.elsewhere[there]
	if !known {
		client = New(c.options.Elsewhere(region, project), c.options)
		client.home = c
		c.elsewhere[there] = client
	}
	return client, nil
}

// jobs is the client of the region whose jobs make the images of this one.
func (c *Client) jobs() *Client {
	if c.home == nil {
		return c
	}
	return c.home
}
