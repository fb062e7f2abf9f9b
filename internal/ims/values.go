package ims

// Values that create requests take (API reference, Creating an Image).
const (
	FirmwareBIOS = "bios"
	FirmwareUEFI = "uefi"

	ArchitectureX86 = "x86"
	ArchitectureARM = "arm"

	OSTypeLinux   = "Linux"
	OSTypeWindows = "Windows"
	OSTypeOther   = "Other"

	TypeECS           = "ECS"
	TypeBMS           = "BMS"
	TypeFusionCompute = "FusionCompute"
	TypeIronic        = "Ironic"
	TypeISO           = "IsoImage"
)

// Limits of the service (API reference; `Limits and rules` of each operation). Where clouds differ it is the widest
// one: what
// only some of them refuse is left to the service.
const (
	MaxNameLength        = 128
	MaxDescriptionLength = 1024
	MaxTags              = 20        // Huawei Cloud; Open Telekom Cloud and Swiss OTC take 10
	MaxTagKeyLength      = 128       // Huawei Cloud; Open Telekom Cloud and Swiss OTC take 36
	MaxTagValueLength    = 255       // Huawei Cloud; Open Telekom Cloud and Swiss OTC take 43
	MaxSystemDisk        = 1024      // GB
	MaxDataDisk          = 2048      // GB
	MaxDataDiskImages    = 3         // beside one system disk image
	MaxUpload            = 256 << 30 // bytes, exclusive. Swiss OTC; Open Telekom Cloud: 128 GB, Huawei Cloud: 2
)

// Values that arguments and criteria take, in the order in which descriptions name them.
var (
	Firmwares     = []string{FirmwareBIOS, FirmwareUEFI}
	Architectures = []string{ArchitectureX86, ArchitectureARM}
	OSTypes       = []string{OSTypeLinux, OSTypeWindows, OSTypeOther}
	Statuses      = []string{StatusActive, StatusQueued, StatusSaving, StatusKilled}
	Environments  = []string{EnvironmentECS, EnvironmentBMS, EnvironmentData, EnvironmentISO}
)
