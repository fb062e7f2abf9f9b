package emulator

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// condition reads a filter's value. A nil filter lets everything through.
type condition func(name, value string) (func(*seen) bool, error)

// filters are the list's filters (API reference, Querying Images; the last three are of Huawei Cloud).
var filters = map[string]condition{
	"__imagetype":             among("gold", "private", "shared", "market"),
	"__isregistered":          boolean,
	"__whole_image":           boolean,
	"__system__cmkid":         exact,
	"protected":               boolean,
	"visibility":              among("public", "private", "shared"),
	"owner":                   exact,
	"id":                      exact,
	"status":                  among(statusQueued, statusSaving, statusActive, statusKilled, "deleted", "pending_delete"),
	"name":                    exact,
	"container_format":        exact,
	"disk_format":             exact,
	"min_ram":                 number,
	"min_disk":                number,
	"__os_bit":                among("32", "64"),
	"__os_type":               among("Linux", "Windows", "Other"),
	"__platform":              exact,
	"virtual_env_type":        among("FusionCompute", "Ironic", "DataImage", "IsoImage"),
	"tag":                     tagged,
	"member_status":           memberStatus,
	"enterprise_project_id":   enterpriseProject,
	"created_at":              timeRange,
	"updated_at":              timeRange,
	"__support_kvm":           exact,
	"__support_xen":           exact,
	"__support_largememory":   exact,
	"__support_diskintensive": exact,

	"__support_highperformance": exact,
	"__support_xen_gpu_type":    exact,
	"__support_kvm_gpu_type":    exact,
	"__support_xen_hana":        exact,
	"__support_kvm_infiniband":  exact,
	"__support_amd":             exact,
	"__support_arm":             exact,
	"__support_fc_inject":       exact,

	"architecture": byArchitecture,
	"flavor_id":    anything,
	"__os_version": exact,
}

func exact(name, value string) (func(*seen) bool, error) {
	return func(s *seen) bool { return s.text(name) == value }, nil
}

func anything(string, string) (func(*seen) bool, error) { return nil, nil }

func among(values ...string) condition {
	return func(name, value string) (func(*seen) bool, error) {
		if !slices.Contains(values, value) {
			return nil, refuse("IMG.0001", name+" is none of "+strings.Join(values, ", ")+".")
		}
		return exact(name, value)
	}
}

// boolean takes an absent attribute for false; in the answers, too, booleans come in both cases.
func boolean(name, value string) (func(*seen) bool, error) {
	want, err := strconv.ParseBool(strings.ToLower(value))
	if err != nil {
		return nil, refuse("IMG.0001", name+" is neither true nor false.")
	}
	return func(s *seen) bool { return strings.EqualFold(s.text(name), "true") == want }, nil
}

func number(name, value string) (func(*seen) bool, error) {
	if _, err := strconv.Atoi(value); err != nil {
		return nil, refuse("IMG.0001", name+" is no number.")
	}
	return exact(name, value)
}

func tagged(_, value string) (func(*seen) bool, error) {
	return func(s *seen) bool {
		tags, _ := s.wire["tags"].([]string)
		return slices.Contains(tags, value)
	}, nil
}

// memberStatus keeps what the project was given by others; which of it, the listing says.
func memberStatus(_, value string) (func(*seen) bool, error) {
	if !slices.Contains([]string{"accepted", "pending", "rejected", "all"}, value) {
		return nil, refuse("IMG.0001", "member_status is none of accepted, pending, rejected.")
	}
	return func(s *seen) bool { return s.image.Owner != s.project }, nil
}

func enterpriseProject(name, value string) (func(*seen) bool, error) {
	switch value {
	case "all_granted_eps":
		return nil, nil
	case "0":
		return func(s *seen) bool { return s.text(name) == "" || s.text(name) == "0" }, nil
	default:
		return exact(name, value)
	}
}

func byArchitecture(_, value string) (func(*seen) bool, error) {
	if err := checkArchitecture(value); err != nil {
		return nil, err
	}
	return func(s *seen) bool { return s.image.isArm() == (value == "arm") }, nil
}

var comparisons = map[string]func(order int) bool{
	"gt": func(o int) bool { return o > 0 }, "gte": func(o int) bool { return o >= 0 },
	"lt": func(o int) bool { return o < 0 }, "lte": func(o int) bool { return o <= 0 },
	"eq": func(o int) bool { return o == 0 }, "neq": func(o int) bool { return o != 0 },
}

// timeRange reads "gt:2018-10-28T10:00:00Z"; without an operator it means eq.
func timeRange(name, value string) (func(*seen) bool, error) {
	operator, text, _ := strings.Cut(value, ":")
	compare, known := comparisons[operator]
	if !known {
		compare, text = comparisons["eq"], value
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, refuse("IMG.0001", name+" is no time such as gt:2018-10-28T10:00:00Z.")
	}
	return func(s *seen) bool {
		have := s.image.CreatedAt
		if name == "updated_at" {
			have = s.image.UpdatedAt
		}
		return compare(have.Compare(at))
	}, nil
}
