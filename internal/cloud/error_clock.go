package cloud

import (
	"fmt"
	"net/http"
	"time"
)

// skewLimit: gateways forgive 15 minutes. A refusal's Date has whole seconds and is some seconds old, so a little
// less counts.
const skewLimit = 14 * time.Minute

// skewAdvice: no setting would help.
const skewAdvice = "Set the clock of this machine right."

// clockSkew is how far our clock is ahead of the answer's Date, if that is why the answer refuses a signature.
func (s *Session) clockSkew(status int, header http.Header) (time.Duration, bool) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil || !s.signs() || !isRefusal(status) {
		return 0, false
	}
	skew := s.now().Sub(date)
	return skew, skew.Abs() >= skewLimit
}

func skewReason(skew time.Duration) string {
	side := "ahead of"
	if skew < 0 {
		side = "behind"
	}
	return fmt.Sprintf(
		"this machine's clock is %.0f minutes %s the cloud's, and a signature is good for 15 minutes at most",
		skew.Abs().Minutes(), side)
}
