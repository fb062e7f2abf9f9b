package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestCanonicalRequest has the API gateway's signing guide's own example (Constructing a Standard Request), whose hash
// the guide prints.
func TestCanonicalRequest(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"+
		"?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0", nil)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Sdk-Date", "20191115T033655Z")
	texts := canonicalRequests(&call{request: r, query: r.URL.Query()}, []string{"content-type", "host", "x-sdk-date"})
	sum := sha256.Sum256([]byte(texts[0]))
	const want = "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
	if got := hex.EncodeToString(sum[:]); len(texts) != 1 || got != want {
		t.Errorf("hash %s, want %s, of\n%s", got, want, texts[0])
	}
}

// TestScopeDate: a key derived for another day signs nothing of today, however well.
func TestScopeDate(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := e.clock.Now().UTC()
	for day, right := range map[string]bool{
		now.Format("20060102"): true, now.AddDate(0, 0, -1).Format("20060102"): false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/v2/cloudimages", nil)
		r.Header.Set("X-Sdk-Date", now.Format(signatureDate))
		r.Header.Set("X-Project-Id", Owner.ProjectID)
		c := &call{request: r, query: r.URL.Query()}
		headers := []string{"host", "x-sdk-date"}
		s := signature{scope: []string{day, "eu-de", "ims", "sdk_request"}}
		signed := s.sign(Owner.SecretKey, now.Format(signatureDate), canonicalRequests(c, headers)[0])
		r.Header.Set("Authorization", fmt.Sprintf("%s Credential=%s/%s, SignedHeaders=%s, Signature=%s",
			signatureAlgorithm, Owner.AccessKey, strings.Join(s.scope, "/"), strings.Join(headers, ";"), signed))
		if _, err := e.checkSignature(c); (err == nil) != right {
			t.Errorf("signed for %s: %v", day, err)
		}
	}
}

// TestCanonicalQuery sorts by name, then value, and escapes all but the unreserved characters.
func TestCanonicalQuery(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/?tag=b&tag=a&a-b=1&a=2&name=%C3%A4+%2F~&__x=", nil)
	const want = "__x=&a=2&a-b=1&name=%C3%A4%20%2F~&tag=a&tag=b"
	if got := canonicalQuery(r.URL.Query()); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// TestSeed reads what the tables of this package say.
func TestSeed(t *testing.T) {
	if id := newUUID(); !uuidPattern.MatchString(id) || id == newUUID() {
		t.Errorf("%s is no UUID", id)
	}
	if n := len(codes()); n < 150 {
		t.Errorf("%d error codes", n)
	}
	for _, image := range publicImages() {
		if image.CreatedAt.IsZero() || !knownOS(image.text("__os_version")) || !uuidPattern.MatchString(image.ID) {
			t.Errorf("%+v", image)
		}
	}
	for _, p := range platforms {
		if os := describeOS(p.detected); p.detected != "" &&
			(os.platform != p.platform || os.osType != p.osType || os.bit != "64") {
			t.Errorf("%s is %+v", p.detected, os)
		}
	}
	for file, want := range map[string]string{
		ImageFile: "Debian", "x:opensuse.qcow2": "OpenSUSE", "x:suse.qcow2": "SUSE", "x:disk.raw": "Other", ArmFile: "Debian",
	} {
		if os := detectOS(file); os.platform != want || os.arm != (file == ArmFile) {
			t.Errorf("%s is %+v", file, os)
		}
	}
	for version, bit := range map[string]string{
		"CentOS 6.10 32bit": "32", "Other(32bit)": "32", "Other(64bit)": "64", "Debian 32.0 64bit": "64",
	} {
		if os := describeOS(version); os.bit != bit {
			t.Errorf("%s has %s bits", version, os.bit)
		}
	}
}

// TestRoutes finds the operations whose paths are alike.
func TestRoutes(t *testing.T) {
	for path, want := range map[string]string{
		"GET /": "glance versions", "GET /v2/": "glance versions", "GET /v2/p/images/tags": "list project tags",
		"GET /v2/p/images/i/tags": "list image tags", "POST /v2/p/images/i/tags/action": "change tags",
		"DELETE /v2/p/images/i/tags/action": "delete tag", "DELETE /v2/images/i/tags/t": "glance delete tag",
		"GET /v1/cloudimages/tags": "list tag texts", "GET /v2/images//file": "", "GET /v2//images/tags": "",
	} {
		method, rest, _ := strings.Cut(path, " ")
		route, _ := findRoute(method, rest)
		got := ""
		if route != nil {
			got = route.operation
		}
		if got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}
