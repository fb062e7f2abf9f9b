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
