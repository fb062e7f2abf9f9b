package cloud_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// Pieces of paths, queries and bodies that signatures have been known to fail on.
var pieces = []string{
	"a", "Z", "0", " ", "+", "%", "%20", "%2B", "&", "=", "?", "#", "/", ";", ",", ":", "@", "!", "*", "'", "(", ")",
	"~", "-", ".", "_", "|", "\"",
	"<", ">", "\\", "^", "`", "{", "}", "[", "]", "$", "ä", "образ", "一", "🖼", "é", "\u00a0",
	"gt:2018-10-28T10:00:00Z",
}

func text(random *rand.Rand, most int) string {
	var b strings.Builder
	for range random.IntN(most + 1) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

// randomRequest is one that the emulator has an operation for, whose signature it therefore checks.
func randomRequest(random *rand.Rand) *cloud.Request {
	query := url.Values{}
	for range random.IntN(4) {
		name := "k" + text(random, 3)
		for range 1 + random.IntN(3) {
			query.Add(name, text(random, 4))
		}
	}
	tag := url.PathEscape("t" + strings.NewReplacer("/", "", ".", "").Replace(text(random, 5)))
	body := []byte(`{"` + text(random, 5) + `":"` + text(random, 20))
	switch random.IntN(5) {
	case 0:
		return &cloud.Request{Method: http.MethodGet, Path: "v2/cloudimages", Query: query}
	case 1:
		return &cloud.Request{Method: http.MethodPut, Path: "v2/images/x/tags/" + tag, Query: query}
	case 2:
		return &cloud.Request{Method: http.MethodDelete, Path: "v2/images/x/tags/" + tag, Query: query, Body: body}
	case 3:
		return &cloud.Request{Method: http.MethodPatch, Path: "v2/cloudimages/x", Query: query, Body: body}
	default:
		return &cloud.Request{Method: http.MethodPost, Path: "v2/cloudimages/action", Query: query, Body: body}
	}
}

// TestSignaturesAgree: the emulator, which has a signature of its own, takes whatever the client signs, also when the
// same request is sent again; and what the cloud's own SDK signs in its other form, where that is right.
func TestSignaturesAgree(t *testing.T) {
	emu, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	defer server.Close()
	owner := emulator.Owner
	session := open(t, key(server.URL, owner))
	wrong := key(server.URL, owner)
	wrong.ProjectName, wrong.ProjectID, wrong.SecretKey = "", owner.ProjectID, "wrong"
	wrong.Endpoint, wrong.Region = server.URL, emulator.Region
	refused := open(t, wrong)
	for seed := range uint64(400) {
		req := randomRequest(rand.New(rand.NewPCG(seed, 0)))
		for range 2 {
			if status, body, err := call(t, session, req); status == http.StatusUnauthorized || err != nil {
				t.Errorf("%s %s?%s: %d %s %v", req.Method, req.Path, req.Query.Encode(), status, body, err)
			}
		}
		if status, _, err := call(t, refused, req); status != http.StatusUnauthorized || err != nil {
			t.Errorf("%s %s: %d %v with the wrong key", req.Method, req.Path, status, err)
		}
		if status := bySDK(t, server.URL, req, owner.SecretKey); status == http.StatusUnauthorized {
			t.Errorf("the SDK: %s %s?%s: %d", req.Method, req.Path, req.Query.Encode(), status)
		}
	}
}

// bySDK sends what gophertelekomcloud signs: of a repeated key it takes the first value alone, and it takes a query's
// keys in an order of its own.
func bySDK(t *testing.T, base string, req *cloud.Request, secretKey string) int {
	t.Helper()
	query := url.Values{}
	for name, values := range req.Query {
		query.Set(strings.ToLower(name), values[0])
	}
	if len(query) > 1 {
		query = nil
	}
	address := base + "/" + req.Path
	if len(query) > 0 {
		address += "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	}
	sent, err := http.NewRequestWithContext(t.Context(), req.Method, address, bytes.NewReader(req.Body))
	if err != nil {
		t.Fatal(err)
	}
	sent.Header.Set("X-Project-Id", emulator.Owner.ProjectID)
	golangsdk.Sign(sent, golangsdk.SignOptions{AccessKey: emulator.Owner.AccessKey, SecretKey: secretKey})
	resp, err := http.DefaultTransport.RoundTrip(sent) //nolint:forbidigo // a second client, of a test
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}
