package framework

import (
	"testing"
	"time"
)

func TestObjectRule(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"bucket:object": true, "my-bucket.1:a/b,c:d.qcow2": true, "bucket": false,
		":object": false, "bucket:": false, "b:o o": false,
		"obs://bucket/object": false, "s3://bucket/object": false, "https://host/object": false, "Bucket:object": false,
		"bucket:Object": true,
	} {
		if got := ObjectRule.Holds(value); got != want {
			t.Errorf("%s: %t, want %t", value, got, want)
		}
	}
}

// TestTimeoutRule: no time and negative times cannot be meant, and a read has to have a chance.
func TestTimeoutRule(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][2]bool{ // of any timeout, of a read
		"0s": {false, false}, "-5m": {false, false}, "999ms": {false, false}, "1s": {true, false}, "9s": {true, false},
		"10s": {true, true}, "1h30m": {true, true}, "soon": {true, true}, // which the attribute's own rule refuses
	} {
		got := [2]bool{timeoutRule(time.Second).Holds(value), timeoutRule(shortestRead).Holds(value)}
		if got != want {
			t.Errorf("%s: %v, want %v", value, got, want)
		}
	}
}
