package emulator

import (
	"sync"
	"time"
)

// Options say how an [Emulator] behaves. The zero value is a cloud that works as the API reference says.
type Options struct {
	Clock         Clock                    // nil: the wall clock
	JobDuration   time.Duration            // 0: 5 s
	JobDurations  map[string]time.Duration // by job type ("imsImportImageJob"), before JobDuration
	NoProgress    bool                     // jobs do not report entities.process_percent and current_task
	Latency       time.Duration            // every answer takes this much longer
	Rate          float64                  // requests per second; beyond it 429 with Retry-After; 0: no limit
	StateFile     string                   // where to keep what exists, to survive a restart; "": nowhere
	TokenLifetime time.Duration            // 0: 24 h
	ImageQuota    int                      // private images a project may have; 0: 100
	Faults        []Fault                  // in force from the start
	Switches      Switches
}

// Switches turn doubtful guesses about the real service around. With the zero value the emulator behaves as the service
// most likely does; a client should work with each switch both ways. ASSUMPTIONS.md says what each guess rests on.
type Switches struct {
	PatchAddRefused            bool          // PATCH add of an attribute the image has: IMG.0035; else it replaces
	PatchReplaceCreates        bool          // PATCH replace of an attribute the image lacks adds it; else IMG.0035
	HideUnfinished             bool          // an image is not listed while its job runs; else listed as queued or saving
	ListedLate                 time.Duration // an image is not listed until this long after its job has ended, and Glance knows it all the same
	OriginNull                 bool          // __data_origin is null
	WholeOriginInstance        bool          // __data_origin of a full-ECS image made from a server names the server; else the backup's vault
	JobNotFoundFor             time.Duration // a job answers 404 this long after it was made
	TagsLate                   time.Duration // tags given at creation appear this long after the image became active
	GoneLate                   time.Duration // a deleted image stays in the list this long
	LowercaseStatus            bool          // a job's last status is printed "success" or "failed"
	NoRequestID                bool          // answers carry no X-Request-Id
	DeliverCatalogWithoutImage bool          // the catalog has no image entry
	OwnSharedStaysPrivate      bool          // an image that its owner shares is private to the owner; else shared
	HuaweiAgencyName           bool          // assume_role calls the agency agency_name; else xrole_name
	CrossRegionCopy            bool          // images can be replicated to the other region, as on Huawei Cloud; else there is no such API
	ProtectRefused             bool          // Glance's PATCH does not change whether an image is protected: 403
	HuaweiMembers              bool          // members come in pages, with their type; domains can be members, too
	ResultsUnnamed             bool          // results of jobs that share do not name the project
	DataDiskFrom40             bool          // a data disk image made from a file takes 40 GB or more; else 1 GB
}

// Clock tells the emulator the time.
type Clock interface{ Now() time.Time }

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// ManualClock is a clock that stands still until told otherwise. It is safe for concurrent use.
type ManualClock struct {
	mu  sync.Mutex
	now time.Time
}

// NewManualClock is a clock that shows start. Signed requests are refused when it is over 15 minutes off the signer's.
func NewManualClock(start time.Time) *ManualClock {
	// Without a monotonic reading, which a state file could not keep.
	return &ManualClock{now: start.Round(0)}
}

// Now is the time the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on by d.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
