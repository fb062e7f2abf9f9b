package emulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// signer signs requests in the Access form, by the steps of the API gateway's signing guide, for requests whose path
// and query need no escaping.
type signer struct {
	ak, sk, securityToken, project string
	at                             time.Time // zero: the bench's clock
	host                           string    // to sign instead of the real one
	tampered                       string    // a body to send instead of the signed one
	contentType                    string    // "": JSON
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// send sends a signed request whose query is in the canonical order, and returns the answer's status.
func (s signer) send(b *bench, method, path, body string) int {
	b.t.Helper()
	at := s.at
	if at.IsZero() {
		at = b.clock.Now()
	}
	date := at.UTC().Format("20060102T150405Z")
	host := strings.TrimPrefix(b.server.URL, "http://")
	if s.host != "" {
		host = s.host
	}
	resource, query, _ := strings.Cut(path, "?")
	canonical := fmt.Sprintf(
		"%s\n%s/\n%s\nhost:%s\nx-sdk-date:%s\n\nhost;x-sdk-date\n%s", method, resource, query, host, date, hash(body),
	)
	mac := hmac.New(sha256.New, []byte(s.sk))
	mac.Write([]byte("SDK-HMAC-SHA256\n" + date + "\n" + hash(canonical)))
	if s.tampered != "" {
		body = s.tampered
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("X-Sdk-Date", date)
	request.Header.Set(
		"Authorization",
		fmt.Sprintf("SDK-HMAC-SHA256 Access=%s, SignedHeaders=host;x-sdk-date, Signature=%x", s.ak, mac.Sum(nil)),
	)
	request.Header.Set("Content-Type", "application/json")
	for name, value := range map[string]string{
		"X-Project-Id": s.project, "X-Security-Token": s.securityToken, "Content-Type": s.contentType,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := b.server.Client().Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode
}

// TestSignature tries right and wrong signatures in the Access form.
func TestSignature(t *testing.T) {
	b := newBench(t, emulator.Options{})
	owner := emulator.Owner
	right := signer{ak: owner.AccessKey, sk: owner.SecretKey, project: owner.ProjectID}
	ak, sk, securityToken := b.emu.IssueTemporaryKeys(owner)
	temporary := signer{ak: ak, sk: sk, securityToken: securityToken, project: owner.ProjectID}
	change := func(s signer, to func(*signer)) signer {
		to(&s)
		return s
	}
	const list = "/v2/cloudimages?limit=2&tag=a&tag=b"
	for _, one := range []struct {
		name, method, path, body string
		signer                   signer
		status                   int
	}{
		{"list", "GET", list, "", right, 200},
		{"create", "POST", actionPath, `{"name": "made", "instance_id": "` + emulator.InstanceID + `"}`, right, 200},
		{"projects", "GET", "/v3/projects?name=eu-de", "", change(right, func(s *signer) { s.project = "" }), 200},
		{"catalog", "GET", "/v3/auth/catalog", "", right, 200},
		{"temporary", "GET", list, "", temporary, 200},
		{"wrong secret", "GET", list, "", change(right, func(s *signer) { s.sk = "wrong" }), 401},
		{"unknown key", "GET", list, "", change(right, func(s *signer) { s.ak = "NOSUCH" }), 401},
		{"another's secret", "GET", list, "", change(right, func(s *signer) { s.sk = emulator.Receiver.SecretKey }), 401},
		{"another body", "POST", actionPath, `{}`, change(right, func(s *signer) { s.tampered = `{"name": "x"}` }), 401},
		{"another host", "GET", list, "", change(right, func(s *signer) { s.host = "ims.eu-de.otc.t-systems.com" }), 401},
		{"no project", "GET", list, "", change(right, func(s *signer) { s.project = "" }), 401},
		{
			"another's project", "GET", list, "", change(right, func(s *signer) { s.project = emulator.Receiver.ProjectID }),
			401,
		},
		{
			"14 minutes slow", "GET", list, "", change(right, func(s *signer) { s.at = b.clock.Now().Add(-14 * time.Minute) }),
			200,
		},
		{
			"16 minutes slow", "GET", list, "", change(right, func(s *signer) { s.at = b.clock.Now().Add(-16 * time.Minute) }),
			401,
		},
		{
			"16 minutes fast", "GET", list, "", change(right, func(s *signer) { s.at = b.clock.Now().Add(16 * time.Minute) }),
			401,
		},
		{"no security token", "GET", list, "", change(temporary, func(s *signer) { s.securityToken = "" }), 401},
		{"wrong security token", "GET", list, "", change(temporary, func(s *signer) { s.securityToken = "x" }), 401},
		{"security token without need", "GET", list, "", change(right, func(s *signer) { s.securityToken = "x" }), 401},
	} {
		t.Run(one.name, func(t *testing.T) {
			if status := one.signer.send(b, one.method, one.path, one.body); status != one.status {
				journal := b.emu.Journal()
				t.Errorf("%d, want %d: %+v", status, one.status, journal[len(journal)-1])
			}
		})
	}
	if made := b.emu.Images(owner.ProjectID); len(made) != 1 {
		t.Errorf("%d images were made", len(made))
	}
}

// TestSignatureWithScope tries right and wrong signatures in the Credential form, as gophertelekomcloud makes them.
func TestSignatureWithScope(t *testing.T) {
	b := newBench(t, emulator.Options{})
	owner := emulator.Owner
	replaceIn := func(header, from, to string) func(http.Header) {
		return func(h http.Header) { h.Set(header, strings.Replace(h.Get(header), from, to, 1)) }
	}
	day := b.clock.Now().UTC().Format("20060102")
	for name, one := range map[string]struct {
		secret string
		change func(http.Header) // of what was signed
		status int
	}{
		"right":            {owner.SecretKey, nil, 200},
		"wrong secret":     {"wrong", nil, 401},
		"another's secret": {emulator.Receiver.SecretKey, nil, 401},
		"another key":      {owner.SecretKey, replaceIn("Authorization", owner.AccessKey, emulator.Receiver.AccessKey), 401},
		"another region":   {owner.SecretKey, replaceIn("Authorization", "/eu-de/", "/eu-nl/"), 401},
		"another service":  {owner.SecretKey, replaceIn("Authorization", "/ims/", "/obs/"), 401},
		"another end":      {owner.SecretKey, replaceIn("Authorization", "/sdk_request", "/aws4_request"), 401},
		"another day":      {owner.SecretKey, replaceIn("Authorization", "/"+day+"/", "/20200101/"), 401},
		"another time": {owner.SecretKey, func(h http.Header) {
			h.Set("X-Sdk-Date", b.clock.Now().Add(-time.Minute).UTC().Format("20060102T150405Z"))
		}, 401},
		"other signature": {owner.SecretKey, func(h http.Header) { h.Set("Authorization", h.Get("Authorization")+"0") }, 401},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.server.URL+"/v2/cloudimages?limit=2", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("X-Project-Id", owner.ProjectID)
			golangsdk.Sign(
				request,
				golangsdk.SignOptions{AccessKey: owner.AccessKey, SecretKey: one.secret, RegionName: "eu-de", ServiceName: "ims"},
			)
			if one.change != nil {
				before := request.Header.Clone()
				if one.change(request.Header); maps.EqualFunc(before, request.Header, slices.Equal) {
					t.Fatalf("nothing was changed: %v", before)
				}
			}
			response, err := b.server.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			if response.StatusCode != one.status {
				t.Errorf("%d, want %d", response.StatusCode, one.status)
			}
		})
	}
}

// TestSignatureHeader refuses what is no signature.
func TestSignatureHeader(t *testing.T) {
	b := newBench(t, emulator.Options{})
	for _, header := range []string{
		"SDK-HMAC-SHA256 ", "SDK-HMAC-SHA256 Access=x",
		"SDK-HMAC-SHA256 Credential=x/20200101, SignedHeaders=host, Signature=x",
		"SDK-HMAC-SHA256 Access=x, SignedHeaders=host, Signature=x", "SDK-HMAC-SHA256 Access=x, Nosuch=1",
	} {
		b.refused(401, "APIGW.0301", "GET", "/v2/cloudimages", nil, "Authorization", header)
	}
}

// TestSignedUpload has the whole file signed, which the gateway limits to 12 MB.
func TestSignedUpload(t *testing.T) {
	owner := emulator.Owner
	right := signer{
		ak: owner.AccessKey, sk: owner.SecretKey, project: owner.ProjectID, contentType: "application/octet-stream",
	}
	tampered := right
	tampered.tampered = "another file"
	for _, upload := range []struct {
		signer signer
		file   string
		status int
		image  string
	}{
		{right, "file", 204, "active"}, {tampered, "file", 401, "queued"},
		{right, strings.Repeat("x", 12<<20+1), 413, "queued"},
	} {
		b := newBench(t, emulator.Options{})
		id := b.emu.AddImage(emulator.Image{Status: "queued"})
		if status := upload.signer.send(b, "PUT", "/v2/images/"+id+"/file", upload.file); status != upload.status {
			t.Errorf("%d bytes: %d, want %d", len(upload.file), status, upload.status)
		}
		if image := b.image(id); image["status"] != upload.image {
			t.Errorf("%d bytes: %v", len(upload.file), image["status"])
		}
	}
}
