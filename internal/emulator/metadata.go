package emulator

import (
	"net/http"
	"strconv"
	"time"
)

// createMetadataToken is PUT /meta-data/latest/api/token of a server's metadata service, which the emulator is, too:
// that of a server of [Owner].
func (e *Emulator) createMetadataToken(c *call) (answer, error) {
	seconds, err := strconv.Atoi(c.request.Header.Get("X-Metadata-Token-Ttl-Seconds"))
	if err != nil || seconds < 1 || seconds > 21600 {
		return answer{}, keystone(http.StatusBadRequest, "X-Metadata-Token-Ttl-Seconds is missing or none of 1 to 21600.")
	}
	token := randomHex(32)
	e.metadataTokens[token] = e.clock.Now().Add(time.Duration(seconds) * time.Second)
	return answer{status: http.StatusOK, html: token}, nil
}

// showServerKeys is GET /openstack/latest/securitykey of a server's metadata service.
func (e *Emulator) showServerKeys(c *call) (answer, error) {
	token := c.request.Header.Get("X-Metadata-Token")
	if ends, known := e.metadataTokens[token]; token != "" && (!known || !e.clock.Now().Before(ends)) {
		return answer{}, keystone(http.StatusUnauthorized, "The metadata token is wrong or has expired.")
	}
	expires := e.clock.Now().Add(e.options.TokenLifetime)
	ak, sk, securityToken := e.issueKeys(Owner, expires)
	return ok(map[string]any{"credential": map[string]any{
		"access": ak, "secret": sk, "securitytoken": securityToken, "expires_at": expires.UTC().Format(keystoneTime),
	}}), nil
}
