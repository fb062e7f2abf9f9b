package cloud

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The signature of the API gateway's signing guide.
const (
	signAlgorithm   = "SDK-HMAC-SHA256"
	signDateFormat  = "20060102T150405Z"
	headerDate      = "X-Sdk-Date"
	headerContent   = "X-Sdk-Content-Sha256"
	headerProject   = "X-Project-Id"
	headerDomain    = "X-Domain-Id"
	headerToken     = "X-Security-Token"
	unsignedPayload = "UNSIGNED-PAYLOAD"

	// signedBodyLimit is the largest body of a signed request, in bytes: the gateway refuses larger ones.
	signedBodyLimit = 12 << 20
)

// signedHeaders are the headers that go into the signature, when present. The guide asks for the date alone. Content-Type stays out, as
// in huaweicloud-sdk-go-v3, and the security token too: a gateway that refuses a signature repeats what was signed in its message.
var signedHeaders = []string{"host", "x-domain-id", "x-project-id", "x-sdk-content-sha256", "x-sdk-date"}

// signingTransport signs every request anew as it goes out.
type signingTransport struct {
	next                                http.RoundTripper
	now                                 func() time.Time
	projectID                           string
	domainID                            string // of requests that are the account's, for no project
	accessKey, secretKey, securityToken secret
}

// RoundTrip signs a copy of the request.
func (t *signingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	signed := req.Clone(req.Context())
	payload, err := payloadHash(req, signed)
	if err != nil {
		closeBody(req)
		return nil, err
	}
	signed.Header.Set(headerDate, t.now().UTC().Format(signDateFormat))
	if t.projectID != "" {
		signed.Header.Set(headerProject, t.projectID)
	}
	if t.domainID != "" {
		signed.Header.Set(headerDomain, t.domainID)
	}
	if token := t.securityToken.reveal(); token != "" {
		signed.Header.Set(headerToken, token)
	}
	var names []string
	for _, name := range signedHeaders {
		if name == "host" || signed.Header.Get(name) != "" {
			names = append(names, name)
		}
	}
	signature := sign(canonicalRequest(signed, names, payload), signed.Header.Get(headerDate), t.secretKey.reveal())
	signed.Header.Set("Authorization", fmt.Sprintf("%s Access=%s, SignedHeaders=%s, Signature=%s",
		signAlgorithm, t.accessKey.reveal(), strings.Join(names, ";"), signature))
	return t.next.RoundTrip(signed)
}

// payloadHash is what stands for the body in the signature. A body that can be read twice is hashed. One that streams is not read: the
// guide lets UNSIGNED-PAYLOAD stand for it, said in a header; TLS protects it.
func payloadHash(req, signed *http.Request) (string, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return hexHash(nil), nil
	}
	if req.GetBody == nil {
		signed.Header.Set(headerContent, unsignedPayload)
		return unsignedPayload, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return "", err
	}
	defer func() { _ = body.Close() }()
	var content bytes.Buffer
	if _, err := content.ReadFrom(body); err != nil {
		return "", err
	}
	return hexHash(content.Bytes()), nil
}

// sign is the signature of a canonical request.
func sign(canonical, date, secretKey string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(signAlgorithm + "\n" + date + "\n" + hexHash([]byte(canonical))))
	return hex.EncodeToString(mac.Sum(nil))
}

func hexHash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// canonicalRequest is the one text that client and gateway make of a request.
func canonicalRequest(req *http.Request, headers []string, payload string) string {
	var b strings.Builder
	b.WriteString(req.Method + "\n" + canonicalPath(req.URL) + "\n" + canonicalQuery(req.URL.Query()) + "\n")
	for _, name := range headers {
		val := strings.TrimSpace(strings.Join(req.Header.Values(name), ","))
		if name == "host" {
			val = host(req)
		}
		b.WriteString(name + ":" + val + "\n")
	}
	b.WriteString("\n" + strings.Join(headers, ";") + "\n" + payload)
	return b.String()
}

func host(req *http.Request) string {
	if req.Host != "" {
		return req.Host
	}
	return req.URL.Host
}

// canonicalPath encodes each segment of the path and ends it with a slash. It starts from the escaped path, so that an escaped slash stays
// one.
func canonicalPath(u *url.URL) string {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range segments {
		if plain, err := url.PathUnescape(segment); err == nil {
			segments[i] = escape(plain)
		}
	}
	path := strings.Join(segments, "/")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	return path
}

// canonicalQuery encodes a query with its keys sorted, and the values of a repeated key sorted. Requests are sent with it, too: a gateway
// that takes a plus sign for itself and one that takes it for a space read it alike.
func canonicalQuery(query url.Values) string {
	keys := make([]string, 0, len(query))
	for key := range query {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var pairs []string
	for _, key := range keys {
		for _, val := range slices.Sorted(slices.Values(query[key])) {
			pairs = append(pairs, escape(key)+"="+escape(val))
		}
	}
	return strings.Join(pairs, "&")
}

// escape is the percent-encoding of RFC 3986: all but letters, digits and - . _ ~. Neither function of net/url is it.
func escape(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}
