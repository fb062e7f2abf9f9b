package emulator_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestStateFile brings everything back after a restart: images, a job under way, the token; and holds no secret.
func TestStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	b := newBench(t, emulator.Options{StateFile: file})
	made := b.made("POST", actionPath, with(fileBody, object{"image_tags": pairs(2)}))
	b.emu.AddObject("mine:disk.raw", 5)
	jobID, _ := b.expect(200, "POST", actionPath, serverBody)["job_id"].(string)
	if err := b.emu.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{b.token, emulator.Owner.Password, emulator.Owner.SecretKey} {
		if strings.Contains(string(content), secret) {
			t.Error("the state file holds a secret")
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(file + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}

	again := newBench(t, emulator.Options{StateFile: file})
	again.clock.Advance(b.clock.Now().Sub(again.clock.Now()))
	again.token = b.token
	if diff := cmp.Diff(b.image(made), again.image(made)); diff != "" {
		t.Error(diff)
	}
	if job := again.showJob(jobID); job["status"] != "INIT" {
		t.Errorf("%v", job)
	}
	again.clock.Advance(longerThanJobs)
	if job := again.showJob(jobID); job["status"] != "SUCCESS" {
		t.Errorf("%v", job)
	}
	if public := again.list("__imagetype=gold"); len(public) != len(b.list("__imagetype=gold")) {
		t.Errorf("%d public images", len(public))
	}
}

// TestBadStateFile refuses to begin with what it does not understand.
func TestBadStateFile(t *testing.T) {
	for name, content := range map[string]string{"no JSON": "x", "other JSON": "{}", "empty": ""} {
		file := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := emulator.New(emulator.Options{StateFile: file}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, err := emulator.New(emulator.Options{StateFile: filepath.Join(t.TempDir(), "nosuch", "state.json")})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err == nil {
		t.Error("a state that cannot be saved is no error")
	}
}

// TestSwitches turns each guess around that no other test does.
func TestSwitches(t *testing.T) {
	start := func(t *testing.T, switches emulator.Switches) (b *bench, job string) {
		t.Helper()
		b = newBench(t, emulator.Options{Switches: switches, JobDuration: 10 * time.Second})
		job, _ = b.expect(200, "POST", actionPath, with(serverBody, object{"image_tags": pairs(1)}))["job_id"].(string)
		return b, job
	}
	own := "owner=" + emulator.Owner.ProjectID
	t.Run("HideUnfinished", func(t *testing.T) {
		b, _ := start(t, emulator.Switches{HideUnfinished: true})
		if found := b.list(own); len(found) != 0 || len(b.emu.Images(emulator.Owner.ProjectID)) != 1 {
			t.Errorf("%v", found)
		}
		b.clock.Advance(10 * time.Second)
		if found := b.list(own); len(found) != 1 {
			t.Errorf("%v", found)
		}
	})
	t.Run("OriginNull", func(t *testing.T) {
		b, _ := start(t, emulator.Switches{OriginNull: true})
		if origin, present := b.list(own)[0]["__data_origin"]; !present || origin != nil {
			t.Errorf("%v", origin)
		}
	})
	t.Run("JobNotFoundFor", func(t *testing.T) {
		b, job := start(t, emulator.Switches{JobNotFoundFor: 2 * time.Second})
		b.expect(404, "GET", "/v1/"+emulator.Owner.ProjectID+"/jobs/"+job, nil)
		b.clock.Advance(2 * time.Second)
		b.showJob(job)
	})
	t.Run("TagsLate", func(t *testing.T) {
		b, _ := start(t, emulator.Switches{TagsLate: 3 * time.Second})
		b.clock.Advance(12 * time.Second)
		image := b.list(own)[0]
		if tags, _ := image["tags"].([]any); len(tags) != 0 || image["status"] != "active" {
			t.Errorf("%v", image)
		}
		b.clock.Advance(time.Second)
		if tags, _ := b.list(own)[0]["tags"].([]any); len(tags) != 1 {
			t.Errorf("%v", tags)
		}
	})
	t.Run("GoneLate", func(t *testing.T) {
		b, _ := start(t, emulator.Switches{GoneLate: 2 * time.Second})
		b.clock.Advance(10 * time.Second)
		id, _ := b.list(own)[0]["id"].(string)
		b.expect(204, "DELETE", "/v2/images/"+id, nil)
		b.expect(404, "DELETE", "/v2/images/"+id, nil)
		if found := b.list(own); len(found) != 1 || len(b.emu.Images(emulator.Owner.ProjectID)) != 0 {
			t.Errorf("%v", found)
		}
		b.clock.Advance(2 * time.Second)
		if found := b.list(own); len(found) != 0 {
			t.Errorf("%v", found)
		}
	})
	t.Run("LowercaseStatus", func(t *testing.T) {
		b, job := start(t, emulator.Switches{LowercaseStatus: true})
		b.clock.Advance(10 * time.Second)
		if status := b.showJob(job)["status"]; status != "success" {
			t.Errorf("%v", status)
		}
	})
	t.Run("NoRequestID", func(t *testing.T) {
		b, _ := start(t, emulator.Switches{NoRequestID: true})
		if got := b.send("GET", "/v2/cloudimages", nil); got.header.Get("X-Request-Id") != "" {
			t.Errorf("%v", got.header)
		}
	})
	t.Run("DataDiskFrom40", func(t *testing.T) {
		b, _ := start(t, emulator.Switches{DataDiskFrom40: true})
		b.refused(400, "IMG.0055", "POST", "/v1/cloudimages/dataimages/action", with(dataBody, object{"min_disk": 39}))
		b.expect(200, "POST", "/v1/cloudimages/dataimages/action", dataBody)
	})
	t.Run("job reads", func(t *testing.T) {
		const path = "/v1/cloudimages/job/"
		for name, test := range map[string]struct {
			options    emulator.Options
			older, new any // process_percent, half way
		}{
			"likely": {emulator.Options{}, nil, 0.5},
			"both":   {emulator.Options{Switches: emulator.Switches{OldJobReadProgress: true}}, 0.5, 0.5},
			"in percent": {
				emulator.Options{Switches: emulator.Switches{OldJobReadProgress: true, ProgressInPercent: true}}, 50.0, 50.0,
			},
			"no progress": {emulator.Options{NoProgress: true, Switches: emulator.Switches{OldJobReadProgress: true}}, nil, nil},
		} {
			test.options.JobDuration = time.Minute
			b := newBench(t, test.options)
			job, _ := b.expect(200, "POST", actionPath, serverBody)["job_id"].(string)
			b.clock.Advance(30 * time.Second)
			older, progress := b.showJob(job), b.expect(200, "GET", path+job, nil)
			if entities(older)["process_percent"] != test.older || entities(progress)["process_percent"] != test.new {
				t.Errorf("%s: %v, %v", name, older, progress)
			}
		}
		b := newBench(t, emulator.Options{Switches: emulator.Switches{OldJobReadMissing: true, OldJobTimes: true}})
		job, _ := b.expect(200, "POST", actionPath, serverBody)["job_id"].(string)
		b.refused(404, "APIGW.0101", "GET", "/v1/"+b.tenant.ProjectID+"/jobs/"+job, nil)
		if shown := b.expect(200, "GET", path+job, nil); !oldTime.MatchString(fmt.Sprint(shown["begin_time"])) ||
			shown["end_time"] != "" {
			t.Errorf("%v", shown)
		}
		b = newBench(t, emulator.Options{Switches: emulator.Switches{JobProgressMissing: true, NativeReadMissing: true}})
		b.refused(404, "APIGW.0101", "GET", path+"x", nil)
		b.refused(404, "APIGW.0101", "GET", "/v2/images/x", nil)
	})
	t.Run("EnterpriseProjectsOnly", func(t *testing.T) {
		b := newBench(t, emulator.Options{Switches: emulator.Switches{EnterpriseProjectsOnly: true}})
		b.refused(403, "IMG.0026", "GET", "/v2/cloudimages", nil)
		b.expect(200, "GET", "/v2/cloudimages?enterprise_project_id=all_granted_eps", nil)
		b.refused(403, "IMG.0026", "POST", actionPath, serverBody)
		b.expect(200, "POST", actionPath, with(serverBody, object{"enterprise_project_id": emulator.EnterpriseProjectID}))
		b.refused(
			403, "IMG.0026", "POST", "/v1/cloudimages/members", object{"images": []string{"i"}, "projects": []string{"p"}},
		)
	})
	t.Run("HuaweiTags", func(t *testing.T) {
		b := newBench(t, emulator.Options{Switches: emulator.Switches{HuaweiTags: true}})
		tags := []any{object{"key": strings.Repeat("k", 128), "value": strings.Repeat("v", 255)}}
		for i := range 19 {
			tags = append(tags, object{"key": fmt.Sprint("a.b:", i), "value": "x/y z"})
		}
		b.expect(200, "POST", actionPath, with(serverBody, object{"image_tags": tags}))
	})
	t.Run("Pages500", func(t *testing.T) {
		b := newBench(t, emulator.Options{Switches: emulator.Switches{Pages500: true}})
		for range 600 {
			b.emu.AddImage(emulator.Image{Name: "many"})
		}
		if n := len(b.list("limit=600")); n != 500 {
			t.Errorf("%d images in a page", n)
		}
	})
	t.Run("ChineseMessages", func(t *testing.T) {
		b := newBench(t, emulator.Options{Switches: emulator.Switches{ChineseMessages: true}})
		for language, english := range map[string]bool{"": false, "en-us": true} {
			got := b.send("GET", "/v2/cloudimages?marker=nosuch", nil, "X-Language", language)
			if strings.Contains(string(got.body), "image") != english {
				t.Errorf("%q: %s", language, got.body)
			}
		}
	})
}

var oldTime = regexp.MustCompile(`^\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d:\d{3}$`)

// TestOutOfBand changes the world behind the clients' backs.
func TestOutOfBand(t *testing.T) {
	b := newBench(t, emulator.Options{})
	id := b.emu.AddImage(emulator.Image{Name: "found", Attributes: object{"virtual_env_type": "DataImage"}})
	b.clock.Advance(time.Minute)
	if err := b.emu.UpdateImage(id, func(image *emulator.Image) {
		image.Name = "drifted"
		image.Tags["who"] = "console"
		image.Attributes["__description"] = "changed"
	}); err != nil {
		t.Fatal(err)
	}
	image := b.image(id)
	if image["name"] != "drifted" || image["__description"] != "changed" || image["updated_at"] == image["created_at"] ||
		image["virtual_env_type"] != "DataImage" {
		t.Errorf("%v", image)
	}
	if err := b.emu.DeleteImage(id); err != nil {
		t.Fatal(err)
	}
	if found := b.list("id=" + id); len(found) != 0 {
		t.Errorf("%v", found)
	}
	if b.emu.DeleteImage(id) == nil || b.emu.UpdateImage(id, func(*emulator.Image) {}) == nil {
		t.Error("an image that is gone can be changed")
	}
}
