package emulator_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// try sends a request that may get no answer; status 0 is none.
func (b *bench) try(ctx context.Context, method, path, body string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, method, b.server.URL+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("X-Auth-Token", b.token)
	request.Close = true // a fresh connection: net/http repeats what breaks on a used one
	response, err := b.server.Client().Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

// until waits for what another goroutine does.
func (b *bench) until(done func() bool) {
	b.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-b.t.Context().Done():
			b.t.Fatal(b.t.Context().Err())
		}
	}
}

const create = `{"name": "made", "instance_id": "` + emulator.InstanceID + `"}`

// TestFaultsOnAnswers puts errors in the place of answers, in order, and takes a fault away.
func TestFaultsOnAnswers(t *testing.T) {
	b := newBench(t, emulator.Options{Faults: []emulator.Fault{
		{Method: "GET", Path: "/v2/cloudimages", Skip: 1, Times: 1, Status: 503},
		{Path: "/v2/*", Times: 1, Status: 429, Code: "APIGW.0308", Message: "slow", RetryAfter: "2"},
	}})
	remove := b.emu.Inject(emulator.Fault{Method: "GET", Path: "/v1/cloudimages/quota", Status: 400, Code: "IMG.0010"})
	if got := b.send("GET", "/v2/cloudimages", nil); got.status != 429 || got.header.Get("Retry-After") != "2" ||
		codeOf(got.body) != "APIGW.0308" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := b.send("GET", "/v2/cloudimages", nil); got.status != 503 || !strings.Contains(string(got.body), "<html>") {
		t.Errorf("%d %s", got.status, got.body)
	}
	b.expect(200, "GET", "/v2/cloudimages", nil)
	for range 3 {
		b.refused(400, "IMG.0010", "GET", "/v1/cloudimages/quota", nil)
	}
	remove()
	b.expect(200, "GET", "/v1/cloudimages/quota", nil)
}

// TestDrops closes connections before and after the work.
func TestDrops(t *testing.T) {
	b := newBench(t, emulator.Options{})
	for _, drop := range []struct {
		fault emulator.Fault
		made  int
	}{{emulator.Fault{Drop: true, Times: 1}, 0}, {emulator.Fault{DropAnswer: true, Times: 1}, 1}} {
		drop.fault.Method, drop.fault.Path = "POST", actionPath
		b.emu.Inject(drop.fault)
		if status, err := b.try(t.Context(), "POST", actionPath, create); err == nil {
			t.Errorf("%+v: answered %d", drop.fault, status)
		}
		if made := len(b.emu.Images(b.tenant.ProjectID)); made != drop.made {
			t.Errorf("%+v: %d images", drop.fault, made)
		}
	}
	if journal := b.emu.Journal(); len(journal) != 2 || journal[0].Status != 0 || journal[1].Status != 0 ||
		len(journal[1].Fields) != 2 {
		t.Errorf("%+v", journal)
	}
}

// TestJobFaults decide how the job ends that a request starts.
func TestJobFaults(t *testing.T) {
	b := newBench(t, emulator.Options{})
	start := func(fault emulator.Fault) string {
		fault.Method, fault.Path, fault.Times = "POST", actionPath, 1
		b.emu.Inject(fault)
		return fmt.Sprint(b.expect(200, "POST", actionPath, create)["job_id"])
	}
	failing := start(emulator.Fault{FailJob: "IMG.0006"})
	hanging := start(emulator.Fault{HangJob: true})
	forgotten := start(emulator.Fault{ForgetJob: true})
	b.showJob(forgotten)
	b.clock.Advance(longerThanJobs)
	if job := b.showJob(failing); job["status"] != "FAIL" || job["error_code"] != "IMG.0006" ||
		job["fail_reason"] == nil || job["end_time"] == nil {
		t.Errorf("%v", job)
	}
	if job := b.showJob(hanging); job["status"] != "RUNNING" {
		t.Errorf("%v", job)
	}
	b.refused(404, "IMG.0121", "GET", "/v1/"+b.tenant.ProjectID+"/jobs/"+forgotten, nil)
	states := map[string]int{}
	for _, image := range b.emu.Images(b.tenant.ProjectID) {
		states[image.Status]++
	}
	if diff := cmp.Diff(map[string]int{"active": 1, "saving": 1}, states); diff != "" {
		t.Error(diff)
	}
	jobs := b.emu.Jobs()
	if len(jobs) != 3 || jobs[0].Status != "FAIL" || jobs[1].Status != "RUNNING" || jobs[2].Status != "SUCCESS" {
		t.Errorf("%+v", jobs)
	}
}

