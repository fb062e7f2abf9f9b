package ims

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const receiver = "edc89b490d7d4392898e19b2deb34797"

// sharedWith is a list of members as Glance answers it (API reference, Querying Image Sharing Members).
func sharedWith(status string, projects ...string) reaction {
	members := []map[string]any{}
	for _, id := range projects {
		members = append(members, map[string]any{
			"status": status, "created_at": "2016-09-01T02:05:14Z", "updated_at": "2016-09-01T02:37:11Z", "image_id": imageID, "member_id": id, "schema": "/v2/schemas/member",
		})
	}
	return reply(200, encoded(map[string]any{"members": members, "schema": "/v2/schemas/members"}))
}

func memberAnswers(status string) reaction {
	return reply(200, encoded(map[string]any{"status": status, "image_id": imageID, "member_id": receiver, "created_at": "2016-09-01T02:05:14Z", "updated_at": "2016-09-01T02:37:11Z"}))
}

// ended is a job that shares and ended, with its parts as "project status".
func ended(parts ...string) reaction {
	results := []map[string]any{}
	for _, part := range parts {
		id, status, _ := strings.Cut(part, " ")
		results = append(results, map[string]any{"image_id": imageID, "project_id": id, "status": status})
	}
	return reply(200, encoded(map[string]any{"job_id": jobID, "status": "SUCCESS", "entities": map[string]any{"results": results}}))
}

func TestMembers(t *testing.T) {
	client := New(newSession(t, sharedWith("accepted", "b", "a")), Options{})
	got, err := client.Members(t.Context(), imageID)
	want := []Member{
		{ImageID: imageID, ID: "a", Type: MemberProject, Status: MemberAccepted, CreatedAt: moment("2016-09-01T02:05:14Z"), UpdatedAt: moment("2016-09-01T02:37:11Z")},
		{ImageID: imageID, ID: "b", Type: MemberProject, Status: MemberAccepted, CreatedAt: moment("2016-09-01T02:05:14Z"), UpdatedAt: moment("2016-09-01T02:37:11Z")},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for name, test := range map[string]struct {
		script []reaction
		gone   bool
		calls  int
	}{
		"image gone":            {[]reaction{reply(404, `<html><h1>404 Not Found</h1></html>`), reply(200, listed()), reply(404, ``)}, true, 3},
		"image gone, by a code": {[]reaction{refusal(400, "IMG.0027")}, true, 1},
		"wrong address":         {[]reaction{reply(404, ``), reply(200, listed(activeImage(imageID)))}, false, 2},
		"no such operation":     {[]reaction{refusal(404, CodeNoAPI), reply(200, listed(activeImage(imageID)))}, false, 2},
		"forbidden":             {[]reaction{reply(403, ``)}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, test.script...)
			_, err := New(session, Options{}).Members(t.Context(), imageID)
			if err == nil || IsNotFound(err) != test.gone || session.count() != test.calls {
				t.Errorf("got %v after %d requests", err, session.count())
			}
		})
	}
}

