package settings

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newCertificate is a certificate that signed itself and its key, in PEM form, and a key that is cut off.
func newCertificate(t *testing.T) (cert, key, cutKey string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	certDER, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return text("CERTIFICATE", certDER), text("EC PRIVATE KEY", keyDER), text("EC PRIVATE KEY", keyDER[:20])
}

// byToken is a block that needs nothing more.
func byToken() Config { return Config{AuthURL: "https://iam.example.com", Token: testToken} }

func TestCertificates(t *testing.T) {
	cert, key, _ := newCertificate(t)
	home := t.TempDir()
	writeFile(t, filepath.Join(home, "cert.pem"), cert)
	for name, test := range map[string]struct{ authority, cert, key string }{
		"text":            {cert, cert, key},
		"both in one":     {cert, cert + key, ""},
		"a file":          {filepath.Join(home, "cert.pem"), filepath.Join(home, "cert.pem"), key},
		"a file below ~/": {"~/cert.pem", "~/cert.pem", key},
	} {
		t.Run(name, func(t *testing.T) {
			block := byToken()
			block.CACert, block.ClientCert, block.ClientKey = test.authority, test.cert, test.key
			got, err := Resolve(block, Environment{HomeDir: home})
			if err != nil {
				t.Fatal(err)
			}
			config := got.TLSConfig()
			if config.RootCAs == nil || len(config.Certificates) != 1 || config.InsecureSkipVerify {
				t.Errorf("authorities %v, %d certificates", config.RootCAs, len(config.Certificates))
			}
		})
	}
}

func TestWrongCertificates(t *testing.T) {
	cert, key, cutKey := newCertificate(t)
	for name, test := range map[string]struct{ cert, key, want string }{
		"no key":        {cert, "", "not a pair in PEM form"},
		"key alone":     {"", key, "its certificate is missing"},
		"no such file":  {"/nowhere.pem", key, "neither PEM text nor a file"},
		"key of others": {cert, cutKey, "not a pair in PEM form"},
	} {
		t.Run(name, func(t *testing.T) {
			block := byToken()
			block.ClientCert, block.ClientKey = test.cert, test.key
			_, err := Resolve(block, Environment{})
			if err == nil || !strings.Contains(err.Error(), test.want) ||
				!strings.Contains(err.Error(), "from provider block") {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "PRIVATE KEY") {
				t.Errorf("the key shows: %v", err)
			}
		})
	}
}
