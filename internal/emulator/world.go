package emulator

import (
	"errors"
	"fmt"
	"sort"
	"time"
)

// What exists from the start besides the public images, for docs and tests.
const (
	InstanceID          = "10000000-0000-4000-8000-000000000001" // a server running Debian 12
	VolumeID            = "20000000-0000-4000-8000-000000000001" // a volume with Ubuntu 22.04 on it
	KeyID               = "30000000-0000-4000-8000-000000000001" // a KMS key
	EnterpriseProjectID = "40000000-0000-4000-8000-000000000001"
	VaultID             = "50000000-0000-4000-8000-000000000001" // a CBR vault for servers
	BackupID            = "60000000-0000-4000-8000-000000000001" // a CBR backup of a server running Debian 12

	ImageFile     = "golden-images:debian-12.qcow2"       // an image file in OBS
	QuickFile     = "golden-images:debian-12.zvhd2"       // one that a quick import takes
	ArmFile       = "golden-images:debian-12-arm64.qcow2" // one for arm servers
	ISOFile       = "golden-images:debian-12.iso"
	DataFile      = "golden-images:data.qcow2"  // a data disk
	QuickDataFile = "golden-images:data.zvhd2"  // a data disk that a quick import takes
	LargeFile     = "golden-images:large.qcow2" // over the 128 GB that only a quick import takes
	EmptyFile     = "golden-images:empty.qcow2"
)

const gigabyte = 1 << 30

// world is what exists. It is what a state file holds.
type world struct {
	Images  map[string]*Image
	Jobs    []*Job             // in the order they were made
	Tokens  map[string]session // by the token's SHA-256
	Objects map[string]int64   // size of the files in OBS, by "bucket:object"

	// Servers, volumes and backups by id, with the OS on them; "" is one that cannot be detected.
	Instances, Volumes, Backups map[string]string

	Keys, EnterpriseProjects, Vaults map[string]bool

	Projects map[string]bool // those that images can be shared with, besides the tenants'
}

func newWorld() *world {
	const debian, ubuntu = "Debian GNU/Linux 12.0.0 64bit", "Ubuntu 22.04 server 64bit"
	w := &world{
		Images: map[string]*Image{}, Tokens: map[string]session{},
		Objects: map[string]int64{
			ImageFile: 2 * gigabyte, QuickFile: 3 * gigabyte, ArmFile: 2 * gigabyte, ISOFile: gigabyte / 2,
			DataFile: gigabyte, QuickDataFile: gigabyte, LargeFile: 200 * gigabyte, EmptyFile: 0,
			"golden-images:ubuntu-22.04.vmdk": 2 * gigabyte, "golden-images:windows-2022.vhd": 12 * gigabyte,
			"golden-images:centos-7.raw": 8 * gigabyte,
		},
		Instances: map[string]string{InstanceID: debian},
		Volumes:   map[string]string{VolumeID: ubuntu},
		Backups:   map[string]string{BackupID: debian},
		Keys:      map[string]bool{KeyID: true}, EnterpriseProjects: map[string]bool{EnterpriseProjectID: true},
		Vaults: map[string]bool{VaultID: true}, Projects: map[string]bool{},
	}
	for _, image := range publicImages() {
		w.Images[image.ID] = image
	}
	return w
}

// AddObject puts a file into OBS. Its name ("bucket:object") tells its format and the OS on it; size is in bytes.
func (e *Emulator) AddObject(bucketAndName string, size int64) {
	e.change(func() { e.world.Objects[bucketAndName] = size })
}

// AddInstance makes a server that runs Ubuntu 22.04.
func (e *Emulator) AddInstance(id string) {
	e.change(func() { e.world.Instances[id] = "Ubuntu 22.04 server 64bit" })
}

// AddVolume makes a volume on which no OS can be detected.
func (e *Emulator) AddVolume(id string) { e.change(func() { e.world.Volumes[id] = "" }) }

