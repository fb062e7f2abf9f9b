package share_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// A domain that images can be shared with, on a cloud that has domains.
var domain = emulator.Agent.DomainID

var huawei = emulator.Options{Switches: emulator.Switches{HuaweiMembers: true, ResultsUnnamed: true}}

// addOthers shares an image with a domain and an organization, behind the engine's back.
func addOthers(image *emulator.Image) {
	for kind, id := range map[string]string{"domain": domain, "organization": "o-root"} {
		image.Members = append(image.Members, emulator.Member{
			ProjectID: id, Type: kind, Status: "pending", CreatedAt: image.CreatedAt, UpdatedAt: image.CreatedAt,
		})
	}
}

// quiet fails the test if anything was reported.
func quiet(t *testing.T, reported []string) {
	t.Helper()
	acctest.NoDiagnostics(t, reported)
}

// says fails the test unless something was reported that has all of the words.
func says(t *testing.T, reported []string, words ...string) {
	t.Helper()
	acctest.HasDiagnostic(t, reported, words...)
}

// expectIDs fails the test unless an attribute that is a set of ids has exactly these.
func expectIDs(t *testing.T, m *acctest.Managed, attribute string, want ...string) {
	t.Helper()
	var got []string
	for name, value := range m.Attributes() {
		if element, ok := strings.CutPrefix(name, attribute+"."); ok && element != "#" {
			got = append(got, value)
		}
	}
	slices.Sort(got)
	if want = slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
		t.Errorf("%s is %v, want %v", attribute, got, want)
	}
}

// settled fails the test unless a refresh and a plan find nothing to change.
func settled(t *testing.T, m *acctest.Managed, arguments map[string]any) {
	t.Helper()
	m.ExpectSettled(arguments)
}

// TestShareBesideDomains: with whom others share the image on Huawei Cloud is neither counted as projects nor removed.
func TestShareBesideDomains(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, huawei)
	cloud.Change(image, addOthers)
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	for _, wanted := range [][]string{projects(2), {project(2), project(3)}, {}} {
		arguments := shareOf(image, wanted)
		quiet(t, m.Apply(t.Context(), arguments))
		expectMembers(t, cloud, image, append(wanted, domain, "o-root")...)
		expectIDs(t, m, "project_ids", wanted...)
		settled(t, m, arguments)
		if m.Attribute("domain_ids") != "" {
			t.Error("the state has domains that nobody asked for")
		}
	}
	quiet(t, m.Apply(t.Context(), shareOf(image, projects(1))))
	quiet(t, m.Destroy(t.Context()))
	expectMembers(t, cloud, image, domain, "o-root")

	// Nor are they in the way of an import.
	cloud.Change(image, addMembers(project(1)))
	imported := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	quiet(t, imported.Import(image))
	settled(t, imported, shareOf(image, projects(1)))
	expectMembers(t, cloud, image, project(1), domain, "o-root")
}

// TestShareWithDomains: the domains that are named are shared with, mended and removed as projects are.
func TestShareWithDomains(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, huawei)
	other := emulator.Owner.DomainID
	arguments := func(domains ...string) map[string]any {
		return map[string]any{"image_id": image, "project_ids": projects(1), "domain_ids": domains}
	}
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	apply := func(domains ...string) {
		t.Helper()
		quiet(t, m.Apply(t.Context(), arguments(domains...)))
		expectMembers(t, cloud, image, append(domains, project(1))...)
		expectIDs(t, m, "domain_ids", domains...)
		settled(t, m, arguments(domains...))
	}
	apply(domain)
	apply(domain, other)
	cloud.Change(image, dropMembers(domain))
	quiet(t, m.Refresh())
	expectIDs(t, m, "domain_ids", other)
	apply(domain, other)
	apply(other)

	// The argument taken out: the sharing ends with those that it named, and with no others.
	cloud.Change(image, addOthers)
	quiet(t, m.Apply(t.Context(), shareOf(image, projects(1))))
	expectMembers(t, cloud, image, project(1), domain, "o-root")
	settled(t, m, shareOf(image, projects(1)))

	// Taken in again, it is all domains.
	quiet(t, m.Apply(t.Context(), arguments(other)))
	expectMembers(t, cloud, image, project(1), other, "o-root")
	settled(t, m, arguments(other))
	quiet(t, m.Destroy(t.Context()))
	expectMembers(t, cloud, image, "o-root")

	// A share that names domains takes no other over.
	cloud.Change(image, addOthers)
	says(t, m.Apply(t.Context(), arguments()), "was shared already, with domain "+domain)
	expectMembers(t, cloud, image, domain, "o-root")
}

// TestNoDomains: a cloud that shares with projects alone refuses domains, and the error says which cloud has them.
func TestNoDomains(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	for typeName, arguments := range map[string]map[string]any{
		"ims_image_share":        {"image_id": image, "project_ids": projects(1), "domain_ids": []string{domain}},
		"ims_image_share_member": {"image_id": image, "domain_id": domain},
	} {
		m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
		says(t, m.Apply(t.Context(), arguments), "The image was shared with nobody", "IMG.0001", "Only Huawei Cloud")
		if !m.State.IsNull() {
			t.Errorf("%s is in the state", typeName)
		}
	}
	expectMembers(t, cloud, image)
}

