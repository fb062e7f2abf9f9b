package cloud

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// everyRegion is how catalogs mark an endpoint that serves all regions.
const everyRegion = "*"

// catalogPlace picks the image service out of a catalog. Without a region it takes the one that the project's name
// begins with, or the only one there is. gophercloud's own choice is the first endpoint of the catalog, whatever its
// region. found is false when the catalog has no image service at all.
func catalogPlace(
	catalog []tokens.CatalogEntry, kind, region, projectName string,
) (p place, found bool, err error) {
	offered := imageEndpoints(catalog, kind)
	if len(offered) == 0 {
		return place{}, false, nil
	}

	wanted := region
	if wanted == "" {
		wanted = regionOfProject(projectName)
	}
	for _, e := range offered {
		if wanted != "" && (e.Region == wanted || e.RegionID == wanted) {
			return place{withoutVersion(e.URL), wanted}, true, nil
		}
	}
	for _, e := range offered {
		if endpointRegion(e) == "" {
			return place{withoutVersion(e.URL), region}, true, nil
		}
	}

	regions := endpointRegions(offered)
	switch {
	case region == "" && len(regions) == 1:
		return place{withoutVersion(offered[0].URL), regions[0]}, true, nil
	case region == "":
		return place{}, true, fmt.Errorf("the catalog offers the image service in several regions: %s. Give region",
			strings.Join(regions, ", "))
	default:
		return place{}, true, fmt.Errorf("the catalog does not offer the image service in region %q, but in: %s",
			region, strings.Join(regions, ", "))
	}
}

// imageEndpoints are the image service's endpoints of one kind: public, internal or admin.
func imageEndpoints(catalog []tokens.CatalogEntry, kind string) []tokens.Endpoint {
	var list []tokens.Endpoint
	for _, entry := range catalog {
		if entry.Type != "image" {
			continue
		}
		for _, e := range entry.Endpoints {
			if e.Interface == kind && e.URL != "" {
				list = append(list, e)
			}
		}
	}
	return list
}

// endpointRegion is the region that an endpoint serves, or "" if it serves all.
func endpointRegion(e tokens.Endpoint) string {
	name := e.Region
	if name == "" {
		name = e.RegionID
	}
	if name == everyRegion {
		return ""
	}
	return name
}

// endpointRegions are the endpoints' regions, each once.
func endpointRegions(endpoints []tokens.Endpoint) []string {
	var regions []string
	for _, e := range endpoints {
		if name := endpointRegion(e); !slices.Contains(regions, name) {
			regions = append(regions, name)
		}
	}
	return regions
}
