package cloud

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// The signature of the API gateway's signing guide.
const (
	signAlgorithm   = "SDK-HMAC-SHA256"
	signDateFormat  = "20060102T150405Z"
	unsignedPayload = "UNSIGNED-PAYLOAD"

	headerAuthorization = "Authorization"
	headerDate          = "X-Sdk-Date"
	headerContent       = "X-Sdk-Content-Sha256"
	headerProject       = "X-Project-Id"
	headerDomain        = "X-Domain-Id"
	headerToken         = "X-Security-Token"

	// signedBodyLimit is the largest body of a signed request, in bytes: the gateway refuses larger ones.
	signedBodyLimit = 12 << 20
)

// signedHeaders are the headers that go into the signature, when present. The guide asks for the date alone.
// Content-Type stays out, as in huaweicloud-sdk-go-v3, and the security token too: a gateway that refuses a signature
// repeats what was signed in its message.
var signedHeaders = []string{"host", "x-domain-id", "x-project-id", "x-sdk-content-sha256", "x-sdk-date"}

// signingTransport signs every request anew as it goes out.
type signingTransport struct {
	next                                http.RoundTripper
	now                                 func() time.Time
	projectID                           string
	domainID                            string // of requests that are the account's, for no project
	accessKey, secretKey, securityToken settings.Secret
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
	for name, text := range map[string]string{
		headerProject: t.projectID, headerDomain: t.domainID, headerToken: t.securityToken.Reveal(),
	} {
		if text != "" {
			signed.Header.Set(name, text)
		}
	}

	var names []string
	for _, name := range signedHeaders {
		if name == "host" || signed.Header.Get(name) != "" {
			names = append(names, name)
		}
	}
	canonical := canonicalRequest(signed, names, payload)
	signature := sign(canonical, signed.Header.Get(headerDate), t.secretKey.Reveal())
	signed.Header.Set(headerAuthorization, fmt.Sprintf("%s Access=%s, SignedHeaders=%s, Signature=%s",
		signAlgorithm, t.accessKey.Reveal(), strings.Join(names, ";"), signature))
	return t.next.RoundTrip(signed)
}

// payloadHash is what stands for the body in the signature. A body that can be read twice is hashed. One that streams
// is not read: the guide lets UNSIGNED-PAYLOAD stand for it, given in a header; TLS protects it.
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
