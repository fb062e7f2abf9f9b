package cloud

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// newTLSServer is a fake image service with a certificate of its own authority.
func newTLSServer(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "{}")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func byKeyAt(endpoint string) settings.Config {
	return settings.Config{
		Endpoint: endpoint, AccessKey: testAccessKey, SecretKey: testSecretKey, ProjectID: "p1", Region: "eu-test",
	}
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestTLS(t *testing.T) {
	server := newTLSServer(t)
	authority := pemOf("CERTIFICATE", server.Certificate().Raw)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(authority), 0o600); err != nil {
		t.Fatal(err)
	}
	yes, no := true, false
	for name, test := range map[string]struct {
		change func(*settings.Config)
		ok     bool
	}{
		"system's authorities": {func(*settings.Config) {}, false},
		"insecure":             {func(c *settings.Config) { c.Insecure = &yes }, true},
		"not insecure":         {func(c *settings.Config) { c.Insecure = &no }, false},
		"authority in a file":  {func(c *settings.Config) { c.CACert = file }, true},
		"authority as text":    {func(c *settings.Config) { c.CACert = authority }, true},
	} {
		t.Run(name, func(t *testing.T) {
			block := byKeyAt(server.URL)
			test.change(&block)
			if _, err := get(t.Context(), session(t, block)); (err == nil) != test.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestClientCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, private := pemOf("CERTIFICATE", der), pemOf("EC PRIVATE KEY", keyDER)
	server := newTLSServer(t)
	server.TLS.ClientAuth = tls.RequireAnyClientCert
	yes := true
	for name, test := range map[string]struct {
		cert, key string
		want      string
	}{
		"both":           {cert, private, ""},
		"both in one":    {cert + private, "", ""},
		"no certificate": {"", "", "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			block := byKeyAt(server.URL)
			block.Insecure, block.ClientCert, block.ClientKey = &yes, test.cert, test.key
			_, err := get(t.Context(), session(t, block))
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The proxies of the environment are read once in a process, so this test runs in one of its own.
func TestProxy(t *testing.T) {
	const marker = "CLOUD_TEST_BEHIND_PROXY"
	if os.Getenv(marker) != "" {
		status, err := get(t.Context(), session(t, byKeyAt("http://ims.example.invalid")))
		if err != nil || status != http.StatusOK {
			t.Errorf("got %d, %v", status, err)
		}
		if _, err := get(t.Context(), session(t, byKeyAt("http://direct.example.invalid"))); err == nil {
			t.Error("NO_PROXY is ignored")
		}
		return
	}
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		_, _ = io.WriteString(w, "{}")
	}))
	defer proxy.Close()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxy$")
	command.Env = append(os.Environ(), marker+"=1", "HTTP_PROXY="+proxy.URL, "NO_PROXY=direct.example.invalid")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		t.Errorf("%v\n%s", err, output.String())
	}
	if len(asked) != 1 || asked[0] != "http://ims.example.invalid/v2/cloudimages" {
		t.Errorf("the proxy was asked for %v", asked)
	}
}

// HTTPS goes through the proxy in a tunnel: the proxy learns the host and its own password, and nothing else. The
// host's name must not be a loopback one: those are never proxied.
func TestProxyTunnel(t *testing.T) {
	const marker = "CLOUD_TEST_BEHIND_TUNNEL"
	if authority := os.Getenv(marker); authority != "" {
		block := byKeyAt("https://example.com")
		block.CACert = authority
		status, err := get(t.Context(), session(t, block))
		if err != nil || status != http.StatusOK {
			t.Errorf("got %d, %v", status, err)
		}
		return
	}
	server := newTLSServer(t)
	asked := make(chan string, 10)
	proxy := httptest.NewServer(tunnel(server.Listener.Addr().String(), asked))
	defer proxy.Close()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyTunnel$")
	command.Env = append(os.Environ(), marker+"="+pemOf("CERTIFICATE", server.Certificate().Raw),
		"HTTPS_PROXY="+strings.Replace(proxy.URL, "http://", "http://jane:pw@", 1), "NO_PROXY=")
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	want := "CONNECT example.com:443 Basic " + base64.StdEncoding.EncodeToString([]byte("jane:pw"))
	close(asked)
	var got []string
	for one := range asked {
		got = append(got, one)
	}
	if len(got) != 1 || got[0] != want {
		t.Errorf("the proxy was asked %q, want %q", got, want)
	}
}

// tunnel is a proxy that connects everybody with one address.
func tunnel(address string, asked chan<- string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.Host + " " + r.Header.Get("Proxy-Authorization")
		dialer := &net.Dialer{}
		there, err := dialer.DialContext(r.Context(), "tcp", address)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		here, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			_ = there.Close()
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() {
			_, _ = io.Copy(there, buffered) // the server may have read ahead
			_ = there.Close()
		}()
		_, _ = io.Copy(here, there)
		_ = here.Close()
	}
}

func TestConnectionsAreKept(t *testing.T) {
	f := newFakeCloud(t)
	clients := map[string]bool{}
	f.setBefore(func(_ http.ResponseWriter, r *http.Request) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		clients[r.RemoteAddr] = true
		return false
	})
	s := session(t, f.byPassword())
	for range 20 {
		if _, err := get(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}

	f.mu.Lock()
	defer f.mu.Unlock()
	// One is enough, but net/http gives up a connection that a busy machine is late to write to.
	if len(clients) > 5 {
		t.Errorf("%d connections for 21 requests", len(clients))
	}
}
