package emulator

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The API's limits (API reference, Image Attributes, and the pages of the operations).
const (
	longestName        = 128
	longestDescription = 1024
	longestKey         = 36
	longestValue       = 43
	mostTags           = 10
	largestSystemDisk  = 1024 // GB
	largestDataDisk    = 2048 // GB
	mostDataDisks      = 3
	largestFile        = 128 * gigabyte // without quick import
	mostMembers        = 256
	mostWholeMembers   = 10
	mostCreations      = 40 // at once
	mostCopies         = 5  // at once
)

type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

var namePattern = regexp.MustCompile(`^[\p{L}\p{N} ._-]+$`)

func checkName(name string) error {
	switch {
	case name == "":
		return refuse("IMG.0013")
	case utf8.RuneCountInString(name) > longestName:
		return refuse("IMG.0002")
	case !namePattern.MatchString(name) || strings.TrimSpace(name) != name:
		return refuse("IMG.0003")
	}
	return nil
}

func checkDescription(description string) error {
	switch {
	case utf8.RuneCountInString(description) > longestDescription:
		return refuse("IMG.0004")
	case strings.ContainsAny(description, "\r\n<>"):
		return refuse("IMG.0054")
	}
	return nil
}

// readTags are the tags of a creation, which come in one of two forms: "key.value", cut at the first dot, or key and
// value.
func (e *Emulator) readTags(texts []string, pairs []tag) (map[string]string, error) {
	if len(texts) > 0 && len(pairs) > 0 {
		return nil, refuse("IMG.0115", "Use either tags or image_tags.")
	}
	for _, text := range texts {
		key, value, found := strings.Cut(text, ".")
		if !found {
			return nil, refuse("IMG.0115")
		}
		pairs = append(pairs, tag{key, value})
	}
	tags := map[string]string{}
	for _, t := range pairs {
		if err := e.tagRules().check(t); err != nil {
			return nil, err
		}
		if _, twice := tags[t.Key]; twice {
			return nil, refuse("IMG.0115")
		}
		tags[t.Key] = t.Value
	}
	if len(tags) > e.tagRules().most {
		return nil, refuse("IMG.0116")
	}
	return tags, nil
}

func checkMemory(minRAM, maxRAM int) error {
	if minRAM < 0 || maxRAM < 0 || maxRAM > 0 && maxRAM < minRAM {
		return refuse("IMG.0055")
	}
	return nil
}

func checkDisk(minDisk, smallest, largest int) error {
	if minDisk < smallest || minDisk > largest {
		return refuse("IMG.0055")
	}
	return nil
}

func checkImageURL(imageURL string) error {
	bucket, object, found := strings.Cut(imageURL, ":")
	switch {
	case strings.ContainsAny(imageURL, " \t\r\n"):
		return refuse("IMG.0175")
	case !found || bucket == "" || object == "" || strings.HasPrefix(object, "//"):
		return refuse("IMG.0017")
	}
	return nil
}

// checkFirmware checks the boot mode; arm servers know only UEFI.
func checkFirmware(firmware string, arm bool) error {
	if !slices.Contains([]string{"", "bios", "uefi"}, firmware) || firmware == "bios" && arm {
		return refuse("IMG.0141")
	}
	return nil
}

func checkArchitecture(architecture string) error {
	if !slices.Contains([]string{"", "x86", "arm"}, architecture) {
		return refuse("IMG.0212")
	}
	return nil
}

func checkOSType(osType string, allowed ...string) error {
	if osType != "" && !slices.Contains(allowed, osType) {
		return refuse("IMG.0122")
	}
	return nil
}

func (e *Emulator) checkEnterpriseProject(id string) error {
	if id != "" && id != "0" && !e.world.EnterpriseProjects[id] {
		return refuse("IMG.0155")
	}
	return nil
}

func (e *Emulator) checkKey(id string) error {
	if id != "" && !e.world.Keys[id] {
		return refuse("IMG.0095")
	}
	return nil
}

// checkQuota tells whether a project may have n more images and start one more job that makes some.
func (e *Emulator) checkQuota(projectID string, n int) error {
	if e.usedQuota(projectID)+n > e.options.ImageQuota {
		return refuse("IMG.0015")
	}
	making, copying := 0, 0
	for _, job := range e.world.Jobs {
		if job.ProjectID != projectID || job.Settled || len(job.imageIDs()) == 0 {
			continue
		}
		making++
		if job.Type == jobCopy {
			copying++
		}
	}
	if making >= mostCreations || copying >= mostCopies {
		return refuse("IMG.0060")
	}
	return nil
}

func (e *Emulator) usedQuota(projectID string) int {
	used := 0
	for _, image := range e.world.Images {
		if image.Owner == projectID && image.DeletedAt.IsZero() {
			used++
		}
	}
	return used
}

// first is the first error of several checks.
func first(checks ...error) error {
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}
