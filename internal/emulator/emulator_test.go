package emulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// bench is an emulator on a clock that stands still, served over HTTP, with every request in the journal known to the
// API.
type bench struct {
	t      *testing.T
	emu    *emulator.Emulator
	clock  *emulator.ManualClock
	server *httptest.Server
	token  string
	tenant emulator.Tenant
}

func newBench(t *testing.T, options emulator.Options) *bench {
	t.Helper()
	clock := emulator.NewManualClock(time.Now())
	options.Clock = clock
	emu, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	t.Cleanup(func() {
		server.Close()
		if err := emu.Close(); err != nil {
			t.Error(err)
		}
	})
	return &bench{
		t: t, emu: emu, clock: clock, server: server, token: emu.IssueToken(emulator.Owner), tenant: emulator.Owner,
	}
}

// as is the bench with another tenant at it.
func (b *bench) as(tenant emulator.Tenant) *bench {
	other := *b
	other.tenant, other.token = tenant, b.emu.IssueToken(tenant)
	return &other
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request; a body that is no string is sent as JSON.
func (b *bench) send(method, path string, body any, headers ...string) reply {
	b.t.Helper()
	var content io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		content = bytes.NewBufferString(v)
	default:
		encoded, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, content)
	if err != nil {
		b.t.Fatal(err)
	}
	if b.token != "" {
		request.Header.Set("X-Auth-Token", b.token)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.server.Client().Do(request)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{status: response.StatusCode, header: response.Header, body: read}
}

// expect sends a request that must end in a status, and decodes its answer.
func (b *bench) expect(status int, method, path string, body any, headers ...string) map[string]any {
	b.t.Helper()
	got := b.send(method, path, body, headers...)
	if got.status != status {
		b.t.Fatalf("%s %s: status %d, want %d: %.300s", method, path, got.status, status, got.body)
	}
	decoded := map[string]any{}
	if len(got.body) > 0 && got.body[0] == '{' {
		if err := json.Unmarshal(got.body, &decoded); err != nil {
			b.t.Fatalf("%s %s: %v: %s", method, path, err, got.body)
		}
	}
	return decoded
}

// refused sends a request that must be refused with a code.
func (b *bench) refused(status int, code, method, path string, body any, headers ...string) {
	b.t.Helper()
	got := b.send(method, path, body, headers...)
	if have := codeOf(got.body); got.status != status || have != code {
		b.t.Errorf("%s %s %v: %d %s, want %d %s: %.300s", method, path, body, got.status, have, status, code, got.body)
	}
}

func codeOf(body []byte) string {
	var failure struct {
		Error     struct{ Code any } `json:"error"`
		ErrorCode string             `json:"error_code"`
	}
	if json.Unmarshal(body, &failure) != nil {
		return ""
	}
	if code, isText := failure.Error.Code.(string); isText {
		return code
	}
	return failure.ErrorCode
}

// job starts a job, lets it end, and returns it.
func (b *bench) job(method, path string, body any) map[string]any {
	b.t.Helper()
	id, _ := b.expect(http.StatusOK, method, path, body)["job_id"].(string)
	b.clock.Advance(time.Hour)
	return b.showJob(id)
}

func (b *bench) showJob(id string) map[string]any {
	b.t.Helper()
	return b.expect(http.StatusOK, "GET", "/v1/"+b.tenant.ProjectID+"/jobs/"+id, nil)
}

func entities(job map[string]any) map[string]any {
	inner, _ := job["entities"].(map[string]any)
	return inner
}

// made is the id of the image that a job made.
func (b *bench) made(method, path string, body any) string {
	b.t.Helper()
	job := b.job(method, path, body)
	id, _ := entities(job)["image_id"].(string)
	if id == "" {
		b.t.Fatalf("%s %s made no image: %v", method, path, job)
	}
	return id
}

// list is the images that a query finds.
func (b *bench) list(query string) []map[string]any {
	b.t.Helper()
	listed, _ := b.expect(http.StatusOK, "GET", "/v2/cloudimages?"+query, nil)["images"].([]any)
	var images []map[string]any
	for _, one := range listed {
		image, _ := one.(map[string]any)
		images = append(images, image)
	}
	return images
}

// image is one image as the list shows it.
func (b *bench) image(id string) map[string]any {
	b.t.Helper()
	found := b.list("id=" + id)
	if len(found) != 1 {
		b.t.Fatalf("image %s: %d found", id, len(found))
	}
	return found[0]
}

type object = map[string]any

const longerThanJobs = time.Hour

// dig looks up a name (string) or a place (int) in a JSON document, step by step; nil if there is none.
func dig(document any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			inner, _ := document.(object)
			document = inner[key]
		case int:
			list, _ := document.([]any)
			if key >= len(list) {
				return nil
			}
			document = list[key]
		}
	}
	return document
}

