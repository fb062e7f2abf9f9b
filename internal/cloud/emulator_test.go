package cloud_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// start starts an emulator. It ends the test in failure for each request that the emulator does not know.
func start(t *testing.T, options emulator.Options) (*emulator.Emulator, string) {
	t.Helper()
	emu, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	t.Cleanup(func() {
		server.Close()
		if err := emu.Close(); err != nil {
			t.Error(err)
		}
		for _, request := range emu.Unknown() {
			t.Errorf("the emulator does not know %s %s", request.Method, request.Path)
		}
	})
	return emu, server.URL
}

func open(t *testing.T, block settings.Config) *cloud.Session {
	t.Helper()
	resolved, err := settings.Resolve(block, settings.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	return cloud.NewSession(resolved, cloud.SessionOptions{})
}

// call sends a request and returns the status and the body.
func call(t *testing.T, s *cloud.Session, req *cloud.Request) (int, string, error) {
	t.Helper()
	resp, err := s.Do(t.Context(), req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

func password(base string, tenant emulator.Tenant) settings.Config {
	return settings.Config{
		AuthURL: base + "/v3", UserName: tenant.UserName, Password: tenant.Password, DomainName: tenant.DomainName,
		ProjectName: tenant.ProjectName,
	}
}

func key(base string, tenant emulator.Tenant) settings.Config {
	return settings.Config{
		AuthURL: base, AccessKey: tenant.AccessKey, SecretKey: tenant.SecretKey, ProjectName: tenant.ProjectName,
	}
}

func TestEmulatedWaysIn(t *testing.T) {
	emu, base := start(t, emulator.Options{})
	tenant := emulator.Receiver
	ak, sk, securityToken := emu.IssueTemporaryKeys(tenant)
	for name, block := range map[string]settings.Config{
		"password":        password(base, tenant),
		"password by ids": {AuthURL: base, UserID: tenant.UserID, Password: tenant.Password, ProjectID: tenant.ProjectID},
		"domain by id": {
			AuthURL: base, UserName: tenant.UserName, Password: tenant.Password, DomainID: tenant.DomainID,
			ProjectName: tenant.ProjectName,
		},
		"token": {AuthURL: base, Token: emu.IssueToken(tenant)},
		"token, project": {
			AuthURL: base, Token: emu.IssueToken(tenant), ProjectName: tenant.ProjectName, DomainName: tenant.DomainName,
		},
		"access key": key(base, tenant),
		"access key, ids": {
			AuthURL: base, AccessKey: tenant.AccessKey, SecretKey: tenant.SecretKey, ProjectID: tenant.ProjectID,
		},
		"temporary key": {
			AuthURL: base, AccessKey: ak, SecretKey: sk, SecurityToken: securityToken, ProjectName: tenant.ProjectName,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, block)
			scope, err := s.Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if scope.ProjectID != tenant.ProjectID || scope.Region != emulator.Region || scope.Endpoint != base+"/" {
				t.Errorf("scope %+v", scope)
			}
			status, body, err := call(t, s, &cloud.Request{
				Method: http.MethodGet, Path: "v2/cloudimages",
				Query: url.Values{"name": {"a b+c%20&=ä"}, "tag": {"k=v", "a=b c"}, "limit": {"1"}, "marker": {""}},
			})
			if status != http.StatusOK || err != nil {
				t.Errorf("got %d, %s, %v", status, body, err)
			}
		})
	}
}

func TestEmulatedRefusals(t *testing.T) {
	emu, base := start(t, emulator.Options{})
	ak, sk, _ := emu.IssueTemporaryKeys(emulator.Owner)
	wrong := password(base, emulator.Owner)
	wrong.Password = "not that"
	elsewhere := password(base, emulator.Owner)
	elsewhere.ProjectName = emulator.Receiver.ProjectName
	wrongKey := key(base, emulator.Owner)
	wrongKey.SecretKey = "not that"
	for name, block := range map[string]settings.Config{
		"password":               wrong,
		"project":                elsewhere,
		"token":                  {AuthURL: base, Token: "not that"},
		"access key":             wrongKey,
		"without security token": {AuthURL: base, AccessKey: ak, SecretKey: sk, ProjectName: emulator.Owner.ProjectName},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, block).Connect(t.Context())
			var refusal *cloud.SignInError
			if !errors.As(err, &refusal) || !refusal.Definite || refusal.Message == "" || refusal.RequestID == "" ||
				!errors.Is(err, cloud.ErrNotSent) {
				t.Errorf("got %#v", err)
			}
		})
	}
}

func TestEmulatedRenewal(t *testing.T) {
	emu, base := start(t, emulator.Options{})
	s := open(t, password(base, emulator.Owner))
	list := &cloud.Request{Method: http.MethodGet, Path: "v2/cloudimages"}
	for range 2 {
		if status, body, err := call(t, s, list); status != http.StatusOK || err != nil {
			t.Fatalf("got %d, %s, %v", status, body, err)
		}
		emu.RevokeTokens()
	}
	emu.SetPassword(emulator.Owner, "another")
	_, _, err := call(t, s, list)
	if err == nil || !strings.Contains(err.Error(), "The username or password is wrong") {
		t.Errorf("got %v", err)
	}
}

// Every kind of body, signed and with a token.
func TestEmulatedBodies(t *testing.T) {
	_, base := start(t, emulator.Options{})
	for name, block := range map[string]settings.Config{
		"password": password(base, emulator.Owner), "access key": key(base, emulator.Owner),
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, block)
			status, body, err := call(t, s, &cloud.Request{
				Method: http.MethodPost, Path: "v2/images",
				Body: []byte(`{"name":"` + strings.ReplaceAll(name, " ", "-") + `",` +
					`"__os_version":"Debian GNU/Linux 12.0.0 64bit","container_format":"bare","disk_format":"zvhd2"}`),
			})
			if status != http.StatusCreated || err != nil {
				t.Fatalf("got %d, %s, %v", status, body, err)
			}
			_, rest, _ := strings.Cut(body, `"id":"`)
			id, _, _ := strings.Cut(rest, `"`)
			content := bytes.Repeat([]byte("0123456789abcdef"), 4096)
			status, body, err = call(t, s, &cloud.Request{
				Method: http.MethodPut, Path: "v2/images/" + id + "/file", Stream: io.MultiReader(bytes.NewReader(content)),
				StreamLength: int64(len(content)),
			})
			if status != http.StatusNoContent || err != nil {
				t.Errorf("upload: got %d, %s, %v", status, body, err)
			}
			status, body, err = call(t, s, &cloud.Request{
				Method: http.MethodDelete, Path: "v2/images/" + id, Body: []byte(`{"delete_backup":false}`),
			})
			if status != http.StatusNoContent || err != nil {
				t.Errorf("delete: got %d, %s, %v", status, body, err)
			}
		})
	}
}

func TestEmulatedCatalogWithoutImages(t *testing.T) {
	_, base := start(t, emulator.Options{Switches: emulator.Switches{DeliverCatalogWithoutImage: true}})
	for name, block := range map[string]settings.Config{
		"password": password(base, emulator.Owner), "access key": key(base, emulator.Owner),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := open(t, block).Connect(t.Context()); err == nil || !strings.Contains(err.Error(), "Give endpoint") {
				t.Errorf("got %v", err)
			}
			block.Endpoint = base
			scope, err := open(t, block).Connect(t.Context())
			if err != nil || scope.Endpoint != base+"/" || scope.Region != emulator.Region {
				t.Errorf("got %+v, %v", scope, err)
			}
		})
	}
}
