package framework

import "testing"

func TestOneOf(t *testing.T) {
	t.Parallel()
	for want, values := range map[string][]string{
		"": nil, "`a`": {"a"}, "`a` or `b`": {"a", "b"}, "`a`, `b` or `c`": {"a", "b", "c"},
	} {
		if got := OneOf(values); got != want {
			t.Errorf("OneOf(%q) = %q, want %q", values, got, want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	for want, values := range map[string][]string{"": nil, "`a`": {"a"}, "`a`, `b`": {"a", "b"}} {
		if got := List(values); got != want {
			t.Errorf("List(%q) = %q, want %q", values, got, want)
		}
	}
}
