package cloud

import (
	"bytes"
	"io"
	"net/http"
)

// redactBody reads the body of an answer that refuses, and puts it back without secrets.
func (s *Session) redactBody(resp *http.Response) {
	content, err := io.ReadAll(resp.Body)
	putBack(resp, []byte(s.redact(string(content))), err)
	resp.ContentLength = -1 // no longer what the header says
}

// readBody reads a body and puts it back.
func readBody(resp *http.Response) []byte {
	content, err := io.ReadAll(resp.Body)
	putBack(resp, content, err)
	return content
}

// putBack makes content the body. Whoever reads it meets the read error again.
func putBack(resp *http.Response, content []byte, err error) {
	var body io.Reader = bytes.NewReader(content)
	if err != nil {
		body = io.MultiReader(body, failingReader{err})
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{body, resp.Body}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
