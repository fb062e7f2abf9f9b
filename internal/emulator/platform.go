package emulator

import (
	"regexp"
	"strings"
)

// operatingSystem is what the service derives from an OS version.
type operatingSystem struct {
	version, platform, osType, bit string
	arm                            bool
}

// platforms are the platforms of the API reference with the words that their OS versions begin with, and how those
// words look in a file's name.
var platforms = []struct{ platform, osType, prefix, file, detected string }{
	{"Windows", "Windows", "Windows", "windows", "Windows Server 2022 Standard 64bit"},
	{"Ubuntu", "Linux", "Ubuntu", "ubuntu", "Ubuntu 22.04 server 64bit"},
	{"RedHat", "Linux", "Redhat", "redhat", "Redhat Linux Enterprise 8.6 64bit"},
	{"SUSE", "Linux", "SUSE", "suse", "SUSE Enterprise 15 SP4 64bit"},
	{"CentOS", "Linux", "CentOS", "centos", "CentOS 7.9 64bit"},
	{"Debian", "Linux", "Debian", "debian", "Debian GNU/Linux 12.0.0 64bit"},
	{"OpenSUSE", "Linux", "OpenSUSE", "opensuse", "OpenSUSE 15.4 64bit"},
	{"Oracle Linux", "Linux", "Oracle Linux", "oracle", "Oracle Linux Server release 8.6 64bit"},
	{"Fedora", "Linux", "Fedora", "fedora", "Fedora 37 64bit"},
	{"CoreOS", "Linux", "CoreOS", "coreos", "CoreOS 2512.3.0 64bit"},
	{"EulerOS", "Linux", "EulerOS", "euleros", "EulerOS 2.9 64bit"},
	{"Other", "Linux", "Other Linux", "", ""},
	{"Other", "Other", "Other", "", ""},
}

var is32Bit = regexp.MustCompile(`\b32 ?bit`)

var armName = regexp.MustCompile(`(?i)\b(arm|arm64|aarch64)\b`)

// knownOS tells whether the service knows an OS version.
func knownOS(version string) bool { return describeOS(version).platform != "" }

// describeOS derives the rest from an OS version. One that the service does not know has no platform.
func describeOS(version string) operatingSystem {
	os := operatingSystem{version: version, bit: "64", arm: armName.MatchString(version)}
	if is32Bit.MatchString(version) {
		os.bit = "32"
	}
	for _, p := range platforms {
		if len(version) >= len(p.prefix) && strings.EqualFold(version[:len(p.prefix)], p.prefix) {
			os.platform, os.osType = p.platform, p.osType
			break
		}
	}
	return os
}

// detectOS tells the OS on an image file from its name; a file that tells nothing holds another Linux.
func detectOS(object string) operatingSystem {
	name := strings.ToLower(object)
	// The longest name wins: opensuse holds suse.
	version, longest := "Other Linux(64 bit)", 0
	for _, p := range platforms {
		if p.file != "" && strings.Contains(name, p.file) && len(p.file) > longest {
			version, longest = p.detected, len(p.file)
		}
	}
	os := describeOS(version)
	os.arm = armName.MatchString(name)
	return os
}

func (os operatingSystem) attributes() map[string]any {
	a := map[string]any{"__os_version": os.version, "__platform": os.platform, "__os_type": os.osType, "__os_bit": os.bit}
	if os.arm {
		a["__support_arm"], a["hw_firmware_type"] = "true", "uefi"
	}
	return a
}
