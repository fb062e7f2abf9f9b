package cloud

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// TestSignaturesOfHuaweiSDK: what huaweicloud-sdk-go-v3 signed of random requests (internal/tools/signatures), we
// sign likewise.
func TestSignaturesOfHuaweiSDK(t *testing.T) {
	content, err := os.ReadFile("testdata/huawei_signatures.json")
	if err != nil {
		t.Fatal(err)
	}
	var signed []struct {
		Method, Path, Body, Date, Authorization string
		Query                                   url.Values
		ProjectID                               string `json:"project_id"`
	}
	if err := json.Unmarshal(content, &signed); err != nil {
		t.Fatal(err)
	}
	if len(signed) < 300 {
		t.Errorf("only %d requests", len(signed))
	}
	for _, one := range signed {
		at, err := time.Parse(signDateFormat, one.Date)
		if err != nil {
			t.Fatal(err)
		}
		address := url.URL{Scheme: "https", Host: "ims.example.com", Path: one.Path, RawQuery: canonicalQuery(one.Query)}
		var body io.Reader
		if one.Body != "" {
			body = strings.NewReader(one.Body)
		}
		var got string
		transport := &signingTransport{
			now: func() time.Time { return at }, projectID: one.ProjectID, accessKey: settings.NewSecret(testAccessKey),
			secretKey: settings.NewSecret(testSecretKey),
			next: roundTripper(func(r *http.Request) (*http.Response, error) {
				got = r.Header.Get("Authorization")
				return answer(http.StatusOK, ""), nil
			}),
		}
		resp, err := transport.RoundTrip(newRequest(t, one.Method, address.String(), body))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got != one.Authorization {
			t.Errorf("%s %s with %q:\ngot  %s\nwant %s", one.Method, address.String(), one.Body, got, one.Authorization)
		}
	}
}

// likeOTCSDK is a request to hold our canonical request against gophertelekomcloud's.
type likeOTCSDK struct{ method, path, key1, value1, key2, value2, body string }

// agrees compares the two, where they must agree: theirs takes only the first value of a repeated key, sorts keys
// without case, loses escaped slashes, and treats a POST without a body specially. Its header has another form and
// its key another derivation, so those are repeated here around our text. compared is false for a request that one of
// these is about.
func (r *likeOTCSDK) agrees(t *testing.T) (compared bool) {
	t.Helper()
	if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, r.method) || r.key1 == r.key2 ||
		r.method == "POST" && r.body == "" {
		return false
	}
	query := url.Values{}
	for key, val := range map[string]string{r.key1: r.value1, r.key2: r.value2} {
		if strings.Trim(key, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return false
		}
		if key != "" {
			query.Set(key, val)
		}
	}
	target := url.URL{Scheme: "https", Host: "ims.example.com", Path: "/" + r.path, RawQuery: canonicalQuery(query)}
	req, err := http.NewRequestWithContext(t.Context(), r.method, target.String(), bytes.NewReader([]byte(r.body)))
	if err != nil || req.URL.Path != target.Path {
		return false
	}
	req.Header.Set("X-Project-Id", "p1")
	golangsdk.Sign(req, golangsdk.SignOptions{AccessKey: testAccessKey, SecretKey: testSecretKey})
	date := req.Header.Get("X-Sdk-Date")
	canonical := canonicalRequest(req, []string{"host", "x-project-id", "x-sdk-date"}, hexHash([]byte(r.body)))
	mac := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	signingKey := []byte("SDK" + testSecretKey)
	for _, part := range []string{date[:8], "", "", "sdk_request"} {
		signingKey = mac(signingKey, part)
	}
	toSign := strings.Join([]string{
		"SDK-HMAC-SHA256", date, date[:8] + "///sdk_request", hexHash([]byte(canonical)),
	}, "\n")
	want := hex.EncodeToString(mac(signingKey, toSign))
	if got := req.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+want) {
		t.Errorf("theirs %s, ours %s of\n%s", got, want, canonical)
	}
	return true
}

// TestSignaturesOfOTCSDK holds random requests against gophertelekomcloud; FuzzCanonicalRequest goes on from there.
func TestSignaturesOfOTCSDK(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{
		"a", "Z", "0", " ", "+", "%", "%20", "&", "=", "?", "#", ";", ":", "*", "'", "(", "~", "-", ".", "_", "|", "\"",
		"<", "ä", "образ", "一", "🖼",
	}
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	text := func(most int) string {
		var b strings.Builder
		for range random.IntN(most + 1) {
			b.WriteString(pick(pieces))
		}
		return b.String()
	}
	compared := 0
	for range 500 {
		one := &likeOTCSDK{
			pick([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}), "v2/s" + text(4) + "/t" + text(3),
			pick([]string{"", "name", "tag"}), text(5), pick([]string{"__imagetype", "limit"}), text(5),
			pick([]string{"", `{"name":"x"}`, text(20)}),
		}
		if one.agrees(t) {
			compared++
		}
	}
	if compared < 300 {
		t.Errorf("only %d requests were compared", compared)
	}
}

func FuzzCanonicalRequest(f *testing.F) {
	f.Add("GET", "v2/cloudimages", "name", "my image", "tag", "a=b+c%20", "")
	f.Add("POST", "v2/cloudimages/action", "", "", "", "", `{"name":"x"}`)
	f.Add("DELETE", "v2/images/id", "limit", "", "__imagetype", "gold", `{"delete_backup":true}`)
	f.Add("PUT", "v2/образ/一 b", "created_at", "gt:2018-10-28T10:00:00Z", "x", "~*'()", "body")
	f.Fuzz(func(t *testing.T, method, path, key1, value1, key2, value2, body string) {
		if one := (&likeOTCSDK{method, path, key1, value1, key2, value2, body}); !one.agrees(t) {
			t.Skip()
		}
	})
}
