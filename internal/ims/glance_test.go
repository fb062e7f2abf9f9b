package ims

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

const queued = `{"id":"` + imageID + `","status":"queued"}`

func TestCreateMetadata(t *testing.T) {
	for name, test := range map[string]struct {
		script []reaction
		count  int
		fails  bool
	}{
		"created":                {script: []reaction{reply(201, queued)}, count: 1},
		"refused for now":        {script: []reaction{refusal(429, "APIGW.0308"), reply(201, queued)}, count: 2},
		"never sent":             {script: []reaction{fails(cloud.ErrNotSent), reply(201, queued)}, count: 2},
		"perhaps made":           {script: []reaction{reply(500, "")}, count: 1, fails: true},
		"answer lost":            {script: []reaction{fails(io.ErrUnexpectedEOF)}, count: 1, fails: true},
		"no image in the answer": {script: []reaction{reply(201, "{}")}, count: 1, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, test.script...)
			c := New(session, Options{Clock: &steppingClock{now: time.Now()}})
			image, err := c.CreateMetadata(t.Context(), &Metadata{
				Name: "golden", OSVersion: "Debian GNU/Linux 12.0.0 64bit", DiskFormat: "raw", MinDisk: 10, Protected: true,
				Tags: map[string]string{"team": "a=b", "empty": ""},
			})
			if (err != nil) != test.fails || session.count() != test.count {
				t.Fatalf("%d requests, %v, %v", session.count(), image, err)
			}
			if err == nil && (image.ID != imageID || !c.HasMade(imageID)) {
				t.Errorf("got %+v", image)
			}
			const want = `{"name":"golden","__os_version":"Debian GNU/Linux 12.0.0 64bit","container_format":"bare",` +
				`"disk_format":"raw","min_disk":10,"visibility":"private","protected":true,"tags":["empty=","team=a=b"]}`
			if got := session.requests[0]; string(got.Body) != want || got.Method != http.MethodPost || got.Path != "v2/images" {
				t.Errorf("%s %s %s", got.Method, got.Path, got.Body)
			}
		})
	}
}

// sendsAll takes the whole stream, as a transport does, and then reacts.
func sendsAll(next reaction) reaction {
	return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
		ended := make(chan error, 1)
		go func() { _, err := io.Copy(io.Discard, req.Stream); ended <- err }()
		select {
		case err := <-ended:
			if err != nil {
				return nil, err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return next(ctx, req)
	}
}

// standsStill gives some bytes and then none, until it is closed.
func standsStill(t *testing.T) io.Reader {
	t.Helper()
	r, w := io.Pipe()
	t.Cleanup(func() { _ = w.Close() })
	return io.MultiReader(strings.NewReader("0123"), r)
}

func TestUploadFile(t *testing.T) {
	for name, test := range map[string]struct {
		file  func(t *testing.T) io.Reader
		image string
		react reaction
		count int
		took  time.Duration
		want  string
	}{
		"uploaded":   {react: sendsAll(reply(204, "")), count: 2},
		"not queued": {image: activeText, count: 1, want: "the image is active; only one that is queued takes a file"},
		"refused": {
			react: sendsAll(reply(409, "<html><title>409 Conflict</title></html>")), count: 2, want: "409 Conflict",
		},
		"signed out": {react: sendsAll(reply(401, "{}")), count: 2, want: "HTTP 401"},
		"passing":    {react: sendsAll(reply(503, "")), count: 2, want: "HTTP 503"},
		"broken":     {react: sendsAll(fails(io.ErrUnexpectedEOF)), count: 2, want: "unexpected EOF, after 8 of 8 bytes"},
		"stands still": {
			file: standsStill, react: sendsAll(hangs), count: 2,
			took: 2 * stallLimit, want: "nothing could be sent for 2m0s, after 4 of 8 bytes",
		},
		"never stored": {
			react: sendsAll(hangs), count: 2,
			took: stallLimit + storeLimit, want: "the whole file was sent, and no answer came",
		},
		"cannot be read": {
			file:  func(*testing.T) io.Reader { return brokenReader{} },
			react: sendsAll(hangs), count: 2, want: "unexpected EOF, after 0 of 8 bytes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if test.image == "" {
					test.image = queued
				}
				session := newSession(t, reply(200, test.image), test.react)
				var file io.Reader = strings.NewReader("01234567")
				if test.file != nil {
					file = test.file(t)
				}

				begin := time.Now()
				err := New(session, Options{}).UploadFile(t.Context(), imageID, file, 8)
				if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(begin); took > test.took {
					t.Errorf("it ended after %s, want %s at most", took, test.took)
				}
				if session.count() != test.count {
					t.Errorf("%d requests, want %d: a file is sent once", session.count(), test.count)
				}
			})
		})
	}
}