func TestMember(t *testing.T) {
	session := newSession(t, memberAnswers(MemberPending), reply(404, `<html>no</html>`))
	client := New(session, Options{})
	got, err := client.Member(t.Context(), imageID, receiver)
	if err != nil || got.Status != MemberPending || got.ID != receiver {
		t.Errorf("got %v, %v", got, err)
	}
	if path := session.requests[0].Path; path != "v2/images/"+imageID+"/members/"+receiver {
		t.Errorf("asked for %s", path)
	}
	if _, err = client.Member(t.Context(), imageID, receiver); !IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

// TestReceivedImage: lists leave out what is not accepted unless asked for.
func TestReceivedImage(t *testing.T) {
	session := newSession(t, reply(200, listed(activeImage("another"), activeImage(imageID))), reply(200, listed(activeImage("another"))))
	client := New(session, Options{})
	got, err := client.ReceivedImage(t.Context(), imageID, MemberPending)
	if err != nil || got.ID != imageID {
		t.Errorf("got %v, %v", got, err)
	}
	wanted := "__imagetype=shared&id=" + imageID + "&limit=500&member_status=pending&visibility=shared"
	if query := session.requests[0].Query.Encode(); query != wanted {
		t.Errorf("asked for %s", query)
	}
	if _, err := client.ReceivedImage(t.Context(), imageID, MemberPending); !IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

// TestMemberRequests: the bodies are those of the API reference.
func TestMemberRequests(t *testing.T) {
	for name, test := range map[string]struct {
		send         func(context.Context, *Client) error
		method, body string
	}{
		"share": {
			func(ctx context.Context, c *Client) error {
				_, _, err := c.ShareImage(ctx, imageID, Recipients(MemberProject, "a", "b"))
				return err
			},
			http.MethodPost, fmt.Sprintf(`{"images":[%q],"projects":["a","b"]}`, imageID),
		},
		"stop": {
			func(ctx context.Context, c *Client) error {
				return c.StopSharing(ctx, imageID, Recipients(MemberProject, "a"))
			},
			http.MethodDelete, fmt.Sprintf(`{"images":[%q],"projects":["a"]}`, imageID),
		},
		"answer": {
			func(ctx context.Context, c *Client) error {
				return c.AnswerShare(ctx, imageID, receiver, MemberAccepted, "")
			},
			http.MethodPut, fmt.Sprintf(`{"images":[%q],"project_id":%q,"status":"accepted"}`, imageID, receiver),
		},
		"answer, full-ECS": {
			func(ctx context.Context, c *Client) error {
				return c.AnswerShare(ctx, imageID, receiver, MemberAccepted, "vault")
			},
			http.MethodPut, fmt.Sprintf(`{"images":[%q],"project_id":%q,"status":"accepted","vault_id":"vault"}`, imageID, receiver),
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, wellBegun, ended("a success"))
				if err := test.send(t.Context(), New(session, Options{})); err != nil {
					t.Fatal(err)
				}
				if got := session.requests[0]; got.Method != test.method || got.Path != "v1/cloudimages/members" || string(got.Body) != test.body {
					t.Errorf("sent %s %s %s", got.Method, got.Path, got.Body)
				}
			})
		})
	}
}

// TestShareImage: what is lost is looked for, and asked for once more; parts that failed are told.
func TestShareImage(t *testing.T) {
	shared, not := sharedWith("pending", "a", "b"), sharedWith("pending", "a")
	gone := reply(404, ``)
	for name, test := range map[string]struct {
		script []reaction
		failed []string
		err    string
		posts  int
	}{
		"well":                         {[]reaction{wellBegun, ended("a success", "b success")}, nil, "", 1},
		"no word on the parts":         {[]reaction{wellBegun, reply(200, jobBody("SUCCESS"))}, nil, "", 1},
		"parts failed":                 {[]reaction{wellBegun, ended("b failed", "a FAIL", "c success", "d pending")}, []string{"a", "b"}, "", 1},
		"answer lost, done":            {[]reaction{fails(errReset), not, not, shared}, nil, "", 1},
		"answer lost, not done":        {append(append([]reaction{fails(errReset)}, repeat(not, 17)...), wellBegun, ended()), nil, "", 2},
		"answer lost, gateway":         {[]reaction{reply(502, ``), shared}, nil, "", 1},
		"answer lost, then forbidden":  {[]reaction{fails(errReset), reply(403, ``)}, nil, "HTTP 403", 1},
		"never sent":                   {[]reaction{fails(errNotSent), wellBegun, ended()}, nil, "", 2},
		"flow control":                 {[]reaction{refusal(400, codeFlowControl), wellBegun, ended()}, nil, "", 2},
		"refused":                      {[]reaction{refusal(400, "IMG.0089")}, nil, "IMG.0089", 1},
		"job's record gone, done":      {[]reaction{wellBegun, jobRuns, gone, not, shared}, nil, "", 1},
		"job's record gone, not done":  {append(append([]reaction{wellBegun, jobRuns, gone}, repeat(not, 40)...), shared), nil, "the record of the job is gone", 1},
		"job's record and image gone":  {[]reaction{wellBegun, jobRuns, gone, gone, reply(200, listed()), gone}, nil, "not found", 1},
		"job failed":                   {[]reaction{wellBegun, reply(200, jobBody("FAIL"))}, nil, "the job failed", 1},
		"a passing failure in between": {[]reaction{wellBegun, reply(503, ``), ended()}, nil, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := newSession(t, test.script...)
				failed, since, err := New(session, Options{}).ShareImage(t.Context(), imageID, Recipients(MemberProject, "a", "b"))
				if !slices.Equal(failed, Recipients(MemberProject, test.failed...)) {
					t.Errorf("failed are %v", failed)
				}
				if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
					t.Errorf("got %v, want %q", err, test.err)
				}
				if since.IsZero() || since.After(time.Now()) {
					t.Errorf("since is %s", since)
				}
				posts := 0
				for _, request := range session.requests {
					if request.Method == http.MethodPost {
						posts++
					}
				}
				if posts != test.posts {
					t.Errorf("sent %d times, want %d", posts, test.posts)
				}
			})
		})
	}
}