// AddBackup makes a CBR backup of a server that runs Ubuntu 22.04.
func (e *Emulator) AddBackup(id string) {
	e.change(func() { e.world.Backups[id] = "Ubuntu 22.04 server 64bit" })
}

// HasBackup tells whether a backup exists.
func (e *Emulator) HasBackup(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	_, exists := e.world.Backups[id]
	return exists
}

// AddKey makes a KMS key.
func (e *Emulator) AddKey(id string) { e.change(func() { e.world.Keys[id] = true }) }

// AddEnterpriseProject makes an enterprise project.
func (e *Emulator) AddEnterpriseProject(id string) {
	e.change(func() { e.world.EnterpriseProjects[id] = true })
}

// AddVault makes a CBR vault for servers.
func (e *Emulator) AddVault(id string) { e.change(func() { e.world.Vaults[id] = true }) }

// AddProject makes a project that images can be shared with. Nobody can sign in to it.
func (e *Emulator) AddProject(id string) {
	e.change(func() {
		if e.world.Projects == nil {
			e.world.Projects = map[string]bool{} // from a state file of before there were any
		}
		e.world.Projects[id] = true
	})
}

// isProject tells whether images can be shared with a project.
func (w *world) isProject(id string) bool {
	_, isTenant := tenantOfProject(id)
	return isTenant || w.Projects[id]
}

// change changes the world from outside of any request.
func (e *Emulator) change(do func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	do()
	e.save()
}

var errNoImage = errors.New("no such image")

// Images are the private images of a project that exist, also those being made, the oldest first.
func (e *Emulator) Images(projectID string) []Image {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	var found []Image
	for _, image := range e.world.Images {
		if image.Owner == projectID && image.DeletedAt.IsZero() {
			found = append(found, *image.clone())
		}
	}
	sort.Slice(found, func(i, j int) bool {
		if !found[i].CreatedAt.Equal(found[j].CreatedAt) {
			return found[i].CreatedAt.Before(found[j].CreatedAt)
		}
		return found[i].ID < found[j].ID
	})
	return found
}

// UpdateImage changes an image behind everyone's back, as a colleague in the console would. The ID stays.
func (e *Emulator) UpdateImage(id string, change func(*Image)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	image := e.existing(id)
	if image == nil {
		return fmt.Errorf("updating image %s: %w", id, errNoImage)
	}
	changed := image.clone()
	change(changed)
	changed.ID = id
	changed.UpdatedAt = e.second()
	e.world.Images[id] = changed
	e.save()
	return nil
}

// DeleteImage deletes an image behind everyone's back; neither its owner nor its protection matters.
func (e *Emulator) DeleteImage(id string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	image := e.existing(id)
	if image == nil {
		return fmt.Errorf("deleting image %s: %w", id, errNoImage)
	}
	e.remove(image)
	e.save()
	return nil
}

// AddImage makes an image out of nothing and returns its id. What is empty gets the value of a private system disk
// image of [Owner], active, made now. Attributes are added to the default ones; one that is nil takes the default one
// away.
func (e *Emulator) AddImage(image Image) (id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	made := image.withDefaults(e.second())
	e.world.Images[made.ID] = made
	e.save()
	return made.ID
}

// Jobs are all jobs, in the order in which they were made.
func (e *Emulator) Jobs() []Job {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	var all []Job
	for _, job := range e.world.Jobs {
		seen := *job
		seen.Status = job.statusAt(e.clock.Now())
		all = append(all, seen)
	}
	return all
}

// existing is the image with an id, unless it was deleted.
func (e *Emulator) existing(id string) *Image {
	image := e.world.Images[id]
	if image == nil || !image.DeletedAt.IsZero() {
		return nil
	}
	return image
}

// remove deletes an image at once, or leaves it in the lists for a while.
func (e *Emulator) remove(image *Image) {
	if e.options.Switches.GoneLate <= 0 {
		delete(e.world.Images, image.ID)
		return
	}
	image.DeletedAt = e.clock.Now()
}

// second is the time as images show it.
func (e *Emulator) second() time.Time { return e.clock.Now().UTC().Truncate(time.Second) }
