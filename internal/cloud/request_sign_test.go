package cloud

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// The worked example of the signing guide (chapters "Constructing a Standard Request" to "Calculating the Signature").
func TestSignatureOfTheGuide(t *testing.T) {
	req := newRequest(t, http.MethodGet, "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"+
		"?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0", nil)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Sdk-Date", "20191115T033655Z")
	canonical := canonicalRequest(req, []string{"content-type", "host", "x-sdk-date"}, hexHash(nil))
	const wantHash = "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
	if got := hexHash([]byte(canonical)); got != wantHash {
		t.Errorf("canonical request %s of\n%s", got, canonical)
	}
	const wantSignature = "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
	if got := sign(canonical, "20191115T033655Z", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"); got != wantSignature {
		t.Errorf("signature %s", got)
	}
}

// Signatures that huaweicloud-sdk-go-v3 publishes in its own tests.
func TestSignatureOfTheOtherSDK(t *testing.T) {
	for name, test := range map[string]struct{ method, url, body, want string }{
		"GET": {
			http.MethodGet, "https://example.huaweicloud.com/path?limit=1", "",
			"5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624",
		},
		"POST": {
			http.MethodPost, "https://example.huaweicloud.com/path?key=value", "{\"Name\":\"test\",\"Id\":1}\n",
			"cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59",
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := newRequest(t, test.method, test.url, nil)
			req.Header.Set("X-Sdk-Date", "20060102T150405Z")
			canonical := canonicalRequest(req, []string{"x-sdk-date"}, hexHash([]byte(test.body)))
			if got := sign(canonical, "20060102T150405Z", "SecretKey"); got != test.want {
				t.Errorf("signature %s of\n%s", got, canonical)
			}
		})
	}
}

func TestCanonicalQuery(t *testing.T) {
	for name, test := range map[string]struct {
		query url.Values
		want  string
	}{
		"none":         {nil, ""},
		"empty value":  {url.Values{"a": {""}}, "a="},
		"sorted keys":  {url.Values{"b": {"2"}, "a": {"1"}, "__x": {"0"}}, "__x=0&a=1&b=2"},
		"repeated key": {url.Values{"tag": {"b", "a", "b"}}, "tag=a&tag=b&tag=b"},
		"space":        {url.Values{"name": {"my image"}}, "name=my%20image"},
		"plus":         {url.Values{"name": {"a+b"}}, "name=a%2Bb"},
		"percent":      {url.Values{"name": {"100%25"}}, "name=100%2525"},
		"unreserved":   {url.Values{"name": {"-._~*!'()"}}, "name=-._~%2A%21%27%28%29"},
		"unicode": {
			url.Values{"имя": {"образ 一"}}, "%D0%B8%D0%BC%D1%8F=%D0%BE%D0%B1%D1%80%D0%B0%D0%B7%20%E4%B8%80",
		},
		"separators": {
			url.Values{"tag": {"a=b&c=d"}, "t": {"gt:2018-10-28T10:00:00Z"}},
			"t=gt%3A2018-10-28T10%3A00%3A00Z&tag=a%3Db%26c%3Dd",
		},
		"of the other SDK": {
			url.Values{"test": {"一 (&=?!#%.*)"}, "path": {"/tmp/123"}},
			"path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29",
		},
		"values not numbers": {url.Values{"multi": {"10", "9", "1"}}, "multi=1&multi=10&multi=9"},
	} {
		t.Run(name, func(t *testing.T) {
			got := canonicalQuery(test.query)
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			back, err := url.ParseQuery(got)
			if err != nil || canonicalQuery(back) != got {
				t.Errorf("read back as %v, %v", back, err)
			}
		})
	}
}

