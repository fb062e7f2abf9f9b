package share_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestMoveState speaks the protocol, as engines do before they configure the provider; TestMoved has the engines.
func TestMoveState(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	for name, test := range map[string]struct {
		from, to string
		state    map[string]any
		want     map[string]string
		problem  string
	}{
		"share": {
			from: "huaweicloud_images_image_share", to: "ims_image_share", want: map[string]string{"image_id": "i"},
			state: map[string]any{"id": "i", "region": "eu-de", "source_image_id": "i", "target_project_ids": []any{"p", "q"}, "timeouts": nil},
		},
		"member": {
			from: "opentelekomcloud_images_image_access_v2", to: "ims_image_share_member", want: map[string]string{"image_id": "i", "project_id": "p"},
			state: map[string]any{"id": "i/p", "image_id": "i", "member_id": "p", "status": "pending", "schema": "/v2/schemas/member"},
		},
		"answer": {
			from: "opentelekomcloud_images_image_access_accept_v2", to: "ims_image_share_acceptance",
			want:  map[string]string{"image_id": "i", "project_id": "p", "status": "rejected"},
			state: map[string]any{"id": "i/p", "image_id": "i", "member_id": "p", "status": "rejected"},
		},
		"accepter": {
			from: "huaweicloud_images_image_share_accepter", to: "ims_image_share_acceptance",
			want:  map[string]string{"image_id": "i", "status": "accepted", "vault_id": "v"},
			state: map[string]any{"id": "x", "region": "eu-de", "image_id": "i", "vault_id": "v"},
		},
		"no image":   {from: "opentelekomcloud_images_image_access_v2", to: "ims_image_share_member", state: map[string]any{"id": "x"}, problem: "no id of an image"},
		"wrong type": {from: "opentelekomcloud_images_image_access_v2", to: "ims_image_share", state: map[string]any{"image_id": "x"}, problem: "not include"},
	} {
		p := cloud.Unconfigured(t)
		state, err := json.Marshal(test.state)
		if err != nil {
			t.Fatal(err)
		}
		moved, err := p.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: "registry.example.com/some/" + strings.SplitN(test.from, "_", 2)[0], SourceTypeName: test.from,
			SourceState: &tfprotov6.RawState{JSON: state}, TargetTypeName: test.to,
		})
		if err != nil {
			t.Fatal(err)
		}
		var problems string
		for _, d := range moved.Diagnostics {
			problems += d.Summary + ": " + d.Detail
		}
		if (problems == "") != (test.problem == "") || !strings.Contains(problems, test.problem) {
			t.Errorf("%s: %q", name, problems)
		}
		if problems == "" {
			if diff := cmp.Diff(test.want, p.Strings(moved.TargetState, p.Schemas.ResourceSchemas[test.to].ValueType())); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// TestMoved: what the other providers' states say and the configuration says again is no change.
func TestMoved(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	member := []emulator.Member{{ProjectID: emulator.Receiver.ProjectID, Status: "accepted"}}
	whole := cloud.AddImage(emulator.Image{Name: "whole", Members: member})
	one := cloud.AddImage(emulator.Image{Name: "one", Members: member})
	received := cloud.AddImage(emulator.Image{Name: "received", Owner: emulator.Receiver.ProjectID, Members: []emulator.Member{{ProjectID: emulator.Owner.ProjectID, Status: "accepted"}}})
	w := cloud.Workspace(t)
	w.PeerStates(
		acctest.PeerResource{Type: "huaweicloud_images_image_share", Attributes: map[string]any{"id": whole, "region": "eu-de", "source_image_id": whole, "target_project_ids": []any{emulator.Receiver.ProjectID}}},
		acctest.PeerResource{Type: "opentelekomcloud_images_image_access_v2", Attributes: map[string]any{"id": "x", "image_id": one, "member_id": emulator.Receiver.ProjectID}},
		acctest.PeerResource{Type: "opentelekomcloud_images_image_access_accept_v2", Attributes: map[string]any{"id": "x", "image_id": received, "member_id": emulator.Owner.ProjectID, "status": "accepted"}},
	)
	w.Configure(`
moved {
  from = huaweicloud_images_image_share.golden
  to   = ims_image_share.test
}
moved {
  from = opentelekomcloud_images_image_access_v2.golden
  to   = ims_image_share_member.test
}
moved {
  from = opentelekomcloud_images_image_access_accept_v2.golden
  to   = ims_image_share_acceptance.test
}
resource "ims_image_share" "test" {
  image_id    = %q
  project_ids = [%q]
}
resource "ims_image_share_member" "test" {
  image_id   = %q
  project_id = %q
}
resource "ims_image_share_acceptance" "test" {
  image_id = %q
}
`, whole, emulator.Receiver.ProjectID, one, emulator.Receiver.ProjectID, received)
	if result := w.Apply(); !strings.Contains(result.Output, "0 added, 0 changed, 0 destroyed") {
		t.Errorf("apply:\n%s", result.Output)
	}
	w.ExpectEmptyPlan()
}

// TestMovedAstray: a provider that is configured for another place takes nothing that was moved for gone.
func TestMovedAstray(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	image := cloud.AddImage(emulator.Image{Name: "golden", Members: []emulator.Member{{ProjectID: emulator.Receiver.ProjectID, Status: "accepted"}}})
	const absent = "11111111-2222-3333-4444-555555555555"
	for name, test := range map[string]struct {
		from, to string
		state    map[string]any
		says     string // "": it arrives
	}{
		"share, region":      {"huaweicloud_images_image_share", "ims_image_share", map[string]any{"region": "cn-north-4", "source_image_id": absent, "target_project_ids": []any{"p"}}, "is in region cn-north-4"},
		"share, project":     {"huaweicloud_images_image_share", "ims_image_share", map[string]any{"region": emulator.Region, "source_image_id": absent, "target_project_ids": []any{"p"}}, "configured for the same project"},
		"member":             {"opentelekomcloud_images_image_access_v2", "ims_image_share_member", map[string]any{"image_id": absent, "member_id": "p"}, "configured for the same project"},
		"answer":             {"opentelekomcloud_images_image_access_accept_v2", "ims_image_share_acceptance", map[string]any{"image_id": absent, "member_id": "p"}, "configured for the same project"},
		"share that is ours": {"huaweicloud_images_image_share", "ims_image_share", map[string]any{"region": emulator.Region, "source_image_id": image, "target_project_ids": []any{emulator.Receiver.ProjectID}}, ""},
	} {
		state, err := json.Marshal(test.state)
		if err != nil {
			t.Fatal(err)
		}
		p := cloud.Protocol(t, emulator.Owner)
		m := p.Manage(test.to)
		m.Move(test.from, state)
		told := strings.Join(m.Refresh(), "\n")
		if m.State.IsNull() || (told == "") != (test.says == "") || !strings.Contains(told, test.says) {
			t.Errorf("%s: the state is %v; told %q", name, m.State, told)
		}
	}
}
