package share_test

import (
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestMoveState says what of another provider's state becomes what, before the provider knows any cloud, as engines do.
func TestMoveState(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	for name, test := range map[string]struct {
		from, to string
		state    map[string]any
		want     map[string]string
		words    string
	}{
		"share": {
			from: "huaweicloud_images_image_share", to: shareType,
			state: map[string]any{
				"id": "i", "region": "eu-de", "source_image_id": "i", "target_project_ids": []any{"p", "q"}, "timeouts": nil,
			},
			want: map[string]string{"image_id": "i", "project_ids.#": "2"},
		},
		"member": {
			from: "opentelekomcloud_images_image_access_v2", to: memberType,
			state: map[string]any{
				"id": "i/p", "image_id": "i", "member_id": "p", "status": "pending", "schema": "/v2/schemas/member",
			},
			want: map[string]string{"image_id": "i", "project_id": "p", "status": ""},
		},
		"answer": {
			from: "opentelekomcloud_images_image_access_accept_v2", to: acceptanceType,
			state: map[string]any{"id": "i/p", "image_id": "i", "member_id": "p", "status": "rejected"},
			want:  map[string]string{"image_id": "i", "project_id": "p", "status": "rejected"},
		},
		"accepter": {
			from: "huaweicloud_images_image_share_accepter", to: acceptanceType,
			state: map[string]any{"id": "x", "region": "eu-de", "image_id": "i", "vault_id": "v"},
			want:  map[string]string{"image_id": "i", "status": "accepted", "vault_id": "v"},
		},
		"no image": {
			from: "opentelekomcloud_images_image_access_v2", to: memberType, state: map[string]any{"id": "x"},
			words: "no id of an image",
		},
		"wrong type": {
			from: "opentelekomcloud_images_image_access_v2", to: shareType, state: map[string]any{"image_id": "x"},
			words: "not include",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := cloud.Unconfigured(t).Manage(test.to)
			said := m.Move(test.from, test.state)
			if test.words != "" {
				acctest.HasDiagnostic(t, said, test.words)
				return
			}
			acctest.NoDiagnostics(t, said)
			m.Expect(test.want)
		})
	}
}

// TestMoved: what the other providers' states say and the configuration says again is no change.
func TestMoved(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	receiver := emulator.Receiver.ProjectID
	member := []emulator.Member{{ProjectID: receiver, Status: "accepted"}}
	whole := cloud.AddImage(emulator.Image{Name: "whole", Members: member})
	one := cloud.AddImage(emulator.Image{Name: "one", Members: member})
	received := cloud.AddImage(foreign("received"))
	w := cloud.Attached(t)
	config := ""
	var states []acctest.PeerResource
	for _, move := range []struct {
		from, to  string
		state     map[string]any
		arguments arguments
	}{
		{
			"huaweicloud_images_image_share", shareType,
			map[string]any{"id": whole, "region": "eu-de", "source_image_id": whole, "target_project_ids": []any{receiver}},
			shareOf(whole, []string{receiver}),
		},
		{
			"opentelekomcloud_images_image_access_v2", memberType,
			map[string]any{"id": "x", "image_id": one, "member_id": receiver},
			memberOf(one, receiver),
		},
		{
			"opentelekomcloud_images_image_access_accept_v2", acceptanceType,
			map[string]any{"id": "x", "image_id": received, "member_id": emulator.Owner.ProjectID, "status": "accepted"},
			acceptanceOf(received),
		},
	} {
		states = append(states, acctest.PeerResource{Type: move.from, Attributes: move.state})
		config += "moved {\n  from = " + move.from + ".golden\n  to = " + move.to + ".test\n}\n" + acctest.Block(
			move.to, "test", move.arguments,
		)
	}
	w.PeerStates(states...)
	w.Configure("%s", config)
	w.Apply().Expect(t, "0 added, 0 changed, 0 destroyed")
	w.ExpectEmptyPlan()
}

// TestMovedElsewhere: a provider that is configured for another place takes nothing that was moved for gone.
func TestMovedElsewhere(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	image := cloud.AddImage(emulator.Image{
		Name: "golden", Members: []emulator.Member{{ProjectID: emulator.Receiver.ProjectID, Status: "accepted"}},
	})
	const absent, share = "11111111-2222-3333-4444-555555555555", "huaweicloud_images_image_share"
	shared := func(region, image, project string) map[string]any {
		return map[string]any{"region": region, "source_image_id": image, "target_project_ids": []any{project}}
	}
	one := map[string]any{"image_id": absent, "member_id": "p"}
	for name, test := range map[string]struct {
		from, to string
		state    map[string]any
		words    string // nothing: it arrives
	}{
		"share, region":  {share, shareType, shared("cn-north-4", absent, "p"), "is in region cn-north-4"},
		"share, project": {share, shareType, shared(emulator.Region, absent, "p"), "configured for the same project"},
		"member":         {"opentelekomcloud_images_image_access_v2", memberType, one, "configured for the same project"},
		"answer": {
			"opentelekomcloud_images_image_access_accept_v2", acceptanceType, one, "configured for the same project",
		},
		"share that is ours": {share, shareType, shared(emulator.Region, image, emulator.Receiver.ProjectID), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := cloud.Protocol(t, emulator.Owner).Manage(test.to)
			acctest.NoDiagnostics(t, m.Move(test.from, test.state))
			if said := m.Refresh(); test.words != "" {
				acctest.HasDiagnostic(t, said, "ERROR ", test.words)
			} else {
				acctest.NoDiagnostics(t, said)
			}
			if m.State.IsNull() {
				t.Error("it left the state")
			}
		})
	}
}
