package cloud

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// place is where the image service is: its URL without a version and with a trailing slash, and its region if that is
// known.
type place struct {
	endpoint string
	region   string
}

// locate completes a scope with the endpoint and the region: given by the user, of the catalog, or derived from the
// identity service's host.
func (s *Session) locate(scope *Scope, catalog []tokens.CatalogEntry) error {
	set := s.settings
	given, region := set.Get(settings.Endpoint), set.Get(settings.Region)
	listed, found, err := catalogPlace(catalog, set.Interface(), region, scope.ProjectName)
	derived, derivable := derivedPlace(set.Get(settings.AuthURL), region)

	switch {
	case given != "":
		scope.Endpoint = withoutVersion(given)
	case err != nil:
		return s.definiteError(err.Error())
	case found:
		scope.Endpoint = listed.endpoint
	case derivable:
		scope.Endpoint = derived.endpoint
	default:
		return s.definiteError(
			"the catalog has no image service, and its address cannot be derived from auth_url. Give endpoint")
	}

	scope.Region = cmp.Or(region, listed.region, derived.region, regionOfProject(scope.ProjectName))
	if scope.Region == "" {
		return s.definiteError("the region is not known. Give region")
	}
	return nil
}

// regionOfProject is the region in a project's name: such clouds name projects "region" or "region_something".
func regionOfProject(projectName string) string {
	region, _, _ := strings.Cut(projectName, "_")
	return region
}

var trailingVersion = regexp.MustCompile(`/v\d+(\.\d+)?/*$`)

// withoutVersion makes a URL of the catalog, or of a user, a base: no version, one trailing slash.
func withoutVersion(text string) string {
	return strings.TrimRight(trailingVersion.ReplaceAllString(text, ""), "/") + "/"
}

// identityURL is the v3 identity service of an auth_url, with a trailing slash.
func identityURL(authURL string) string {
	return withoutVersion(authURL) + "v3/"
}
