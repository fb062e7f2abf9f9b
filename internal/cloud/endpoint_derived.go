package cloud

import (
	"net/url"
	"regexp"
	"strings"
)

var regionLabel = regexp.MustCompile(`^[a-z]{2}-[a-z]+\d*(-\d+)?$`)

// derivedPlace derives the image service from the identity service, for clouds whose hosts are called
// iam.<region>.<rest> and ims.<region>.<rest>. The Swiss Open Telekom Cloud has iam-pub.<region>.<rest>, and its
// other services are <service>.<region>.<rest>. Where auth_url is that of another region, or of none (Huawei Cloud's
// global one), the configured region is put in its place.
func derivedPlace(authURL, configured string) (place, bool) {
	u, err := url.Parse(authURL)
	if err != nil {
		return place{}, false
	}
	label, rest, ok := strings.Cut(u.Hostname(), ".")
	if !ok || (label != "iam" && label != "iam-pub") {
		return place{}, false
	}

	region, domain, _ := strings.Cut(rest, ".")
	if !regionLabel.MatchString(region) {
		region, domain = "", rest
	}
	if configured != "" {
		region = configured
	}
	if region == "" {
		return place{}, false
	}
	host := strings.TrimSuffix("ims."+region+"."+domain, ".")
	return place{endpoint: u.Scheme + "://" + host + "/", region: region}, true
}
