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

// Limits of the service (API reference; `Limits and rules` of each operation).
const (
	MaxNameLength        = 128
	MaxDescriptionLength = 1024
	MaxTags              = 10
	MaxTagKeyLength      = 36
	MaxTagValueLength    = 43
	MaxSystemDisk        = 1024      // GB
	MaxDataDisk          = 2048      // GB
	MaxDataDiskImages    = 3         // beside one system disk image
	MaxUpload            = 128 << 30 // bytes; a file must be smaller
)

// Values that arguments and criteria take, in the order in which descriptions name them.
var (
	Firmwares     = []string{FirmwareBIOS, FirmwareUEFI}
	Architectures = []string{ArchitectureX86, ArchitectureARM}
	OSTypes       = []string{OSTypeLinux, OSTypeWindows, OSTypeOther}
	Statuses      = []string{StatusActive, StatusQueued, StatusSaving, StatusKilled}
	Environments  = []string{EnvironmentECS, EnvironmentBMS, EnvironmentData, EnvironmentISO}
)
