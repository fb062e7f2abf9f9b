package cloud

import "net/http"

// keepRedirect makes a redirect an answer like any other: a client that follows it takes the token along, to
// whichever host.
func keepRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
