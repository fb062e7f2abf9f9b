package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// session is who sends a request, and for which project.
type session struct {
	UserID    string
	ProjectID string // "": none, of an unscoped token
	DomainID  string // of a token for the domain
	AgentID   string `json:",omitempty"` // who acts as the user, of an agency's token
	Agency    string `json:",omitempty"` // which agency that is
	Methods   []string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// issue makes a token. The emulator keeps only its hash.
func (e *Emulator) issue(s session) (token string, issued session) {
	token = "emulator-" + base64.RawURLEncoding.EncodeToString([]byte(randomHex(64)))
	s.IssuedAt = e.clock.Now().UTC()
	s.ExpiresAt = s.IssuedAt.Add(e.options.TokenLifetime)
	e.world.Tokens[hashToken(token)] = s
	e.secrets = append(e.secrets, token)
	return token, s
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// The ways a request can fail to sign in.
const (
	tokenValid = iota
	tokenUnknown
	tokenExpired
)

func (e *Emulator) lookUp(token string) (session, int) {
	s, ok := e.world.Tokens[hashToken(token)]
	switch {
	case !ok || token == "":
		return session{}, tokenUnknown
	case !e.clock.Now().Before(s.ExpiresAt):
		return session{}, tokenExpired
	default:
		return s, tokenValid
	}
}

// access says who may use a route.
type access int

const (
	toAnyone   access = iota
	toUsers           // Keystone: with a valid token of any scope
	toProjects        // IMS: with a token for a project, or signed for one
)

// signIn learns who sends the request and refuses those the route is not open to.
func (e *Emulator) signIn(c *call) error {
	if c.route.access == toAnyone {
		return nil
	}
	if err := e.identify(c); err != nil {
		return err
	}
	if c.route.access == toUsers {
		return nil
	}
	if c.session.ProjectID == "" {
		return notSignedIn("no project: the token is not scoped to one, or X-Project-Id is missing")
	}
	if named, ok := c.vars["project_id"]; ok && named != c.session.ProjectID {
		return refuse("IMG.0030")
	}
	return nil
}

// identify learns who sends the request, from its token or its signature.
func (e *Emulator) identify(c *call) error {
	if isSigned(c.request) {
		s, err := e.checkSignature(c)
		if err != nil {
			return err
		}
		c.session = s
	} else {
		s, state := e.lookUp(c.request.Header.Get("X-Auth-Token"))
		switch {
		case state != tokenValid && c.route.access != toProjects:
			return keystone(http.StatusUnauthorized, "The request you have made requires authentication.")
		case state == tokenExpired:
			return gateway(http.StatusUnauthorized, gatewayExpired, "The token must be updated.")
		case state != tokenValid:
			return notSignedIn("decrypt token fail")
		}
		c.session = s
	}
	return nil
}

func notSignedIn(reason string) *refusal {
	return gateway(http.StatusUnauthorized, gatewayNotSignedIn, "Incorrect IAM authentication information: "+reason)
}

func isSigned(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), signatureAlgorithm)
}
