package emulator

import (
	"fmt"
	"maps"
	"time"
)

// publicImage is a line of the catalog of public images.
type publicImage struct {
	name, version string
	created       string // a day, or a day and a time
	minDisk       int
	minRAM        int
	bareMetal     bool
	firmware      string
}

// catalog is what the cloud offers to everyone: all platforms of the API reference. Two images share their second of
// birth, so that "the newest" takes more than a date to tell.
var publicCatalog = []publicImage{
	{name: "Standard_Debian_10_latest", version: "Debian GNU/Linux 10.13.0 64bit", created: "2022-09-21"},
	{name: "Standard_Debian_11_latest", version: "Debian GNU/Linux 11.7.0 64bit", created: "2023-05-09"},
	{name: "Standard_Debian_12_prev", version: "Debian GNU/Linux 12.0.0 64bit", created: "2024-06-18T08:11:52Z"},
	{name: "Standard_Debian_12_latest", version: "Debian GNU/Linux 12.0.0 64bit", created: "2024-11-20T10:02:33Z"},
	{
		name: "Standard_Debian_12_uefi_latest", version: "Debian GNU/Linux 12.0.0 64bit", created: "2024-11-20T10:02:33Z",
		firmware: "uefi",
	},
	{name: "Standard_Debian_12_arm_latest", version: "Debian GNU/Linux 12.0.0 64bit with ARM", created: "2024-08-02"},
	{name: "Standard_Ubuntu_20.04_latest", version: "Ubuntu 20.04 server 64bit", created: "2024-10-08", minRAM: 512},
	{name: "Standard_Ubuntu_22.04_latest", version: "Ubuntu 22.04 server 64bit", created: "2024-10-15", minRAM: 512},
	{name: "Standard_Ubuntu_24.04_latest", version: "Ubuntu 24.04 server 64bit", created: "2024-11-12", minRAM: 512},
	{
		name: "Standard_Ubuntu_22.04_arm_latest", version: "Ubuntu 22.04 server 64bit with ARM", created: "2024-07-30",
		minRAM: 512,
	},
	{
		name: "Standard_Ubuntu_22.04_BMS_latest", version: "Ubuntu 22.04 server 64bit", created: "2024-05-14",
		bareMetal: true, minDisk: 10,
	},
	{name: "Standard_CentOS_7_prev", version: "CentOS 7.6 64bit", created: "2019-12-03"},
	{name: "Standard_CentOS_7_latest", version: "CentOS 7.9 64bit", created: "2024-04-23"},
	{name: "Standard_CentOS_6_32bit", version: "CentOS 6.10 32bit", created: "2018-09-06T14:03:27Z"},
	{
		name: "Standard_CentOS_7_BMS_latest", version: "CentOS 7.9 64bit", created: "2023-02-28", bareMetal: true,
		minDisk: 10,
	},
	{name: "Enterprise_RedHat_7_latest", version: "Redhat Linux Enterprise 7.9 64bit", created: "2023-11-07"},
	{
		name: "Enterprise_RedHat_8_latest", version: "Redhat Linux Enterprise 8.6 64bit", created: "2024-09-17", minRAM: 1024,
	},
	{name: "Enterprise_SLES_12_latest", version: "SUSE Enterprise 12 SP5 64bit", created: "2023-08-29"},
	{name: "Enterprise_SLES_15_latest", version: "SUSE Enterprise 15 SP4 64bit", created: "2024-09-24"},
	{
		name: "Enterprise_SLES_15_BMS_latest", version: "SUSE Enterprise 15 SP4 64bit", created: "2024-03-12",
		bareMetal: true, minDisk: 10,
	},
	{name: "Standard_openSUSE_15_latest", version: "OpenSUSE 15.4 64bit", created: "2024-01-16"},
	{name: "Standard_OracleLinux_7_latest", version: "Oracle Linux Server release 7.9 64bit", created: "2023-06-20"},
	{name: "Standard_OracleLinux_8_latest", version: "Oracle Linux Server release 8.6 64bit", created: "2024-08-20"},
	{name: "Standard_Fedora_37_latest", version: "Fedora 37 64bit", created: "2023-03-07"},
	{name: "Standard_Fedora_38_latest", version: "Fedora 38 64bit", created: "2024-02-13"},
	{name: "Standard_CoreOS_latest", version: "CoreOS 2512.3.0 64bit", created: "2020-05-26"},
	{name: "Standard_EulerOS_2.9_latest", version: "EulerOS 2.9 64bit", created: "2023-12-05"},
	{name: "Standard_EulerOS_2.8_arm_latest", version: "EulerOS 2.8 64bit with ARM", created: "2022-11-29"},
	{
		name: "Enterprise_Windows_STD_2016_latest", version: "Windows Server 2016 Standard 64bit", created: "2024-10-22",
		minRAM: 2048,
	},
	{
		name: "Enterprise_Windows_STD_2019_latest", version: "Windows Server 2019 Standard 64bit",
		created: "2024-10-22T12:00:00Z", minRAM: 2048,
	},
	{
		name: "Enterprise_Windows_STD_2022_latest", version: "Windows Server 2022 Standard 64bit", created: "2024-10-29",
		minRAM: 2048, firmware: "uefi",
	},
	{name: "Standard_Other_Appliance_latest", version: "Other(64bit)", created: "2021-07-13"},
}

// publicImages are the public images. Their ids never change: PublicImageID.
func publicImages() []*Image {
	var all []*Image
	for n, p := range publicCatalog {
		all = append(all, p.image(PublicImageID(n)))
	}
	return all
}

// PublicImageID is the id of the n-th public image, counted from 0.
func PublicImageID(n int) string { return fmt.Sprintf("70000000-0000-4000-8000-%012d", n+1) }

func (p publicImage) image(id string) *Image {
	created, err := time.Parse(time.RFC3339, p.created)
	if err != nil {
		// A day alone; a test reads them all.
		created, _ = time.Parse(time.DateOnly, p.created)
		created = created.Add(9*time.Hour + 30*time.Minute)
	}
	image := &Image{
		ID: id, Name: p.name, Status: statusActive, Owner: cloudProjectID, Protected: true, MinDisk: p.minDisk,
		MinRAM: p.minRAM, CreatedAt: created, UpdatedAt: created.Add(24 * time.Hour), ActiveAt: created.Add(3 * time.Minute),
		Tags: map[string]string{},
		Attributes: map[string]any{
			"__imagetype": "gold", "visibility": "public", "virtual_env_type": "FusionCompute", "container_format": "bare",
			"disk_format": "zvhd2", "__image_source_type": "uds", "__isregistered": "true", "__lazyloading": "true",
			"__image_size": "1610612736", "checksum": "d41d8cd98f00b204e9800998ecf8427e", "size": 0, "virtual_size": nil,
			"__support_kvm": "true", "__support_xen": "true", "__support_fc_inject": "true", "hw_firmware_type": "bios",
			"__description": "", "__image_location": Region,
		},
	}
	os := describeOS(p.version)
	maps.Copy(image.Attributes, os.attributes())
	image.setUnlessEmpty("hw_firmware_type", p.firmware)
	if os.arm {
		delete(image.Attributes, "__support_xen")
	}
	if image.MinDisk == 0 {
		image.MinDisk = 4
	}
	if os.platform == "Windows" {
		image.MinDisk = 40
	}
	if p.bareMetal {
		image.Attributes["virtual_env_type"], image.Attributes["disk_format"] = "Ironic", "qcow2"
		delete(image.Attributes, "__support_xen")
	}
	return image
}
