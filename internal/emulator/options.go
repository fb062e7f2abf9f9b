package emulator

import (
	"slices"
	"sync"
	"time"
)

// Options say how an [Emulator] behaves. The zero value is a cloud that works as the API reference says.
type Options struct {
	Clock         Clock                    // nil: the wall clock
	JobDuration   time.Duration            // 0: 5 s
	JobDurations  map[string]time.Duration // by job type ("imsImportImageJob"), before JobDuration
	NoProgress    bool                     // no read of jobs reports entities.process_percent and current_task
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
	PatchAddRefused     bool // PATCH add of an attribute the image has: IMG.0035; else it replaces
	PatchReplaceCreates bool // PATCH replace of an attribute the image lacks adds it; else IMG.0035
	HideUnfinished      bool // an image is not listed while its job runs; else listed as queued or saving
	// An image is not listed until this long after its job has ended, and Glance knows it all the same.
	ListedLate time.Duration
	OriginNull bool // __data_origin is null
	// __data_origin of a full-ECS image made from a server names the server; else the backup's vault.
	WholeOriginInstance        bool
	JobNotFoundFor             time.Duration // a job answers 404 this long after it was made
	TagsLate                   time.Duration // tags given at creation appear this long after the image became active
	GoneLate                   time.Duration // a deleted image stays in the list this long
	LowercaseStatus            bool          // a job's last status is printed "success" or "failed"
	NoRequestID                bool          // answers carry no X-Request-Id
	DeliverCatalogWithoutImage bool          // the catalog has no image entry
	OwnSharedStaysPrivate      bool          // an image that its owner shares is private to the owner; else shared
	HuaweiAgencyName           bool          // assume_role calls the agency agency_name; else xrole_name
	// Images can be replicated to the other region, as on Huawei Cloud; else there is no such API.
	CrossRegionCopy        bool
	ProtectRefused         bool // Glance's PATCH does not change whether an image is protected: 403
	DataDiskFrom40         bool // a data disk image made from a file takes 40 to 2048 GB; else 10 (Windows: 20) to 1024
	OldJobReadProgress     bool // GET /v1/{project}/jobs/{id} reports a job's progress, too
	OldJobReadMissing      bool // there is no GET /v1/{project}/jobs/{id}
	JobProgressMissing     bool // there is no GET /v1/cloudimages/job/{id}
	ProgressInPercent      bool // process_percent is a percentage; else a fraction
	OldJobTimes            bool // a job's begin_time is "04-Jun-2015 18:11:06:586", its end_time empty
	NativeReadMissing      bool // there is no GET /v2/images/{id}
	EnterpriseProjectsOnly bool // users have rights through enterprise projects alone
	// 20 tags, keys to 128, values to 255, more characters; else 10, 36, 43, letters, digits, _ and -.
	HuaweiTags      bool
	NamesMatchWhole bool // resource_name of a search by tags is compared as a whole; else a part of the name fits
	Pages500        bool // a list page holds at most 500 images; else 1000
	ChineseMessages bool // messages are Chinese for those who do not ask for X-Language: en-us
	HuaweiMembers   bool // members come in pages, with their type; domains can be members, too
	ResultsUnnamed  bool // results of jobs that share do not name the project
}

// Clock is what the emulator goes by: the time it shows, and for how long it pauses.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// ManualClock is a clock that stands still until it is moved on. It is safe for concurrent use.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	alarms []alarm
}

// alarm is what somebody waits for: that the clock shows a time.
type alarm struct {
	at    time.Time
	rings chan time.Time
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

// After gives the time once the clock has been moved on by d.
func (c *ManualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	rings := make(chan time.Time, 1)
	c.alarms = append(c.alarms, alarm{at: c.now.Add(d), rings: rings})
	c.ring()
	return rings
}

// IsAwaited is true from when somebody waits for a time until the clock has been moved on to it.
func (c *ManualClock) IsAwaited() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.alarms) > 0
}

// Advance moves the clock on by d.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.ring()
}

// ring ends the waiting for what the clock shows by now.
func (c *ManualClock) ring() {
	c.alarms = slices.DeleteFunc(c.alarms, func(a alarm) bool {
		due := !a.at.After(c.now)
		if due {
			a.rings <- c.now
		}
		return due
	})
}
