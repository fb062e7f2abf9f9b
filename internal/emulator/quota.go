package emulator

import "slices"

// showQuota is GET /v1/cloudimages/quota.
func (e *Emulator) showQuota(c *call) (answer, error) {
	if err := onlyQuery(c.query); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"quotas": map[string]any{"resources": []any{map[string]any{
		"type": "image", "used": e.usedQuota(c.session.ProjectID), "quota": e.options.ImageQuota, "min": 50, "max": 1000,
	}}}}), nil
}

// listOSVersions is GET /v1/cloudimages/os_version: the versions by platform, as far as the public images show them.
func (e *Emulator) listOSVersions(c *call) (answer, error) {
	if err := onlyQuery(c.query, "tag"); err != nil {
		return answer{}, err
	}
	wanted := c.query["tag"]
	all := []any{}
	for _, platform := range platformNames() {
		versions := []any{}
		for _, image := range publicImages() {
			kind := "x86"
			if image.isArm() {
				kind = "arm"
			}
			if image.text("__platform") != platform || len(wanted) > 0 && !slices.Contains(wanted, kind) {
				continue
			}
			bit := 64
			if image.text("__os_bit") == "32" {
				bit = 32
			}
			version := image.text("__os_version")
			versions = append(versions, map[string]any{
				"platform": platform, "os_version_key": version, "os_version": version, "os_bit": bit,
				"os_type": image.text("__os_type"),
			})
		}
		if len(versions) > 0 {
			all = append(all, map[string]any{"platform": platform, "version_list": versions})
		}
	}
	return ok(all), nil
}

func platformNames() []string {
	var names []string
	for _, p := range platforms {
		names = append(names, p.platform)
	}
	return slices.Compact(names)
}