// TestWorkGoesOn when the client leaves during a pause: the request had arrived.
func TestWorkGoesOn(t *testing.T) {
	b := newBench(t, emulator.Options{})
	b.emu.Inject(emulator.Fault{Method: "POST", Path: actionPath, Delay: time.Hour})
	b.leaveWithin(func(ctx context.Context) error {
		_, err := b.try(ctx, "POST", actionPath, create)
		return err
	})
	b.until(func() bool { return len(b.emu.Images(b.tenant.ProjectID)) > 0 })
}

// leaveWithin sends a request that is paused, and has its client leave once it has arrived whole.
func (b *bench) leaveWithin(send func(context.Context) error) {
	b.t.Helper()
	ctx, leave := context.WithCancel(b.t.Context())
	left := make(chan error)
	go func() { left <- send(ctx) }()
	b.until(b.clock.IsAwaited)
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		b.t.Errorf("the client left with %v", err)
	}
}

// TestUploadWithoutClient: a file has arrived, but who sent it left before the answer. It does not count.
func TestUploadWithoutClient(t *testing.T) {
	b := newBench(t, emulator.Options{})
	id := fmt.Sprint(b.expect(201, "POST", "/v2/images", object{"name": "golden"})["id"])
	b.emu.Inject(emulator.Fault{Method: "PUT", Delay: time.Hour})
	b.leaveWithin(func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(
			ctx, "PUT", b.server.URL+"/v2/images/"+id+"/file", strings.NewReader("golden"),
		)
		if err != nil {
			return err
		}
		request.Header.Set("X-Auth-Token", b.token)
		request.Header.Set("Content-Type", "application/octet-stream")
		response, err := b.server.Client().Do(request)
		if err != nil {
			return err
		}
		return response.Body.Close()
	})

	b.server.Close() // returns once no request is under way
	if images := b.emu.Images(b.tenant.ProjectID); len(images) != 1 || images[0].Status != "queued" {
		t.Errorf("the images are %+v", images)
	}
}

// TestPausesEnd: with their time, with their fault, and with the emulator, so that a server shuts down at once.
func TestPausesEnd(t *testing.T) {
	for name, end := range map[string]func(b *bench, remove func()){
		"time":     func(b *bench, _ func()) { b.clock.Advance(time.Hour) },
		"fault":    func(_ *bench, remove func()) { remove() },
		"emulator": func(b *bench, _ func()) { _ = b.emu.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, emulator.Options{Latency: time.Minute})
			remove := b.emu.Inject(emulator.Fault{Delay: 59 * time.Minute})
			ended := make(chan int)
			go func() {
				status, _ := b.try(t.Context(), "GET", "/", "")
				ended <- status
			}()
			b.until(b.clock.IsAwaited)
			b.clock.Advance(time.Hour - 1)
			select {
			case status := <-ended:
				t.Fatalf("answered %d too soon", status)
			default:
			}
			end(b, remove)
			if status := <-ended; status != 300 {
				t.Errorf("status %d", status)
			}
		})
	}
}

