package image_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// The resource types of images.
const (
	systemType     = "ims_system_disk_image"
	dataType       = "ims_data_disk_image"
	isoType        = "ims_iso_image"
	wholeType      = "ims_full_ecs_image"
	replicaType    = "ims_image_replica"
	registeredType = "ims_registered_image"
)

const (
	otherVolumeID = "20000000-0000-4000-8000-000000000002"
	otherBackupID = "60000000-0000-4000-8000-000000000002"
	otherServerID = "10000000-0000-4000-8000-000000000002"
	sharedImageID = "70000000-0000-4000-8000-000000000001" // of another project, accepted by the owner's
	otherSharedID = "70000000-0000-4000-8000-000000000002"

	debian = "Debian GNU/Linux 12.0.0 64bit"
)

type arguments = map[string]any

// with is arguments with more of them.
func with(some arguments, more ...arguments) arguments { return acctest.With(some, more...) }

// specimen is an image of some kind, made in one of the kind's ways: what holds of the lifecycle holds of all.
type specimen struct {
	name    string // of the resource and of the image
	kind    string // resource type
	source  arguments
	other   arguments         // the source of another image
	own     map[string]string // attributes that only some kinds have, after the creation
	origin  string            // what the service says that an image like it comes from
	records bool              // it has arguments that the service never returns
	request string            // path of the request that makes it, for faults
	job     string            // type of the job; none: an upload
	parts   int               // images that are made besides
}

func (s *specimen) address() string { return s.kind + "." + s.name }

// arguments are those of the resource, with more if any are given.
func (s *specimen) arguments(more ...arguments) arguments {
	return with(arguments{"name": s.name}, append([]arguments{s.source}, more...)...)
}

// block is the resource in the engines' language.
func (s *specimen) block(more ...arguments) string {
	return acctest.Block(s.kind, s.name, s.arguments(more...))
}

// isTwoSteps is true where the image has its id before it has its content.
func (s *specimen) isTwoSteps() bool { return s.kind == registeredType }

// method is that of the request that makes it.
func (s *specimen) method() string {
	if s.isTwoSteps() {
		return http.MethodPut
	}
	return http.MethodPost
}

// fault is a fault of the request that makes it.
func (s *specimen) fault(fault emulator.Fault) emulator.Fault {
	fault.Method, fault.Path = s.method(), s.request
	return fault
}

// makesImage is true of the requests that the specimens are made with.
func makesImage(r emulator.Request) bool {
	switch r.Method {
	case http.MethodPut:
		return strings.HasSuffix(r.Path, "/upload")
	case http.MethodPost:
		return strings.HasSuffix(r.Path, "/copy") || strings.HasSuffix(r.Path, "quickimport/action") ||
			strings.HasSuffix(r.Path, "images/action") && !strings.Contains(r.Path, "/tags/")
	}
	return false
}

// prepare gives a cloud what the specimens are made from.
func prepare(cloud *acctest.Cloud) {
	cloud.AddVolume(otherVolumeID)
	cloud.AddBackup(otherBackupID)
	cloud.AddInstance(otherServerID)
	for _, object := range []string{"other.qcow2", "other.zvhd2", "other.iso"} {
		cloud.AddObject("golden-images:"+object, 1<<30)
	}
	before := cloud.Clock.Now().Add(-time.Hour)
	for _, id := range []string{sharedImageID, otherSharedID} {
		cloud.AddImage(emulator.Image{
			ID: id, Name: "shared", MinDisk: 10, CreatedAt: before, UpdatedAt: before, Owner: emulator.Receiver.ProjectID,
			Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}},
		})
	}
}

