package project_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func text(s string) knownvalue.Check { return knownvalue.StringExact(s) }

// shows expects an output of a data source.
func shows(address, name string, want knownvalue.Check) []statecheck.StateCheck {
	return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)}
}

func TestTags(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := cloud.Config("data \"ims_tags\" \"test\" {}\n")
	tagged := func(tags map[string]string) { cloud.AddImage(emulator.Image{Tags: tags}) }
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config, ConfigStateChecks: shows("data.ims_tags.test", "tags", knownvalue.MapExact(map[string]knownvalue.Check{}))},
		{
			PreConfig: func() {
				tagged(map[string]string{"stage": "released", "empty": ""})
				tagged(map[string]string{"stage": "test"})
			},
			Config: config,
			ConfigStateChecks: shows("data.ims_tags.test", "tags", knownvalue.MapExact(map[string]knownvalue.Check{
				"stage": knownvalue.SetExact([]knownvalue.Check{text("released"), text("test")}), "empty": knownvalue.SetExact([]knownvalue.Check{text("")}),
			})),
		},
	}})
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{ImageQuota: 7})
	cloud.AddImage(emulator.Image{})
	number := func(n int64) knownvalue.Check { return knownvalue.Int64Exact(n) }
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: cloud.Config("data \"ims_quotas\" \"test\" {}\n"),
		ConfigStateChecks: shows("data.ims_quotas.test", "quotas", knownvalue.MapExact(map[string]knownvalue.Check{
			"image": knownvalue.ObjectExact(map[string]knownvalue.Check{"used": number(1), "quota": number(7), "min": number(50), "max": number(1000)}),
		})),
	}}})
}

func TestOSVersions(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	const address = "data.ims_os_versions.test"
	all := cloud.Config("data \"ims_os_versions\" \"test\" {}\n")
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: all, Check: resource.TestCheckResourceAttrSet(address, "os_versions.10.os_version")},
		{
			Config: cloud.Config("data \"ims_os_versions\" \"test\" {\n  platform = \"Debian\"\n  tags = [\"x86\", \"arm\"]\n}\n"),
			Check: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(address, "os_versions.0.platform", "Debian"),
				resource.TestCheckResourceAttr(address, "os_versions.0.os_bit", "64"), resource.TestCheckResourceAttr(address, "os_versions.0.os_type", "Linux"),
				resource.TestMatchResourceAttr(address, "os_versions.0.os_version", regexp.MustCompile("^Debian "))),
		},
		{Config: cloud.Config("data \"ims_os_versions\" \"test\" {\n  platform = \"None\"\n}\n"), Check: resource.TestCheckResourceAttr(address, "os_versions.#", "0")},
		{
			PreConfig: func() {
				cloud.Inject(emulator.Fault{Path: "/v1/cloudimages/os_version", Status: http.StatusNotFound, Code: "APIGW.0101"})
			},
			Config: all, ExpectError: regexp.MustCompile(`(?s)This\s+cloud\s+has\s+no\s+list.*APIGW\.0101.*does\s+not\s+offer`),
		},
	}})
}

// TestJob looks at the same job while it runs and once it has ended.
func TestJob(t *testing.T) {
	t.Parallel()
	const address = "data.ims_job.test"
	for name, test := range map[string]struct {
		fault         emulator.Fault
		running, over resource.TestCheckFunc
	}{
		"succeeds": {
			running: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(address, "state", "running"), resource.TestCheckResourceAttr(address, "status", "RUNNING"),
				resource.TestCheckResourceAttr(address, "type", "imsCreateImageByInstance"), resource.TestCheckResourceAttr(address, "progress", "50"),
				resource.TestCheckResourceAttr(address, "image_ids.#", "0"), resource.TestCheckNoResourceAttr(address, "end_time"), resource.TestCheckResourceAttrSet(address, "begin_time")),
			over: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(address, "state", "succeeded"), resource.TestCheckResourceAttr(address, "image_ids.#", "1"),
				resource.TestCheckResourceAttrSet(address, "end_time"), resource.TestCheckNoResourceAttr(address, "error_code")),
		},
		"fails": {
			fault:   emulator.Fault{FailJob: "IMG.0057"},
			running: resource.TestCheckResourceAttr(address, "state", "running"),
			over: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(address, "state", "failed"), resource.TestCheckResourceAttr(address, "error_code", "IMG.0057"),
				resource.TestMatchResourceAttr(address, "fail_reason", regexp.MustCompile("image file is empty"))),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{OldJobReadProgress: true}})
			test.fault.Method, test.fault.Path = http.MethodPost, "/v2/cloudimages/action"
			cloud.Inject(test.fault)
			id := startImage(t, cloud)
			cloud.Clock.Advance(acctest.JobDuration / 2)
			config := cloud.Config("data \"ims_job\" \"test\" {\n  id = %q\n}\n", id)
			cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{
				{Config: config, Check: test.running},
				{PreConfig: func() { cloud.Clock.Advance(acctest.JobDuration) }, Config: config, Check: test.over},
				{Config: cloud.Config("data \"ims_job\" \"test\" {\n  id = \"nothing\"\n}\n"), ExpectError: regexp.MustCompile(`has no job nothing`)},
			}})
		})
	}
}

// TestJobOfShare shows what became of the parts.
func TestJobOfShare(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	image := cloud.AddImage(emulator.Image{})
	const nobody = "f0000000000000000000000000000099"
	id := request(t, cloud, "/v1/cloudimages/members", fmt.Sprintf(`{"images":[%q],"projects":[%q,%q]}`, image, emulator.Receiver.ProjectID, nobody))
	cloud.Clock.Advance(acctest.JobDuration)
	part := func(project, status string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{"image_id": text(image), "project_id": text(project), "status": text(status)})
	}
	cloud.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: cloud.Config("data \"ims_job\" \"test\" {\n  id = %q\n}\n", id),
		ConfigStateChecks: shows("data.ims_job.test", "members", knownvalue.ListExact([]knownvalue.Check{
			part(emulator.Receiver.ProjectID, "success"), part(nobody, "failed"),
		})),
	}}})
}
