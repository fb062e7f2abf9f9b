package ims

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// TestJobReads: where the older read of jobs is not offered the other one is asked, from then on alone.
func TestJobReads(t *testing.T) {
	const progress = "v1/cloudimages/job/" + jobID
	const old = "v1/" + project + "/jobs/" + jobID
	only := func(offered ...string) reaction {
		return func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
			if slices.Contains(offered, req.Path) {
				return jobEnds(ctx, req)
			}
			return reply(404, `{"error_msg":"Api does not exist"}`)(ctx, req)
		}
	}
	for name, test := range map[string]struct {
		service reaction
		asked   []string
		fails   bool
	}{
		"both":    {only(old, progress), []string{old, old}, false},
		"old":     {only(old), []string{old, old}, false},
		"new":     {only(progress), []string{old, progress, progress}, false},
		"neither": {only(), []string{old, progress, old, progress}, true},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, test.service)
			client := New(session, Options{})
			for range 2 {
				job, err := client.Job(t.Context(), jobID)
				if (err != nil) != test.fails || err == nil && job.State() != JobSucceeded ||
					test.fails && (!IsNotOffered(err) || IsNotFound(err)) {
					t.Errorf("got %v, %v", job, err)
				}
			}
			var asked []string
			for _, request := range session.requests {
				asked = append(asked, request.Path)
			}
			if !slices.Equal(asked, test.asked) {
				t.Errorf("asked %v, want %v", asked, test.asked)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	percent := func(p float64) *float64 { return &p }
	for _, test := range []struct {
		percent *float64
		status  string
		want    float64
	}{
		{nil, "RUNNING", -1},
		{percent(0), "RUNNING", 0},
		{percent(0.2), "RUNNING", 0.2},
		{percent(20), "RUNNING", 0.2},
		{percent(1), "SUCCESS", 1},
		{percent(100), "SUCCESS", 1},
		{percent(1), "RUNNING", -1},
		{percent(101), "RUNNING", -1},
		{percent(-1), "RUNNING", -1},
		{percent(1.5), "RUNNING", 0.015},
	} {
		job := Job{Status: test.status, Entities: JobEntities{Percent: test.percent}}
		if got := job.Progress(); got != test.want {
			t.Errorf("%v of a job that is %s is %g, want %g", test.percent, test.status, got, test.want)
		}
	}
}

// TestEnterpriseProjectRights: a user with rights through enterprise projects alone is refused lists that name none.
// They are asked again for all that are granted, and from then on so at once.
func TestEnterpriseProjectRights(t *testing.T) {
	for name, test := range map[string]struct {
		read     func(context.Context, *Client) error
		requests int // of two reads
	}{
		"by id": {readImage, 3},
		"list":  {func(ctx context.Context, c *Client) error { _, err := c.Images(ctx, ImageFilter{}); return err }, 3},
		"list of one project": {
			func(ctx context.Context, c *Client) error {
				_, err := c.Images(ctx, ImageFilter{EnterpriseProjectID: "e"})
				return err
			}, 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, func(ctx context.Context, req *cloud.Request) (*http.Response, error) {
				if req.Query.Get("enterprise_project_id") == "" {
					return refusal(403, codeNoRole)(ctx, req)
				}
				return wellRead(ctx, req)
			})
			client := New(session, Options{})
			for range 2 {
				if err := test.read(t.Context(), client); err != nil {
					t.Error(err)
				}
			}
			if got := session.count(); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
		})
	}
	t.Run("no rights at all", func(t *testing.T) {
		session := newSession(t, refusal(403, codeNoRole))
		client := New(session, Options{})
		for range 2 {
			if err := readImage(t.Context(), client); !IsForbidden(err) || !strings.Contains(err.Error(), codeNoRole) {
				t.Errorf("got %v", err)
			}
		}
		if got := session.count(); got != 4 {
			t.Errorf("%d requests, want 4: nothing is granted", got)
		}
	})
}

// TestLanguage: without a language, messages may come in another than English.
func TestLanguage(t *testing.T) {
	session := newSession(t, wellRead)
	if err := readImage(t.Context(), New(session, Options{})); err != nil {
		t.Fatal(err)
	}
	if got := session.requests[0].Header.Get("X-Language"); got != "en-us" {
		t.Errorf("the request is in %q", got)
	}
}