// specimens are one of each way to make an image, in clouds that are prepared.
func specimens(t *testing.T) []specimen {
	t.Helper()
	local := filepath.Join(t.TempDir(), "golden.qcow2")
	for path, content := range map[string]string{local: "an image", local + "-2": "another image"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const action, whole = "/v2/cloudimages/action", "/v1/cloudimages/wholeimages/action"
	disk := arguments{"data_disk": []arguments{{"image_url": emulator.DataFile, "min_disk": 20}}, "min_disk": 10}
	version, vault := arguments{"os_version": debian}, arguments{"vault_id": emulator.VaultID}
	encrypted := arguments{"image_url": emulator.DataFile, "os_type": "Windows", "cmk_id": emulator.KeyID}
	quick := arguments{"min_disk": 50, "quick_import": true}
	return []specimen{
		{
			name: "system-disk", records: true, kind: systemType, request: action, job: "imsImportImageJob", parts: 1,
			source: with(disk, arguments{"image_url": emulator.ImageFile}),
			other:  with(disk, arguments{"image_url": "golden-images:other.qcow2"}), origin: "file," + emulator.ImageFile,
			own: map[string]string{
				"data_disk_image_ids.#": "1", "min_disk": "10", "hw_firmware_type": "bios", "architecture": "x86",
				"image_type": "private",
			},
		},
		{
			name: "server", kind: systemType, request: action, job: "imsCreateImageByInstance",
			source: arguments{"instance_id": emulator.InstanceID}, other: arguments{"instance_id": otherServerID},
			origin: "instance," + emulator.InstanceID,
			own:    map[string]string{"data_origin": "instance," + emulator.InstanceID, "image_url": "", "volume_id": ""},
		},
		{
			name: "volume", records: true, kind: systemType, request: action, job: "imsVolumeCreateImageJob",
			source: with(version, arguments{"volume_id": emulator.VolumeID}),
			other:  with(version, arguments{"volume_id": otherVolumeID}),
			origin: "volume," + emulator.VolumeID,
			own: map[string]string{
				"data_origin": "volume," + emulator.VolumeID, "os_version": debian, "detected_os_version": "*",
			},
		},
		{
			name: "data-volume", kind: dataType, request: action, job: "imsVolumesToSysDataImagesJob",
			source: arguments{"volume_id": emulator.VolumeID}, other: arguments{"volume_id": otherVolumeID},
			origin: "volume," + emulator.VolumeID,
			own: map[string]string{
				"image_url": "", "os_type": "Linux", "data_origin": "volume," + emulator.VolumeID, "cmk_id": "",
			},
		},
		{
			name: "data-file", kind: dataType, request: "/v1/cloudimages/dataimages/action", job: "imsImportDataImageJob",
			source: with(encrypted, arguments{"min_disk": 50}), other: with(encrypted, arguments{"min_disk": 60}),
			origin: "file," + emulator.DataFile,
			own: map[string]string{
				"volume_id": "", "min_disk": "50", "os_type": "Windows", "cmk_id": emulator.KeyID,
				"data_origin": "file," + emulator.DataFile,
			},
		},
		{
			name: "data-quick", records: true, kind: dataType, request: "/v2/cloudimages/quickimport/action",
			job: "imsImportDataImageJob", source: with(quick, arguments{"image_url": emulator.QuickDataFile}),
			other: with(quick, arguments{"image_url": "golden-images:other.zvhd2"}), origin: "file," + emulator.QuickDataFile,
			own: map[string]string{"min_disk": "50", "os_type": "Linux", "quick_import": "true"},
		},
		{
			name: "iso", records: true, kind: isoType, request: action, job: "imsImportImageJob",
			source: with(version, arguments{"image_url": emulator.ISOFile, "min_disk": 20}),
			other:  with(version, arguments{"image_url": "golden-images:other.iso", "min_disk": 20}),
			origin: "file," + emulator.ISOFile,
			own: map[string]string{
				"min_disk": "20", "architecture": "x86", "disk_format": "iso", "detected_os_version": debian,
			},
		},
		{
			name: "whole-server", records: true, kind: wholeType, request: whole, job: "imsCreateWholeImageByInstanceJob",
			source: with(vault, arguments{"instance_id": emulator.InstanceID}),
			other:  with(vault, arguments{"instance_id": otherServerID}),
			origin: "server_backup," + emulator.VaultID,
			own:    map[string]string{"backup_id": "*", "delete_backup": "true", "vault_id": emulator.VaultID},
		},
		{
			name: "whole-backup", records: true, kind: wholeType, request: whole, job: "imsCreateWholeImageByBackupJob",
			source: arguments{"backup_id": emulator.BackupID, "whole_image_type": "CBR"},
			other: arguments{
				"backup_id": otherBackupID, "whole_image_type": "CBR",
			},
			origin: "server_backup," + emulator.BackupID,
			own:    map[string]string{"backup_id": emulator.BackupID, "delete_backup": "false", "instance_id": ""},
		},
		{
			name: "replica", kind: replicaType, request: "/v1/cloudimages/*/copy", job: "imsCopyImageInRegionJob",
			source: arguments{"source_image_id": sharedImageID}, other: arguments{"source_image_id": otherSharedID},
			origin: "image," + emulator.Region + "," + sharedImageID,
			own:    map[string]string{"data_origin": "image," + emulator.Region + "," + sharedImageID, "min_disk": "10"},
		},
		{
			name: "registered", records: true, kind: registeredType, request: "/v1/cloudimages/*/upload",
			job:    "imsNativeImportImageJob",
			source: with(version, arguments{"image_url": emulator.ImageFile, "min_disk": 10, "file_format": "qcow2"}),
			other:  arguments{"image_url": "golden-images:other.qcow2", "min_disk": 10}, origin: "file," + emulator.ImageFile,
			own: map[string]string{"local_file": "", "uploaded_sha256": "", "min_disk": "10", "os_version": debian},
		},
		{
			name: "uploaded", records: true, kind: registeredType, request: "/v2/images/*/file",
			source: arguments{"local_file": local}, other: arguments{"local_file": local + "-2"},
			own: map[string]string{
				"image_url": "", "uploaded_size": "8", "image_size": "8", "job_id": "",
				"uploaded_sha256": "a5df3fde7b200c3fa2791144c7e05c5c2bced4c6ad863d3a4cf76c972c1712f9",
			},
		},
	}
}

// ofJobs are the specimens that a job makes.
func ofJobs(all []specimen) []specimen {
	return slices.DeleteFunc(all, func(s specimen) bool { return s.job == "" })
}

// ofTypes are specimens, one of each resource type.
func ofTypes(all []specimen) []specimen {
	first := map[string]string{}
	return slices.DeleteFunc(all, func(s specimen) bool {
		if first[s.kind] == "" {
			first[s.kind] = s.name
		}
		return first[s.kind] != s.name
	})
}

// together is one configuration of many specimens.
func together(all []specimen, block func(*specimen) string) string {
	var config strings.Builder
	for i := range all {
		config.WriteString(block(&all[i]))
	}
	return config.String()
}

// kindTest tests a specimen in a cloud of its own, with a resource that does not exist yet.
type kindTest = func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed)

