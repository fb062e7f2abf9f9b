package ims

import (
	"context"
	"net/http"
	"net/url"
)

// OSVersion is an operating system that the service supports (API reference, Querying the OSs Supported by Image).
type OSVersion struct {
	Platform string `json:"platform"`
	Key      string `json:"os_version_key"`
	Version  string `json:"os_version"`
	Bit      Int    `json:"os_bit"`
	Type     string `json:"os_type"`
}

// OSVersions lists the supported operating systems, in the service's order. Tags narrow the list: an entry has one of
// them. Not every cloud has the operation: of one that has it not the answer is [IsNotOffered].
func (c *Client) OSVersions(ctx context.Context, tags []string) ([]OSVersion, error) {
	query := url.Values{}
	for _, tag := range tags {
		query.Add("tag", tag)
	}
	var platforms []struct {
		Platform string      `json:"platform"`
		Versions []OSVersion `json:"version_list"`
	}
	err := c.do(ctx, call{
		operation: "list OS versions",
		class:     safe,
		list:      true,
		method:    http.MethodGet,
		path:      "v1/cloudimages/os_version",
		query:     query,
	}, &platforms)
	if err != nil {
		return nil, err
	}
	var versions []OSVersion
	for _, platform := range platforms {
		for _, version := range platform.Versions {
			if version.Platform == "" {
				version.Platform = platform.Platform
			}
			versions = append(versions, version)
		}
	}
	return versions, nil
}