// TestShareImageSince goes by the server's clock, which the first answer tells.
func TestShareImageSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead := time.Now().Add(time.Hour).UTC()
		_, since, err := New(newSession(t, reply(200, fmt.Sprintf(`{"job_id":%q}`, jobID), "Date", ahead.Format(http.TimeFormat)), ended()), Options{}).ShareImage(t.Context(), imageID, Recipients(MemberProject, "a"))
		if off := since.Sub(ahead); err != nil || off > 0 || off < -3*time.Second {
			t.Errorf("since is %s off the server's time, %v", off, err)
		}
	})
}

func TestStopSharingLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		session := newSession(t, fails(errReset), sharedWith("pending", "a", "b"), sharedWith("pending", "b"))
		if err := New(session, Options{}).StopSharing(t.Context(), imageID, Recipients(MemberProject, "a")); err != nil || session.count() != 3 {
			t.Errorf("got %v after %d requests", err, session.count())
		}
	})
}

func TestAnswerShare(t *testing.T) {
	for name, test := range map[string]struct {
		script []reaction
		err    string
	}{
		"well":        {[]reaction{wellBegun, ended(receiver + " success")}, ""},
		"part failed": {[]reaction{wellBegun, ended(receiver + " failed")}, "this part of it failed"},
		"answer lost": {[]reaction{fails(errReset), memberAnswers(MemberPending), memberAnswers(MemberAccepted)}, ""},
		"forbidden":   {[]reaction{reply(403, ``)}, "HTTP 403"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				err := New(newSession(t, test.script...), Options{}).AnswerShare(t.Context(), imageID, receiver, MemberAccepted, "")
				if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
					t.Errorf("got %v, want %q", err, test.err)
				}
			})
		})
	}
}

// TestMembersAfter: a list may lag behind the job. It is given time, and then taken as it is.
func TestMembersAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		session := newSession(t, sharedWith("pending", "old"), reply(503, ``), sharedWith("pending", "new"))
		members, err := New(session, Options{}).MembersAfter(t.Context(), imageID, Recipients(MemberProject, "new"), Recipients(MemberProject, "old"))
		if err != nil || len(members) != 1 || members[0].ID != "new" {
			t.Errorf("got %v, %v", members, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		members, err := New(newSession(t, sharedWith("pending", "old")), Options{}).MembersAfter(t.Context(), imageID, Recipients(MemberProject, "new"), nil)
		if took := time.Since(begin); err != nil || len(members) != 1 || took != effectIn {
			t.Errorf("got %v, %v after %s", members, err, took)
		}
	})
}

func TestUntilHearsCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel)
		begin := time.Now()
		seen, err := New(newSession(t), Options{}).Until(ctx, time.Hour, func(context.Context) (bool, error) { return false, nil })
		if seen || !errors.Is(err, context.Canceled) || time.Since(begin) != 1500*time.Millisecond {
			t.Errorf("got %t, %v after %s", seen, err, time.Since(begin))
		}
	})
}

// TestQuotaFigures: an error that says a limit is reached has the figures, whatever becomes of their look-up.
func TestQuotaFigures(t *testing.T) {
	figures := reply(200, `{"quotas":{"resources":[{"type":"image","used":99,"quota":100,"min":50,"max":1000}]}}`)
	want := []Quota{{Type: "image", Used: 99, Quota: 100, Min: 50, Max: 1000}}
	for name, test := range map[string]struct {
		script []reaction
		want   []Quota
		calls  int
		code   string
	}{
		"images":                {[]reaction{refusal(400, CodeImageQuota), figures}, want, 2, CodeImageQuota},
		"shares":                {[]reaction{refusal(400, CodeShareQuota), figures}, want, 2, CodeShareQuota},
		"tags":                  {[]reaction{refusal(400, CodeTagQuota), figures}, want, 2, CodeTagQuota},
		"anything else":         {[]reaction{refusal(400, "IMG.0089")}, nil, 1, "IMG.0089"},
		"forbidden figures":     {[]reaction{refusal(400, CodeImageQuota), reply(403, ``)}, nil, 2, CodeImageQuota},
		"figures have a limit":  {[]reaction{refusal(400, CodeImageQuota), refusal(400, CodeImageQuota)}, nil, 2, CodeImageQuota},
		"figures do not arrive": {[]reaction{refusal(400, CodeImageQuota), hangs}, nil, 2, CodeImageQuota},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				session := newSession(t, test.script...)
				err := startJob(t.Context(), New(session, Options{}))
				var refused *Error
				if !errors.As(err, &refused) || refused.Code != test.code {
					t.Fatalf("got %v", err)
				}
				if diff := cmp.Diff(test.want, refused.Quotas); diff != "" || session.count() != test.calls {
					t.Errorf("after %d requests: %s", session.count(), diff)
				}
				if took := time.Since(begin); took > figuresIn {
					t.Errorf("took %s", took)
				}
			})
		})
	}
	t.Run("a job's", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			failed := reply(200, fmt.Sprintf(`{"job_id":%q,"status":"FAIL","error_code":%q,"fail_reason":"full","entities":{}}`, jobID, CodeImageQuota))
			_, err := New(newSession(t, failed, figures), Options{}).Wait(t.Context(), "make image", started)
			var refused *Error
			if !errors.As(err, &refused) || !cmp.Equal(refused.Quotas, want) {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestOSVersions(t *testing.T) {
	session := newSession(t, reply(200, `[{"platform":"CentOS","version_list":[
		{"platform":"CentOS","os_version_key":"CentOS 7.4 64bit","os_version":"CentOS 7.4 64bit","os_bit":64,"os_type":"Linux"},
		{"os_version_key":"k","os_version":"v","os_bit":"32","os_type":"Linux"}]},{"platform":"Other"}]`),
		refusal(404, CodeNoAPI))
	client := New(session, Options{})
	got, err := client.OSVersions(t.Context(), []string{"x86", "bms"})
	want := []OSVersion{
		{Platform: "CentOS", Key: "CentOS 7.4 64bit", Version: "CentOS 7.4 64bit", Bit: 64, Type: "Linux"},
		{Platform: "CentOS", Key: "k", Version: "v", Bit: 32, Type: "Linux"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if query := session.requests[0].Query.Encode(); query != "tag=x86&tag=bms" {
		t.Errorf("asked for %s", query)
	}
	if _, err := client.OSVersions(t.Context(), nil); IsNotFound(err) || !HasCode(err, CodeNoAPI) {
		t.Errorf("got %v", err)
	}
}