// TestUnknownDomain: a domain that there is not is found by reading the members.
func TestUnknownDomain(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, huawei)
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	arguments := map[string]any{"image_id": image, "project_ids": projects(1), "domain_ids": []string{"nosuch"}}
	says(t, m.Apply(t.Context(), arguments), "did not share the image with domain nosuch", project(1)+" was taken back",
		"Only Huawei Cloud")
	expectMembers(t, cloud, image)
}

// TestPartsUnnamed: where a job does not say whose part failed, the list of members does.
func TestPartsUnnamed(t *testing.T) {
	t.Parallel()
	const nobody = "f0000000000000000000000000000098"
	cloud, image := start(t, emulator.Options{Switches: emulator.Switches{ResultsUnnamed: true}})
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	says(t, m.Apply(t.Context(), shareOf(image, []string{project(1), nobody})),
		"did not share the image with project "+nobody, "Check the ids")
	expectMembers(t, cloud, image)

	one := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share_member")
	says(t, one.Apply(t.Context(), map[string]any{"image_id": image, "project_id": nobody}), "did not share image "+image)

	whole := cloud.AddImage(emulator.Image{Attributes: map[string]any{"__whole_image": "true"}})
	cloud.Change(whole, addMembers(emulator.Receiver.ProjectID))
	answer := cloud.Protocol(t, emulator.Receiver).Manage("ims_image_share_acceptance")
	arguments := map[string]any{"image_id": whole, "status": "accepted", "vault_id": emulator.VaultID}
	quiet(t, answer.Apply(t.Context(), arguments))
	cloud.Inject(emulator.Fault{Method: http.MethodPut, Path: membersPath, FailJob: "IMG.0112"})
	says(t, answer.Apply(t.Context(), map[string]any{"image_id": whole, "status": "rejected"}), "Failed to add the "+
		"tenant.")
}

// TestMembersOnSeveralPages: a project on the second page is a member like others.
func TestMembersOnSeveralPages(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, huawei)
	cloud.Change(image, func(i *emulator.Image) {
		for n := range 600 {
			i.Members = append(i.Members, emulator.Member{ProjectID: fmt.Sprintf("o-%03d", n), Type: "organization"})
		}
	})
	cloud.Change(image, addMembers(project(1)))
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	quiet(t, m.Import(image))
	quiet(t, m.Refresh())
	expectIDs(t, m, "project_ids", project(1))
	one := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share_member")
	quiet(t, one.Import(image+"/"+project(1)))
	quiet(t, one.Refresh())
	if one.Attribute("status") != "pending" {
		t.Errorf("the member's status is %q", one.Attribute("status"))
	}
}

// TestMemberOfDomain: a domain is shared with, imported and removed as a project is.
func TestMemberOfDomain(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, huawei)
	cloud.Change(image, addMembers(project(9)))
	arguments := map[string]any{"image_id": image, "domain_id": domain}
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share_member")
	quiet(t, m.Apply(t.Context(), arguments))
	expectMembers(t, cloud, image, project(9), domain)
	settled(t, m, arguments)
	if m.Attribute("status") != "pending" || m.Attribute("project_id") != "" || m.Identity["domain_id"] != domain {
		t.Errorf("the state is %v, its identity %v", m.State, m.Identity)
	}

	again := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share_member")
	says(t, again.Apply(t.Context(), arguments), "is shared with domain "+domain+" already", image+"/domain/"+domain)
	quiet(t, again.Import(image+"/domain/"+domain))
	settled(t, again, arguments)
	quiet(t, again.Destroy(t.Context()))
	expectMembers(t, cloud, image, project(9))
	quiet(t, m.Refresh())
	if !m.State.IsNull() {
		t.Error("a domain that is no member any more is in the state")
	}

	for _, id := range []string{image, image + "/", image + "/domain/", image + "/domain/x/y", "/" + project(9)} {
		says(t, again.Import(id), "The id must be <image_id>/<project_id> or <image_id>/domain/<domain_id>")
	}
	both := maps.Clone(arguments)
	both["project_id"] = project(1)
	for _, wrong := range []map[string]any{{"image_id": image}, both} {
		says(t, again.Apply(t.Context(), wrong), "project_id,domain_id")
	}
}

// TestLimitsOfClouds: an error about too many shares says how many each cloud takes.
func TestLimitsOfClouds(t *testing.T) {
	t.Parallel()
	cloud, image := start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage("ims_image_share")
	remove := cloud.Inject(emulator.Fault{Method: http.MethodPost, Path: membersPath, Status: 400, Code: "IMG.0088"})
	says(t, m.Apply(t.Context(), shareOf(image, projects(1))), "IMG.0088", "at most 256 projects",
		"on Swiss Open Telekom Cloud with 128", "a full-ECS image with 10")
	remove()
	var many []string
	for n := range 257 {
		many = append(many, project(n+1))
	}
	says(t, m.Apply(t.Context(), shareOf(image, many)), "at most 256 elements; these are 257", "with 128")
}
