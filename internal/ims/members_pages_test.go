package ims

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// page is a page of members as Huawei Cloud answers it (API reference, Querying Members of an Image), of members as
// "type id". next is the marker of the page after it.
func page(next string, members ...string) reaction {
	list := []map[string]any{}
	for _, member := range members {
		kind, id, _ := strings.Cut(member, " ")
		list = append(list, map[string]any{
			"image_id": imageID, "member_id": id, "member_type": kind, "urn": nil, "status": MemberPending,
			"created_at": "2026-01-14T02:05:14Z", "updated_at": "2026-01-14T02:05:14Z", "schema": "/v2/schemas/member",
		})
	}
	info := map[string]any{"current_count": len(list)}
	if next != "" {
		info["next_marker"] = next
	}
	return reply(200, encoded(map[string]any{"members": list, "schema": "/v2/schemas/members", "page_info": info}))
}

// TestMembersPages: the list is read to its end, and says who is a project.
func TestMembersPages(t *testing.T) {
	session := newSession(t,
		page("bWFya2VyLTE=", "project c", "domain a"), page("bWFya2VyLTI=", "organization d"), page("", "Project b"))
	members, err := New(session, Options{}).Members(t.Context(), imageID)
	if err != nil {
		t.Fatal(err)
	}
	var got []Recipient
	for i := range members {
		got = append(got, members[i].Recipient())
	}
	want := []Recipient{{MemberDomain, "a"}, {MemberProject, "b"}, {MemberProject, "c"}, {MemberOrganization, "d"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for i, query := range []string{"", "marker=bWFya2VyLTE%3D", "marker=bWFya2VyLTI%3D"} {
		if got := session.requests[i].Query.Encode(); got != query {
			t.Errorf("page %d was asked for by %q", i, got)
		}
	}
}

// TestMembersWithoutList: what is no list of members must not pass for an image that is shared with nobody.
func TestMembersWithoutList(t *testing.T) {
	for name, script := range map[string][]reaction{
		"nothing":           {reply(200, ``)},
		"an empty object":   {reply(200, `{}`)},
		"null":              {reply(200, `null`)},
		"busy":              {reply(200, `{"error":"busy"}`)},
		"a list":            {reply(200, `[null]`)},
		"no members":        {reply(200, `{"members":null}`)},
		"a null member":     {reply(200, `{"members":[null]}`)},
		"no id":             {reply(200, `{"members":[{"status":"pending"}]}`)},
		"no second page":    {page("next", "project a"), reply(200, `{}`)},
		"a page once more":  {page("next", "project a"), page("next", "project a")},
		"an end never seen": {page("next", "project a"), page("further")},
	} {
		t.Run(name, func(t *testing.T) {
			session := newSession(t, script...)
			members, err := New(session, Options{}).Members(t.Context(), imageID)
			if err == nil || IsNotFound(err) || members != nil {
				t.Errorf("got %v, %v", members, err)
			}
			if session.count() != len(script) {
				t.Errorf("sent %d requests", session.count())
			}
		})
	}
	for name, body := range map[string]string{
		"an empty object": `{}`, "null": `null`, "another": `{"member_id":"x","status":"accepted"}`,
	} {
		member, err := New(newSession(t, reply(200, body)), Options{}).Member(t.Context(), imageID, receiver)
		if err == nil || IsNotFound(err) || member != nil {
			t.Errorf("%s: got %v, %v", name, member, err)
		}
	}
}

// TestShareWithDomains: domains are sent beside projects, and only where there are any.
func TestShareWithDomains(t *testing.T) {
	for want, with := range map[string][]Recipient{
		`{"images":["` + imageID + `"],"projects":["a"],"domains":["d"]}`: {{MemberDomain, "d"}, {MemberProject, "a"}},
		`{"images":["` + imageID + `"],"domains":["d","e"]}`:              Recipients(MemberDomain, "d", "e"),
	} {
		synctest.Test(t, func(t *testing.T) {
			session := newSession(t, wellBegun, ended())
			if _, _, err := New(session, Options{}).ShareImage(t.Context(), imageID, with); err != nil {
				t.Fatal(err)
			}
			if got := string(session.requests[0].Body); got != want {
				t.Errorf("sent %s, want %s", got, want)
			}
		})
	}
}

// TestPartsWithoutNames: the API reference's examples of share jobs do not say whose part failed. Nobody of no name has
// failed, and an answer that failed has failed all the same.
func TestPartsWithoutNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed, _, err := New(newSession(t, wellBegun, ended(" failed", "b failed", " success")), Options{}).
			ShareImage(t.Context(), imageID, Recipients(MemberProject, "a", "b"))
		if err != nil || !slices.Equal(failed, Recipients(MemberProject, "b")) {
			t.Errorf("got %v, %v", failed, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		err := New(newSession(t, wellBegun, ended(" failed")), Options{}).
			AnswerShare(t.Context(), imageID, receiver, MemberAccepted, "")
		if !IsJobFailure(err) {
			t.Errorf("got %v", err)
		}
	})
}

// TestProgressOfShareJob: where jobs are asked for by their progress, they have no results; that is no failure.
func TestProgressOfShareJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		progress := reply(200, `{"job_id":"`+jobID+`","status":"SUCCESS","entities":{"process_percent":1,"current_task":""}}`)
		session := newSession(t, wellBegun, refusal(404, CodeNoAPI), progress)
		failed, _, err := New(session, Options{}).ShareImage(t.Context(), imageID, Recipients(MemberProject, "a"))
		if err != nil || len(failed) > 0 || session.requests[2].Path != "v1/cloudimages/job/"+jobID {
			t.Errorf("got %v, %v", failed, err)
		}
	})
}

// TestShareUnheard: a job that was accepted and may not be read goes on. That is not a refusal of the share.
func TestShareUnheard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, err := New(newSession(t, wellBegun, reply(403, ``)), Options{}).
			ShareImage(t.Context(), imageID, Recipients(MemberProject, "a"))
		var cut *WaitError
		if !errors.As(err, &cut) || cut.JobID == "" || IsJobFailure(err) {
			t.Errorf("got %v", err)
		}
	})
}

// TestClaims: the end of one share takes nothing from another one of the same image, whose making it waits for.
func TestClaims(t *testing.T) {
	client := New(newSession(t), Options{})
	all := Recipients(MemberProject, "a", "b", "c")
	client.Claim(imageID, "new", all[:2])
	for holder, want := range map[string][]Recipient{"old": all[2:], "": all[2:], "new": all} {
		if got := client.Unclaimed(imageID, holder, all); !slices.Equal(got, want) {
			t.Errorf("%q leaves %v", holder, got)
		}
	}
	client.Claim(imageID, "new", nil)
	if got := client.Unclaimed(imageID, "old", all); !slices.Equal(got, all) {
		t.Errorf("a claim that ended leaves %v", got)
	}

	done, err := client.TakeTurn(t.Context(), imageID)
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.TakeTurn(ended, imageID); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	done()
	if done, err = client.TakeTurn(t.Context(), imageID); err != nil {
		t.Fatal(err)
	}
	done()
}
