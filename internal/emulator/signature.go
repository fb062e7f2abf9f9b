package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Signatures come in two forms (API gateway, signing guide; gophertelekomcloud). They share the canonical request and
// differ in the key and the string to sign:
//
//	Access=<ak>                                               the secret key itself signs
//	Credential=<ak>/<date>/<region>/<service>/sdk_request     a key derived from it signs, over the scope too

const (
	signatureAlgorithm = "SDK-HMAC-SHA256"
	signatureDate      = "20060102T150405Z"
	// signatureSkew is how far the clocks of client and gateway may be apart.
	signatureSkew = 15 * time.Minute
	// unsignedPayload stands for the hash of a body that is not signed.
	unsignedPayload = "UNSIGNED-PAYLOAD"
)

// signature is what an Authorization header says.
type signature struct {
	accessKey string
	scope     []string // date, region, service, "sdk_request"; nil in the Access form
	headers   []string
	value     string
}

func parseSignature(authorization string) (signature, bool) {
	var s signature
	for part := range strings.SplitSeq(strings.TrimPrefix(authorization, signatureAlgorithm), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Access":
			s.accessKey = value
		case "Credential":
			pieces := strings.Split(value, "/")
			if len(pieces) != 5 || pieces[4] != "sdk_request" {
				return s, false
			}
			s.accessKey, s.scope = pieces[0], pieces[1:]
		case "SignedHeaders":
			s.headers = strings.Split(value, ";")
		case "Signature":
			s.value = value
		default:
			return s, false
		}
	}
	return s, s.accessKey != "" && len(s.headers) > 0 && s.value != ""
}

// checkSignature tells whose signed request it is.
func (e *Emulator) checkSignature(c *call) (session, error) {
	header := c.request.Header
	given, ok := parseSignature(header.Get("Authorization"))
	if !ok {
		return session{}, notSignedIn("Authorization format is incorrect")
	}
	date := header.Get("X-Sdk-Date")
	signedAt, err := time.Parse(signatureDate, date)
	if err != nil || !slices.Contains(given.headers, "x-sdk-date") {
		return session{}, notSignedIn("x-sdk-date is missing, not signed or in the wrong format")
	}
	if len(given.scope) > 0 && given.scope[0] != date[:8] {
		return session{}, notSignedIn("the credential's date is not that of x-sdk-date")
	}
	if apart := e.clock.Now().Sub(signedAt); apart > signatureSkew || apart < -signatureSkew {
		return session{}, notSignedIn("signature expired, x-sdk-date " + date)
	}
	key, ok := e.keys[given.accessKey]
	if !ok {
		return session{}, notSignedIn("ak " + given.accessKey + " not exist")
	}
	if !key.expires.IsZero() && !e.clock.Now().Before(key.expires) {
		return session{}, notSignedIn("the temporary ak has expired")
	}
	if !hmac.Equal([]byte(key.securityToken), []byte(header.Get("X-Security-Token"))) {
		return session{}, notSignedIn("the security token of a temporary ak is missing or wrong")
	}
	if !slices.ContainsFunc(canonicalRequests(c, given.headers), func(canonical string) bool {
		return hmac.Equal([]byte(given.value), []byte(given.sign(key.secret, date, canonical)))
	}) {
		return session{}, notSignedIn("verify aksk signature fail")
	}
	return e.signedSession(c, key.tenant)
}

// signedSession is the session of a tenant whose signature is right, for the project that X-Project-Id picks. With
// X-Domain-Id in its place, as gophertelekomcloud has it for a client with a domain, it is the project named like the
// region.
func (e *Emulator) signedSession(c *call, t Tenant) (session, error) {
	s := session{
		UserID: t.UserID, ProjectID: c.request.Header.Get("X-Project-Id"), DomainID: c.request.Header.Get("X-Domain-Id"),
		Methods: []string{"aksk"},
	}
	if s.DomainID != "" && s.DomainID != t.DomainID {
		return session{}, notSignedIn("the user is not of domain " + s.DomainID)
	}
	if s.ProjectID == "" && c.request.Header.Get("X-Domain-Id") == t.DomainID && t.ProjectName == Region {
		s.ProjectID = t.ProjectID
	}
	if _, exists := t.in(s.ProjectID, ""); s.ProjectID != "" && !exists {
		return session{}, notSignedIn("the user has no access to project " + s.ProjectID)
	}
	return s, nil
}

// sign is the signature of a canonical request.
func (s signature) sign(secret, date, canonical string) string {
	digest := sha256.Sum256([]byte(canonical))
	lines := []string{signatureAlgorithm, date}
	key := []byte(secret)
	if s.scope != nil {
		lines = append(lines, strings.Join(s.scope, "/"))
		key = []byte("SDK" + secret)
		for _, piece := range s.scope {
			key = hmacSHA256(key, piece)
		}
	}
	lines = append(lines, hex.EncodeToString(digest[:]))
	return hex.EncodeToString(hmacSHA256(key, strings.Join(lines, "\n")))
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// canonicalRequests are the texts that a client may have signed for a request: one, except that a POST without a body
// may have its query signed as if it were the body.
func canonicalRequests(c *call, headers []string) []string {
	digest := sha256.Sum256(c.body)
	hash := hex.EncodeToString(digest[:])
	claimed := c.request.Header.Get("X-Sdk-Content-Sha256")
	if claimed == unsignedPayload && slices.Contains(headers, "x-sdk-content-sha256") {
		hash = claimed
	}
	write := func(query, hash string) string {
		return strings.Join([]string{
			c.request.Method, canonicalPath(c.request.URL.Path), query, canonicalHeaders(c.request, headers),
			strings.Join(headers, ";"), hash,
		}, "\n")
	}
	texts := []string{write(canonicalQuery(c.query), hash)}
	if c.request.Method == http.MethodPost && len(c.body) == 0 {
		query := sha256.Sum256([]byte(c.query.Encode()))
		texts = append(texts, write("", hex.EncodeToString(query[:])))
	}
	return texts
}

// canonicalPath ends in a slash, whatever the request's does.
func canonicalPath(path string) string {
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for i := range segments {
		segments[i] = percentEncode(segments[i])
	}
	return strings.Join(segments, "/") + "/"
}

// canonicalQuery sorts names and the values of each before it escapes them, as huaweicloud-sdk-go-v3 does.
func canonicalQuery(query url.Values) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		for _, value := range slices.Sorted(slices.Values(query[name])) {
			pairs = append(pairs, percentEncode(name)+"="+percentEncode(value))
		}
	}
	return strings.Join(pairs, "&")
}

func canonicalHeaders(r *http.Request, names []string) string {
	var text strings.Builder
	for _, name := range names {
		values := slices.Clone(r.Header.Values(name))
		switch name {
		case "host":
			values = []string{r.Host}
		case "content-length":
			values = []string{r.Header.Get("Content-Length")}
		}
		slices.Sort(values)
		for _, value := range values {
			text.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
		}
	}
	return text.String()
}

// percentEncode escapes everything but RFC 3986's unreserved characters.
func percentEncode(text string) string {
	const digits = "0123456789ABCDEF"
	var escaped strings.Builder
	for _, b := range []byte(text) {
		switch {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9', strings.IndexByte("-._~", b) >= 0:
			escaped.WriteByte(b)
		default:
			escaped.Write([]byte{'%', digits[b>>4], digits[b&15]})
		}
	}
	return escaped.String()
}
