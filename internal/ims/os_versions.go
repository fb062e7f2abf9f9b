package ims

import (
	"cmp"
	"context"
	"encoding/json"
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
	var versions osVersions
	err := c.do(ctx, call{
		operation: "list OS versions",
		class:     safe,
		list:      true,
		method:    http.MethodGet,
		path:      "v1/cloudimages/os_version",
		query:     query,
	}, &versions)
	return versions, err
}

// osVersions are the versions of all platforms.
type osVersions []OSVersion

// UnmarshalJSON refuses an answer without a list of platforms, and a platform without its name. One without versions
// has none.
func (v *osVersions) UnmarshalJSON(data []byte) error {
	type platform struct {
		Name     string      `json:"platform"`
		Versions []OSVersion `json:"version_list"`
	}
	var body *[]platform
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	platforms, err := required(body, "platforms", "name", func(p *platform) string { return p.Name })
	if err != nil {
		return err
	}
	for _, each := range platforms {
		versions, err := required(&each.Versions, "OS versions", "name", func(v *OSVersion) string { return v.Version })
		if err != nil {
			return err
		}
		for _, version := range versions {
			version.Platform = cmp.Or(version.Platform, each.Name)
			*v = append(*v, version)
		}
	}
	return nil
}
