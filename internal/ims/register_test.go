package ims

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
)

// TestRegisterFile: the request is sent again when its answer was lost, and once; a refusal of the second tells that
// the first was accepted.
func TestRegisterFile(t *testing.T) {
	accepted, lost := reply(200, `{"job_id":"`+jobID+`"}`), fails(errReset)
	for name, test := range map[string]struct {
		script []reaction
		count  int
		job    string
		fails  bool
	}{
		"accepted":                   {[]reaction{accepted}, 1, jobID, false},
		"refused":                    {[]reaction{refusal(400, "IMG.0057")}, 1, "", true},
		"has its file":               {[]reaction{refusal(400, CodeUnavailable)}, 1, "", false},
		"refused for now":            {[]reaction{refusal(429, codeRateLimit), accepted}, 2, jobID, false},
		"lost, had been accepted":    {[]reaction{lost, refusal(400, CodeUnavailable)}, 2, "", false},
		"lost, had not been":         {[]reaction{lost, accepted}, 2, jobID, false},
		"lost, would be refused":     {[]reaction{lost, refusal(400, "IMG.0057")}, 2, "", true},
		"lost twice":                 {[]reaction{lost}, 2, "", false},
		"gateway spoke, then served": {[]reaction{reply(502, "bad gateway"), accepted}, 2, jobID, false},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, test.script...)
			client := New(session, Options{Clock: &steppingClock{now: time.Now()}})
			job, err := client.RegisterFile(t.Context(), imageID, "bucket:object")
			if (err != nil) != test.fails || job.ID != test.job || session.count() != test.count {
				t.Errorf("%d requests, job %q, %v", session.count(), job.ID, err)
			}
		})
	}
}

// TestRegisterFileInterrupted: what was sent is not said to have failed.
func TestRegisterFileInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	session := newSession(t, func(context.Context, *cloud.Request) (*http.Response, error) {
		cancel()
		return nil, errReset
	})
	job, err := New(session, Options{}).RegisterFile(ctx, imageID, "bucket:object")
	if err != nil || job.ID != "" || session.count() != 1 {
		t.Errorf("%d requests, job %q, %v", session.count(), job.ID, err)
	}
}