func TestCanonicalPath(t *testing.T) {
	for address, want := range map[string]string{
		"https://h":                       "/",
		"https://h/":                      "/",
		"https://h/v2/images":             "/v2/images/",
		"https://h/v2/images/":            "/v2/images/",
		"https://h/v2/tags/a%20b":         "/v2/tags/a%20b/",
		"https://h/v2/tags/a%2Fb":         "/v2/tags/a%2Fb/",
		"https://h/v2/tags/a+b":           "/v2/tags/a%2Bb/",
		"https://h/v2/tags/a%25b":         "/v2/tags/a%25b/",
		"https://h/v2/tags/:%E4%B8%80":    "/v2/tags/%3A%E4%B8%80/",
		"https://h/v2/tags/(owner)=jane,": "/v2/tags/%28owner%29%3Djane%2C/",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := canonicalPath(u); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// sentBy sends a request through the signing transport and returns what goes out, with its body.
func sentBy(t *testing.T, req *http.Request, token string) (*http.Request, string) {
	t.Helper()
	var sent *http.Request
	var body string
	transport := &signingTransport{
		now:       func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600)) },
		projectID: "p1", accessKey: settings.NewSecret(testAccessKey), secretKey: settings.NewSecret(testSecretKey),
		securityToken: settings.NewSecret(token),
		next: roundTripper(func(r *http.Request) (*http.Response, error) {
			sent = r
			if r.Body != nil {
				content, _ := io.ReadAll(r.Body)
				body = string(content)
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		}),
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return sent, body
}

// checkSignature checks a request as a gateway would: from what arrived and the headers it says are signed.
func checkSignature(t *testing.T, sent *http.Request, body string) {
	t.Helper()
	rest, ok := strings.CutPrefix(sent.Header.Get("Authorization"),
		"SDK-HMAC-SHA256 Access="+testAccessKey+", SignedHeaders=")
	names, signature, cut := strings.Cut(rest, ", Signature=")
	if !ok || !cut {
		t.Fatalf("Authorization: %s", sent.Header.Get("Authorization"))
	}
	payload := sent.Header.Get("X-Sdk-Content-Sha256")
	if payload == "" {
		payload = hexHash([]byte(body))
	}
	want := sign(canonicalRequest(sent, strings.Split(names, ";"), payload), sent.Header.Get("X-Sdk-Date"), testSecretKey)
	if signature != want {
		t.Errorf("signature %s, want %s", signature, want)
	}
}

func TestSigningTransport(t *testing.T) {
	for name, test := range map[string]struct {
		method, address string
		content         io.Reader
		token           string
		body            string
		headers         string
	}{
		"GET": {method: http.MethodGet, address: "https://h/v2/x?tag=b&tag=a", headers: "host;x-project-id;x-sdk-date"},
		"temporary key": {
			method: http.MethodGet, address: "https://h/v2/x", token: testSecurityToken, headers: "host;x-project-id;x-sdk-date",
		},
		"DELETE with a body": {
			method: http.MethodDelete, address: "https://h/v2/x", content: strings.NewReader(`{"delete_backup":true}`),
			body: `{"delete_backup":true}`, headers: "host;x-project-id;x-sdk-date",
		},
		"stream": {
			method: http.MethodPut, address: "https://h/v2/x/file", content: io.MultiReader(strings.NewReader("0123")),
			body: "0123", headers: "host;x-project-id;x-sdk-content-sha256;x-sdk-date",
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := newRequest(t, test.method, test.address, test.content)
			before := req.Header.Clone()
			sent, body := sentBy(t, req, test.token)
			if body != test.body {
				t.Errorf("body %q", body)
			}
			checkSignature(t, sent, body)
			if !strings.Contains(sent.Header.Get("Authorization"), "SignedHeaders="+test.headers+",") {
				t.Errorf("Authorization: %s", sent.Header.Get("Authorization"))
			}
			if sent.Header.Get("X-Sdk-Date") != "20260301T110000Z" || sent.Header.Get("X-Project-Id") != "p1" {
				t.Errorf("headers %v", sent.Header)
			}
			if sent.Header.Get("X-Security-Token") != test.token {
				t.Errorf("security token %q", sent.Header.Get("X-Security-Token"))
			}
			if len(req.Header) != len(before) {
				t.Errorf("the caller's request was changed: %v", req.Header)
			}
		})
	}
}
