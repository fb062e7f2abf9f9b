package project_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

type arguments = map[string]any

// look reads a data source and expects no diagnostics.
func look(t *testing.T, p *acctest.Protocol, typeName string, arguments arguments) map[string]string {
	t.Helper()
	found, said := p.Look(typeName, arguments)
	acctest.NoDiagnostics(t, said)
	return found
}

// TestTags shows all tags of the project's images, with their values.
func TestTags(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	acctest.Expect(t, look(t, p, "ims_tags", nil), map[string]string{"tags.%": "0"})
	cloud.AddImage(emulator.Image{Tags: map[string]string{"stage": "released", "empty": ""}})
	cloud.AddImage(emulator.Image{Tags: map[string]string{"stage": "test"}})
	acctest.Expect(t, look(t, p, "ims_tags", nil), map[string]string{
		"tags.%": "2", "tags.stage.#": "2", "tags.stage.0": "released", "tags.stage.1": "test", "tags.empty.#": "1",
		"tags.empty.0": "",
	})
}

// TestQuotas shows what the project may have, and has.
func TestQuotas(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{ImageQuota: 7})
	cloud.AddImage(emulator.Image{})
	acctest.Expect(t, look(t, cloud.Protocol(t, emulator.Owner), "ims_quotas", nil), map[string]string{
		"quotas.%": "1", "quotas.image.used": "1", "quotas.image.quota": "7", "quotas.image.min": "50",
		"quotas.image.max": "1000",
	})
}

// TestOSVersions shows what the cloud knows, all of it or some, and says where a cloud has no list.
func TestOSVersions(t *testing.T) {
	t.Parallel()
	const typeName = "ims_os_versions"
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(t, emulator.Owner)
	acctest.Expect(t, look(t, p, typeName, nil), map[string]string{"os_versions.10.os_version": "*"})
	debian := look(t, p, typeName, arguments{"platform": "Debian", "tags": []string{"x86", "arm"}})
	acctest.Expect(t, debian, map[string]string{
		"os_versions.0.platform": "Debian", "os_versions.0.os_bit": "64", "os_versions.0.os_type": "Linux",
	})
	if version := debian["os_versions.0.os_version"]; !strings.HasPrefix(version, "Debian ") {
		t.Errorf("the first version is %q", version)
	}
	acctest.Expect(t, look(t, p, typeName, arguments{"platform": "None"}), map[string]string{"os_versions.#": "0"})

	cloud.Inject(emulator.Fault{Path: "/v1/cloudimages/os_version", Status: http.StatusNotFound, Code: "APIGW.0101"})
	_, said := p.Look(typeName, nil)
	acctest.HasDiagnostic(t, said, "This cloud has no list", "APIGW.0101", "does not offer")
}

// TestJob looks at the same job while it runs and once it has ended.
func TestJob(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault         emulator.Fault
		running, over map[string]string
	}{
		"succeeds": {
			running: map[string]string{
				"state": "running", "status": "RUNNING", "type": "imsCreateImageByInstance", "progress": "50", "image_ids.#": "0",
				"end_time": "", "begin_time": "*",
			},
			over: map[string]string{"state": "succeeded", "image_ids.#": "1", "end_time": "*", "error_code": ""},
		},
		"fails": {
			fault:   emulator.Fault{FailJob: "IMG.0057"},
			running: map[string]string{"state": "running"},
			over:    map[string]string{"state": "failed", "error_code": "IMG.0057", "fail_reason": "*"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{OldJobReadProgress: true}})
			p := cloud.Protocol(t, emulator.Owner)
			test.fault.Method, test.fault.Path = http.MethodPost, "/v2/cloudimages/action"
			cloud.Inject(test.fault)
			job := arguments{"id": startImage(t, cloud)}

			cloud.Clock.Advance(acctest.JobDuration / 2)
			acctest.Expect(t, look(t, p, "ims_job", job), test.running)
			cloud.Clock.Advance(acctest.JobDuration)
			over := look(t, p, "ims_job", job)
			acctest.Expect(t, over, test.over)
			if reason := over["fail_reason"]; name == "fails" && !strings.Contains(reason, "image file is empty") {
				t.Errorf("the reason is %q", reason)
			}
			_, said := p.Look("ims_job", arguments{"id": "nothing"})
			acctest.HasDiagnostic(t, said, "ERROR ", "has no job nothing")
		})
	}
}

// TestJobOfShare shows what became of the parts.
func TestJobOfShare(t *testing.T) {
	t.Parallel()
	const nobody = "f0000000000000000000000000000099"
	cloud := acctest.Start(t, emulator.Options{})
	image := cloud.AddImage(emulator.Image{})
	body := fmt.Sprintf(`{"images":[%q],"projects":[%q,%q]}`, image, emulator.Receiver.ProjectID, nobody)
	job := arguments{"id": request(t, cloud, "/v1/cloudimages/members", body)}
	cloud.Clock.Advance(acctest.JobDuration)
	acctest.Expect(t, look(t, cloud.Protocol(t, emulator.Owner), "ims_job", job), map[string]string{
		"members.#":          "2",
		"members.0.image_id": image, "members.0.project_id": emulator.Receiver.ProjectID, "members.0.status": "success",
		"members.1.image_id": image, "members.1.project_id": nobody, "members.1.status": "failed",
	})
}

// TestEngine has an engine read all of them in one configuration.
func TestEngine(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	w := cloud.Attached(t)
	w.Configure(`
data "ims_tags" "test" {}
data "ims_quotas" "test" {}
data "ims_os_versions" "test" {}
data "ims_job" "test" {
  id = %q
}
output "found" {
  value = [
    data.ims_tags.test.tags, data.ims_quotas.test.quotas.image.used,
    data.ims_os_versions.test.os_versions[0].os_bit, data.ims_job.test.state,
  ]
}
`, startImage(t, cloud))
	w.Apply()
	if found := fmt.Sprint(w.Output("found")); found != "[map[] 1 64 running]" {
		t.Errorf("found %s", found)
	}
}
