package framework

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTagPolicy(t *testing.T) {
	t.Parallel()
	policy := TagPolicy{
		Default:    map[string]string{"team": "platform", "stage": "test", "sys-x": "never sent"},
		IgnoreKeys: []string{"scanned"}, IgnoreKeyPrefixes: []string{"sys-"},
	}
	for name, test := range map[string]struct {
		own, onImage, configured map[string]string
		wantAll, wantOwn         map[string]string
	}{
		"nothing of its own": {
			onImage: map[string]string{"team": "platform", "stage": "test"},
			wantAll: map[string]string{"team": "platform", "stage": "test"}, wantOwn: map[string]string{},
		},
		"own wins": {
			own: map[string]string{"stage": "prod"}, onImage: map[string]string{"team": "platform", "stage": "prod"},
			wantAll: map[string]string{"team": "platform", "stage": "prod"}, wantOwn: map[string]string{"stage": "prod"},
		},
		"default named by the configuration": {
			own: map[string]string{"stage": "test"}, onImage: map[string]string{"team": "platform", "stage": "test"},
			configured: map[string]string{"stage": "test"},
			wantAll:    map[string]string{"team": "platform", "stage": "test"}, wantOwn: map[string]string{"stage": "test"},
		},
		"stranger's": {
			onImage: map[string]string{"team": "platform", "stage": "test", "sys-a": "1", "scanned": "yes", "other": "2"},
			wantAll: map[string]string{"team": "platform", "stage": "test"}, wantOwn: map[string]string{"other": "2"},
		},
		"default changed on the image": {
			onImage: map[string]string{"team": "somebody"},
			wantAll: map[string]string{"team": "platform", "stage": "test"}, wantOwn: map[string]string{"team": "somebody"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.wantAll, policy.All(test.own)); diff != "" {
				t.Errorf("All (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.wantOwn, policy.Own(test.onImage, test.configured)); diff != "" {
				t.Errorf("Own (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTagDifference(t *testing.T) {
	t.Parallel()
	set, remove := TagDifference(
		map[string]string{"same": "1", "changed": "1", "gone": "1"},
		map[string]string{"same": "1", "changed": "2", "new": ""})
	if diff := cmp.Diff(map[string]string{"changed": "2", "new": ""}, set); diff != "" {
		t.Errorf("set (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"gone": "1"}, remove); diff != "" {
		t.Errorf("remove (-want +got):\n%s", diff)
	}
}