// TestAwaitRequest hears of requests once, before they are answered.
func TestAwaitRequest(t *testing.T) {
	b := newBench(t, emulator.Options{})
	reads := func(r emulator.Request) bool { return r.Method == http.MethodGet }
	answered := -1
	b.emu.OnRequest(reads, func() {
		if answered != -1 {
			t.Error("called twice")
		}
		answered = b.emu.Journal()[0].Status
	})
	waited := make(chan error)
	go func() { waited <- b.emu.AwaitRequest(t.Context(), reads) }()
	b.expect(200, "GET", "/v2/cloudimages", nil)
	b.expect(200, "GET", "/v2/cloudimages", nil)
	if err := <-waited; err != nil || answered != 0 {
		t.Errorf("%v; the answer was %d", err, answered)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := b.emu.AwaitRequest(ended, reads); err != nil {
		t.Errorf("of one that is in the journal: %v", err)
	}
	b.emu.ResetJournal()
	if err := b.emu.AwaitRequest(ended, reads); !errors.Is(err, context.Canceled) {
		t.Errorf("of none: %v", err)
	}
}

// TestRate answers 429 beyond it, until the time it tells has passed.
func TestRate(t *testing.T) {
	b := newBench(t, emulator.Options{Rate: 2})
	b.expect(200, "GET", "/v2/cloudimages", nil)
	b.expect(200, "GET", "/v2/cloudimages", nil)
	got := b.send("GET", "/v2/cloudimages", nil)
	if got.status != 429 || codeOf(got.body) != "APIGW.0308" || got.header.Get("Retry-After") != "1" {
		t.Errorf("%d %v %s", got.status, got.header, got.body)
	}
	b.clock.Advance(time.Second)
	b.expect(200, "GET", "/v2/cloudimages", nil)
}

// TestParseFault reads the flag.
func TestParseFault(t *testing.T) {
	for text, want := range map[string]emulator.Fault{
		"POST /v2/cloudimages/action drop-answer times=1": {Method: "POST", Path: actionPath, DropAnswer: true, Times: 1},
		"GET /v1/*/jobs/* status=429 code=APIGW.0308 message=too_fast retry-after=2 skip=3": {
			Method: "GET", Path: "/v1/*/jobs/*", Status: 429, Code: "APIGW.0308", Message: "too fast", RetryAfter: "2", Skip: 3,
		},
		"drop":                            {Drop: true},
		"/v2/cloudimages delay=1500ms":    {Path: "/v2/cloudimages", Delay: 1500 * time.Millisecond},
		"POST fail-job=IMG.0057 times=2":  {Method: "POST", FailJob: "IMG.0057", Times: 2},
		"hang-job forget-job skip=0":      {HangJob: true, ForgetJob: true},
		"PATCH  /v2/cloudimages/*   drop": {Method: "PATCH", Path: "/v2/cloudimages/*", Drop: true},
	} {
		got, err := emulator.ParseFault(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", text, err, diff)
		}
	}
	for _, text := range []string{
		"", "GET", "GET /v2", "nosuch", "status=x", "status=9", "times=-1", "delay=1", "drop=1", "code=IMG.0010",
		"/v2/[ drop", "fail-job=",
		"retry-after=2 drop",
	} {
		if fault, err := emulator.ParseFault(text); err == nil {
			t.Errorf("%q is %+v", text, fault)
		}
	}
}

// TestJournal tells what was sent, over which connection, and what came of it.
func TestJournal(t *testing.T) {
	b := newBench(t, emulator.Options{})
	b.expect(200, "POST", actionPath, with(fileBody, object{"image_tags": pairs(2)}))
	got := b.send("GET", "/v2/cloudimages?limit=1", nil)
	b.refused(400, "IMG.0005", "POST", actionPath, with(serverBody, object{"instance_id": "x"}))
	journal := b.emu.Journal()
	if len(journal) != 3 {
		t.Fatalf("%d entries", len(journal))
	}
	want := []string{"image_tags[].key", "image_tags[].value", "image_url", "min_disk", "name", "os_version"}
	if diff := cmp.Diff(want, journal[0].Fields); diff != "" {
		t.Error(diff)
	}
	second := journal[1]
	if second.Query != "limit=1" || second.Operation != "list images" || second.Status != 200 ||
		second.ProjectID != b.tenant.ProjectID || second.RequestID != got.header.Get("X-Request-Id") ||
		second.Connection != journal[0].Connection || second.Unknown {
		t.Errorf("%+v", second)
	}
	if date, err := http.ParseTime(got.header.Get("Date")); err != nil ||
		!date.Equal(b.clock.Now().UTC().Truncate(time.Second)) {
		t.Errorf("date %v: %v", date, err)
	}
	if journal[2].Code != "IMG.0005" || journal[2].Status != 400 {
		t.Errorf("%+v", journal[2])
	}
	b.emu.ResetJournal()
	if journal := b.emu.Journal(); len(journal) != 0 {
		t.Errorf("%v", journal)
	}
}

// TestManyClients has requests of every kind at the same time, for the race detector.
func TestManyClients(t *testing.T) {
	b := newBench(t, emulator.Options{StateFile: filepath.Join(t.TempDir(), "state.json")})
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			id := b.emu.AddImage(emulator.Image{Name: fmt.Sprint("client-", i)})
			for _, request := range []struct{ method, path, body string }{
				{"POST", actionPath, create},
				{"GET", "/v2/cloudimages", ""},
				{"PATCH", "/v2/cloudimages/" + id, `[{"op": "replace", "path": "/name", "value": "changed"}]`},
				{"POST", "/v2/" + b.tenant.ProjectID + "/images/" + id + "/tags", `{"tag": {"key": "a", "value": "b"}}`},
				{"DELETE", "/v2/images/" + id, ""},
			} {
				if status, err := b.try(t.Context(), request.method, request.path, request.body); err != nil || status >= 300 {
					t.Errorf("%+v: %d %v", request, status, err)
				}
			}
			b.clock.Advance(time.Second)
			b.emu.Jobs()
			b.emu.Journal()
		})
	}
	clients.Wait()
	b.clock.Advance(longerThanJobs)
	if made := b.emu.Images(b.tenant.ProjectID); len(made) != 8 {
		t.Errorf("%d images", len(made))
	}
}