// each tests every specimen by itself.
func each(t *testing.T, all []specimen, test kindTest) {
	t.Helper()
	eachIn(t, emulator.Options{}, all, test)
}

// eachIn does so in clouds with these options.
func eachIn(t *testing.T, options emulator.Options, all []specimen, test kindTest) {
	t.Helper()
	for i := range all {
		t.Run(all[i].name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, options)
			prepare(cloud)
			test(t, cloud, &all[i], cloud.Protocol(t, emulator.Owner).Manage(all[i].kind))
		})
	}
}

// exists makes an image like the specimen without the provider, and returns its id.
func (s *specimen) exists(cloud *acctest.Cloud, originTold bool) string {
	image := emulator.Image{
		Name: s.name, MinDisk: 10, MinRAM: 512, Tags: map[string]string{"a": "1"},
		Attributes: map[string]any{"__description": "d", "__data_origin": nil},
	}
	if originTold && s.origin != "" {
		image.Attributes["__data_origin"] = s.origin
	}
	if size, ok := s.source["min_disk"].(int); ok {
		image.MinDisk = size
	}
	switch s.kind {
	case dataType:
		image.Attributes["virtual_env_type"] = "DataImage"
	case isoType:
		image.Attributes["virtual_env_type"], image.Attributes["disk_format"] = "IsoImage", "iso"
	case wholeType:
		image.Attributes["__whole_image"], image.Attributes["__backup_id"] = "true", emulator.BackupID
	}
	if s.source["cmk_id"] != nil {
		image.Attributes["__os_type"], image.Attributes["__system__cmkid"] = s.source["os_type"], s.source["cmk_id"]
	}
	return cloud.AddImage(image)
}

// expectImages fails the test unless the owner's project has so many images.
func expectImages(t *testing.T, cloud *acctest.Cloud, number int) {
	t.Helper()
	if images := cloud.OwnImages(); len(images) != number {
		t.Errorf("the cloud has %d images, not %d: %+v", len(images), number, images)
	}
}
