package cloud

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

func TestAccessKeyRefusals(t *testing.T) {
	t.Run("401 is handed on", func(t *testing.T) {
		f := newFakeCloud(t)
		block := f.byKey()
		block.SecurityToken = ""
		s := session(t, block)
		f.image = func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error_code":"APIGW.0303","error_msg":"Incorrect IAM authentication information"}`)
		}
		resp, err := s.Do(t.Context(), &Request{Method: http.MethodGet, Path: "v2/x"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), "APIGW.0303") {
			t.Errorf("got %d %s", resp.StatusCode, body)
		}
		if n := f.count("GET /v2/x"); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
	t.Run("temporary keys have perhaps expired", func(t *testing.T) {
		f := newFakeCloud(t)
		s := session(t, f.byKey())
		if _, err := get(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		refuse := func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information"}`)
			return true
		}
		f.setBefore(refuse)
		for way, at := range map[string]*Session{"a request": s, "signing in": session(t, f.byKey())} {
			_, err := get(t.Context(), at)
			var failure *SignInError
			if !errors.As(err, &failure) || failure.Code != "APIGW.0301" || !strings.Contains(err.Error(), perhapsExpired) ||
				!errors.Is(err, ErrNotSent) {
				t.Errorf("%s: got %v", way, err)
			}
		}
	})
	t.Run("no such project", func(t *testing.T) {
		f := newFakeCloud(t)
		block := f.byKey()
		block.ProjectName = "nowhere"
		if _, err := get(t.Context(), session(t, block)); err == nil ||
			!strings.Contains(err.Error(), `no project called "nowhere"`) {
			t.Errorf("got %v", err)
		}
	})
}

// An access key needs no catalog where the image service can be derived from the identity service's host.
func TestAccessKeyOnOTC(t *testing.T) {
	resolved, err := settings.Resolve(settings.Config{
		AuthURL: "https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3", AccessKey: testAccessKey, SecretKey: testSecretKey,
		ProjectName: "eu-ch2_one",
	}, settings.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	s := NewSession(resolved, SessionOptions{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.String()+" "+r.Header.Get("X-Project-Id"))
		return answer(http.StatusOK, `{"projects":[{"id":"p7","name":"eu-ch2_one"}]}`), nil
	})})
	if _, err := get(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3/projects?name=eu-ch2_one ",
		"https://ims.eu-ch2.sc.otc.t-systems.com/v2/cloudimages p7",
	}
	if strings.Join(asked, "\n") != strings.Join(want, "\n") {
		t.Errorf("asked %q", asked)
	}
}
