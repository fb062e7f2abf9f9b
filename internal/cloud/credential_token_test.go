package cloud

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

func TestTokenCannotBeRenewed(t *testing.T) {
	f := newFakeCloud(t)
	s := session(t, f.byToken())
	if _, err := get(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	f.revoke()
	_, err := get(t.Context(), s)
	var failure *SignInError
	if !errors.As(err, &failure) || failure.Status != http.StatusUnauthorized || !errors.Is(err, ErrNotSent) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{
		"a token given as such cannot be renewed", "requires authentication", "token: from provider block",
		"401 Unauthorized", "req-1",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	noSecret(t, err.Error())
}

func TestTokenOfNothing(t *testing.T) {
	f := newFakeCloud(t)
	f.tokens[testToken] = ""
	for want, block := range map[string]settings.Config{
		"Give project_name or project_id": {AuthURL: f.URL, Token: testToken},
		"Give domain_name or domain_id":   {AuthURL: f.URL, Token: testToken, ProjectName: "eu-test_one"},
		"Could not find token":            {AuthURL: f.URL, Token: "unknown"},
		// The fake's words for a token that is not exchanged.
		"The username or password is wrong": {AuthURL: f.URL, Token: testToken, ProjectID: "p2"},
	} {
		if _, err := get(t.Context(), session(t, block)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
