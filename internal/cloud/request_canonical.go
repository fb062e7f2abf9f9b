package cloud

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

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

// canonicalPath encodes each segment of the path and ends it with a slash. It starts from the escaped path, so that
// an escaped slash stays one.
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

// canonicalQuery encodes a query with its keys sorted, and the values of a repeated key sorted. Requests are sent
// with it, too: a gateway that takes a plus sign for itself and one that takes it for a space read it alike.
func canonicalQuery(query url.Values) string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(query)) {
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