func decode(t *testing.T, got reply, into any) {
	t.Helper()
	if err := json.Unmarshal(got.body, into); err != nil {
		t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
}

func TestImageFromFileLivesAndDies(t *testing.T) {
	b := newBench(t, emulator.Options{
		JobDuration: 10 * time.Second,
		Switches:    emulator.Switches{HuaweiTags: true, OldJobReadProgress: true, ProgressInPercent: true},
	})
	jobID, _ := b.expect(200, "POST", "/v2/cloudimages/action", object{
		"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40, "os_version": "Debian GNU/Linux 12.0.0 64bit",
		"image_tags": []any{object{"key": "team", "value": "a=b"}},
	})["job_id"].(string)
	if job := b.showJob(jobID); job["status"] != "INIT" || entities(job)["image_id"] != nil || job["end_time"] != nil {
		t.Errorf("at the start: %v", job)
	}
	own := "owner=" + b.tenant.ProjectID
	if image := b.list(own)[0]; image["status"] != "queued" || image["active_at"] != nil {
		t.Errorf("at the start: %v", image)
	}
	b.clock.Advance(5 * time.Second)
	if job := b.showJob(jobID); job["status"] != "RUNNING" || entities(job)["process_percent"] != 50.0 {
		t.Errorf("half way: %v", job)
	}
	id, _ := b.list(own)[0]["id"].(string)
	b.refused(400, "IMG.0090", "DELETE", "/v2/images/"+id, nil)
	b.refused(
		400, "IMG.0046", "PATCH", "/v2/cloudimages/"+id, []any{object{"op": "replace", "path": "/name", "value": "x"}},
	)
	b.clock.Advance(5 * time.Second)
	if job := b.showJob(jobID); job["status"] != "SUCCESS" || entities(job)["image_id"] != id || job["error_code"] != nil {
		t.Errorf("at the end: %v", job)
	}
	image := b.image(id)
	for name, want := range (object{
		"name": "golden", "status": "active", "min_disk": 40.0, "__data_origin": "file," + emulator.ImageFile,
		"__os_version": "Debian GNU/Linux 12.0.0 64bit", "__platform": "Debian", "__os_bit": "64", "__os_type": "Linux",
		"__image_size": "2147483648", "visibility": "private", "__imagetype": "private", "protected": false,
	}) {
		if image[name] != want {
			t.Errorf("%s is %v, want %v", name, image[name], want)
		}
	}
	if tags, _ := image["tags"].([]any); len(tags) != 1 || tags[0] != "team=a=b" {
		t.Errorf("tags: %v", image["tags"])
	}
	b.expect(204, "DELETE", "/v2/images/"+id, object{"delete_backup": true})
	if left := b.list("id=" + id); len(left) != 0 {
		t.Errorf("the image is still listed: %v", left)
	}
	b.expect(404, "DELETE", "/v2/images/"+id, nil)
	if unknown := b.emu.Unknown(); len(unknown) > 0 {
		t.Errorf("unknown requests: %v", unknown)
	}
}
