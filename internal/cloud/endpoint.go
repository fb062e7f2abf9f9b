package cloud

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// place is where the image service is: its URL without a version and with a trailing slash, and its region if that is known.
type place struct {
	endpoint string
	region   string
}

// everyRegion is how catalogs mark an endpoint that serves all regions.
const everyRegion = "*"

// imagePlace picks the image service out of a catalog. Without a region it takes the one that the project's name begins with, or the only
// one there is. gophercloud's own choice is the first endpoint of the catalog, whatever its region. found is false when the catalog has no
// image service at all.
func imagePlace(catalog []tokens.CatalogEntry, availability, region, projectName string) (p place, found bool, err error) {
	var offered []tokens.Endpoint
	for _, entry := range catalog {
		if entry.Type != "image" {
			continue
		}
		for _, e := range entry.Endpoints {
			if e.Interface == availability && e.URL != "" {
				offered = append(offered, e)
			}
		}
	}
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
	var regions []string
	for _, e := range offered {
		if name := endpointRegion(e); !slices.Contains(regions, name) {
			regions = append(regions, name)
		}
	}
	if i := slices.IndexFunc(offered, func(e tokens.Endpoint) bool { return endpointRegion(e) == "" }); i >= 0 {
		return place{withoutVersion(offered[i].URL), region}, true, nil
	}
	if region == "" && len(regions) == 1 {
		return place{withoutVersion(offered[0].URL), regions[0]}, true, nil
	}
	if region == "" {
		return place{}, true, fmt.Errorf("the catalog offers the image service in several regions: %s. Give region", strings.Join(regions, ", "))
	}
	return place{}, true, fmt.Errorf("the catalog does not offer the image service in region %q, but in: %s", region, strings.Join(regions, ", "))
}

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

// regionOfProject is the region in a project's name: such clouds name projects "region" or "region_something".
func regionOfProject(projectName string) string {
	region, _, _ := strings.Cut(projectName, "_")
	return region
}

var (
	trailingVersion = regexp.MustCompile(`/v\d+(\.\d+)?/*$`)
	regionLabel     = regexp.MustCompile(`^[a-z]{2}-[a-z]+\d*(-\d+)?$`)
)

// withoutVersion makes a URL of the catalog, or of a user, a base: no version, one trailing slash.
func withoutVersion(text string) string {
	return strings.TrimRight(trailingVersion.ReplaceAllString(text, ""), "/") + "/"
}

// identityURL is the v3 identity service of an auth_url, with a trailing slash.
func identityURL(authURL string) string {
	return withoutVersion(authURL) + "v3/"
}

// derivedPlace derives the image service from the identity service, for clouds whose hosts are called iam.<region>.<rest> and
// ims.<region>.<rest>. The Swiss Open Telekom Cloud has iam-pub.<region>.<rest>, and its other services are <service>.<region>.<rest>.
// Where auth_url is that of another region, or of none (Huawei Cloud's global one), the configured region is put in its place.
func derivedPlace(authURL, region string) (place, bool) {
	u, err := url.Parse(authURL)
	if err != nil {
		return place{}, false
	}
	label, rest, ok := strings.Cut(u.Hostname(), ".")
	if !ok || (label != "iam" && label != "iam-pub") {
		return place{}, false
	}
	first, others, _ := strings.Cut(rest, ".")
	switch {
	case regionLabel.MatchString(first) && (region == "" || region == first):
		region = first
	case regionLabel.MatchString(first):
		rest = region + "." + others
	case region == "":
		return place{}, false
	default:
		rest = region + "." + rest
	}
	return place{endpoint: u.Scheme + "://ims." + rest + "/", region: region}, true
}
