package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// Secrets of the tests; no text of the package may hold one.
const (
	testPassword      = "pw-s3cret-0001"
	testToken         = "token-s3cret-0002"
	testAccessKey     = "AKPUBLIC0003"
	testSecretKey     = "sk-s3cret-0004"
	testSecurityToken = "st-s3cret-0005"
	testPasscode      = "604006"
)

// noSecret fails the test if a text holds a secret.
func noSecret(t *testing.T, text string) {
	t.Helper()
	for _, word := range []string{testPassword, testToken, testSecretKey, testSecurityToken, testPasscode} {
		if strings.Contains(text, word) {
			t.Errorf("a secret shows: %s", text)
		}
	}
}

// dump prints a value in every way that one may print it.
func dump(t *testing.T, val any) string {
	t.Helper()
	var b bytes.Buffer
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		_, _ = fmt.Fprintf(&b, format+"\n", val)
	}
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", val)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", val)
	if text, err := json.Marshal(val); err == nil {
		b.Write(text)
	}
	return b.String()
}

func TestNothingPrintsASecret(t *testing.T) {
	where := Config{AuthURL: "https://iam.example.com", DomainName: "acme", ProjectName: "eu-test_one"}
	with := func(change func(*Config)) Config { c := where; change(&c); return c }
	for name, test := range map[string]struct {
		block   Config
		secrets int
	}{
		"password": {with(func(c *Config) { c.UserName, c.Password = "jane", testPassword }), 1},
		"passcode": {
			with(func(c *Config) { c.UserName, c.Password, c.Passcode = "jane", testPassword, testPasscode }), 2,
		},
		"token": {with(func(c *Config) { c.Token = testToken }), 1},
		"access key": {with(func(c *Config) {
			c.AccessKey, c.SecretKey, c.SecurityToken = testAccessKey, testSecretKey, testSecurityToken
		}), 2},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Resolve(test.block, Environment{})
			if err != nil {
				t.Fatal(err)
			}
			there := got.In("", "eu-else", "")
			for _, val := range []any{
				test.block, &test.block, got, *got,
				struct{ s Settings }{*got},
				got.values, there, there.values,
				got.Secrets(), got.Sources(),
			} {
				noSecret(t, dump(t, val))
			}
			if n := len(got.Secrets()); n != test.secrets {
				t.Errorf("%d secrets, want %d", n, test.secrets)
			}
		})
	}
}