const activeText = `{"id":"` + imageID + `","status":"active"}`

// TestUploadHasNoTotalLimit: a file that keeps moving may take as long as it likes.
func TestUploadHasNoTotalLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pieces = 100
		r, w := io.Pipe()
		go func() {
			for range pieces {
				<-time.After(stallLimit - time.Second)
				_, _ = w.Write([]byte("x"))
			}
			_ = w.Close()
		}()

		client := New(newSession(t, reply(200, queued), sendsAll(reply(204, ""))), Options{})
		if err := client.UploadFile(t.Context(), imageID, r, pieces); err != nil {
			t.Error(err)
		}
	})
}

// TestUploadHearsCancellation: also while the file stands still.
func TestUploadHearsCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		file := io.MultiReader(strings.NewReader("0"), onRead(cancel), standsStill(t))

		begin := time.Now()
		err := New(newSession(t, reply(200, queued), sendsAll(hangs)), Options{}).UploadFile(ctx, imageID, file, 8)
		if took := time.Since(begin); !errors.Is(err, context.Canceled) || took > 0 {
			t.Errorf("got %v after %s", err, took)
		}
	})
}

type onRead func()

func (f onRead) Read([]byte) (int, error) { f(); return 0, io.EOF }

// zeros is a large file.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// However large the file, it takes little memory: through the real transport, to the emulator, which keeps nothing
// either.
func TestUploadTakesLittleMemory(t *testing.T) {
	emu, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	defer server.Close()
	owner := emulator.Owner
	resolved, err := settings.Resolve(
		settings.Config{AuthURL: server.URL, Token: emu.IssueToken(owner)}, settings.Environment{},
	)
	if err != nil {
		t.Fatal(err)
	}
	c := New(cloud.NewSession(resolved, cloud.SessionOptions{}), Options{})
	image, err := c.CreateMetadata(t.Context(), &Metadata{Name: "golden", DiskFormat: "raw"})
	if err != nil {
		t.Fatal(err)
	}
	const size = 128 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = c.UploadFile(t.Context(), image.ID, io.LimitReader(zeros{}, size), size)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > size/16 {
		t.Errorf("%d bytes were allocated for a file of %d", grown, size)
	}
	if image, err = c.GlanceImage(t.Context(), image.ID); err != nil || image.Status != StatusActive ||
		image.Size != size {
		t.Errorf("got %+v, %v", image, err)
	}
	if _, err := c.GlanceImage(t.Context(), "10000000-0000-4000-8000-000000000009"); !IsNotFound(err) {
		t.Errorf("got %v", err)
	}
	short := bytes.NewReader([]byte("0123"))
	if image, err = c.CreateMetadata(t.Context(), &Metadata{Name: "short"}); err != nil {
		t.Fatal(err)
	}
	if err := c.UploadFile(t.Context(), image.ID, short, 8); err == nil ||
		!strings.Contains(err.Error(), "after 4 of 8 bytes") {
		t.Errorf("a file that is shorter than said: %v", err)
	}
}
