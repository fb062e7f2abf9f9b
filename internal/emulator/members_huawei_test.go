package emulator_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestHuaweiMembers: members come in pages that say where the next one begins, with what they are.
func TestHuaweiMembers(t *testing.T) {
	var many []emulator.Member
	for i := range 501 {
		many = append(many, emulator.Member{ProjectID: fmt.Sprintf("%032d", i), Status: "pending"})
	}
	many[0].Type = "organization"
	b := newBench(t, emulator.Options{Switches: emulator.Switches{HuaweiMembers: true}})
	id := b.emu.AddImage(emulator.Image{Members: many})
	path := "/v2/images/" + id + "/members"

	first := b.expect(200, "GET", path, nil)
	for i, want := range map[int]string{0: "organization", 499: "project"} {
		if got := dig(first, "members", i, "member_type"); got != want {
			t.Errorf("member %d is a %v", i, got)
		}
	}
	marker := fmt.Sprint(dig(first, "page_info", "next_marker"))
	second := b.expect(200, "GET", path+"?marker="+marker, nil)
	list, _ := second["members"].([]any)
	if len(list) != 1 || dig(second, "members", 0, "member_id") != many[500].ProjectID {
		t.Errorf("after %s comes %v", marker, second)
	}
	if got := fmt.Sprint(second["page_info"]); got != "map[current_count:1]" {
		t.Errorf("the last page says %v", got)
	}
	b.expect(400, "GET", path+"?limit=0", nil)
	b.expect(400, "GET", path+"?marker=AAAA", nil)
}

// TestHuaweiDomains: images are shared with domains beside projects, and no longer.
func TestHuaweiDomains(t *testing.T) {
	domain := emulator.Agent.DomainID
	with := object{"projects": []string{emulator.Receiver.ProjectID}, "domains": []string{domain, "nosuch"}}
	b := newBench(t, emulator.Options{Switches: emulator.Switches{HuaweiMembers: true}})
	id := b.emu.AddImage(emulator.Image{})
	with["images"] = []string{id}

	job := b.job("POST", membersPath, with)
	for i, want := range []string{
		fmt.Sprintf("map[image_id:%s project_id:%s status:success]", id, emulator.Receiver.ProjectID),
		fmt.Sprintf("map[image_id:%s status:success]", id), fmt.Sprintf("map[image_id:%s status:failed]", id),
	} {
		if got := fmt.Sprint(dig(job, "entities", "results", i)); got != want {
			t.Errorf("part %d: %s", i, got)
		}
	}
	count := func() int {
		list, _ := b.expect(200, "GET", "/v2/images/"+id+"/members", nil)["members"].([]any)
		return len(list)
	}
	if count() != 2 {
		t.Errorf("%d members", count())
	}
	b.job("DELETE", membersPath, object{"images": []string{id}, "domains": []string{domain}})
	if count() != 1 {
		t.Errorf("%d members", count())
	}

	elsewhere := newBench(t, emulator.Options{})
	with["images"] = []string{elsewhere.emu.AddImage(emulator.Image{})}
	elsewhere.refused(400, "IMG.0001", "POST", membersPath, with)
}

// TestResultsUnnamed: parts of a job that shares say what became of them, and not whose they are.
func TestResultsUnnamed(t *testing.T) {
	b := newBench(t, emulator.Options{Switches: emulator.Switches{ResultsUnnamed: true}})
	id := b.emu.AddImage(emulator.Image{})
	job := b.job("POST", membersPath, share([]string{id}, "nosuch"))
	got, want := fmt.Sprint(entities(job)["results"]), fmt.Sprintf("[map[image_id:%s status:failed]]", id)
	if got != want {
		t.Errorf("%s", got)
	}
}
