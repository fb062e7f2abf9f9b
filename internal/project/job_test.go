package project

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestPercent: a share that no binary number holds is shown as the service meant it.
func TestPercent(t *testing.T) {
	t.Parallel()
	for progress, want := range map[float64]types.Float64{
		-1: types.Float64Null(), 0: types.Float64Value(0), 0.29: types.Float64Value(29), 0.125: types.Float64Value(12.5),
		1: types.Float64Value(100),
	} {
		if got := percent(progress); !got.Equal(want) {
			t.Errorf("percent(%v) = %s, want %s", progress, got, want)
		}
	}
}
