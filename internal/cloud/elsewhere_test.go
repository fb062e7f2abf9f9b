package cloud

import "testing"

func TestHostIn(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://iam.eu-de.example.com/v3":      "https://iam.eu-nl.example.com/v3",
		"https://ims.eu-de.example.com:8443/":   "https://ims.eu-nl.example.com:8443/",
		"https://iam.example.com/v3":            "",
		"https://iam.eu-de2.example.com/eu-de/": "",
		"":                                      "",
		"%":                                     "",
	} {
		got, moved := hostIn(address, "eu-de", "eu-nl")
		if moved != (want != "") || moved && got != want {
			t.Errorf("hostIn(%q) = %q, %t", address, got, moved)
		}
	}
}
