package cloud_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func TestPasscode(t *testing.T) {
	emu, base := start(t, emulator.Options{})
	emu.SetPasscodes(emulator.Owner, "111111", "222222")
	block := password(base, emulator.Owner)
	if _, err := open(t, block).Connect(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "The passcode is missing") {
		t.Errorf("without a code: %v", err)
	}
	block.Passcode = "111111"
	s := open(t, block)
	if status, body, err := call(t, s, list); status != http.StatusOK || err != nil {
		t.Fatalf("got %d, %s, %v", status, body, err)
	}
	if _, err := open(t, block).Connect(t.Context()); err == nil || !strings.Contains(err.Error(), "used up") {
		t.Errorf("a second session: %v", err)
	}
	emu.RevokeTokens()
	if _, _, err := call(t, s, list); err == nil || !strings.Contains(err.Error(), "a passcode works only once") {
		t.Errorf("after the token's end: %v", err)
	}
}

// The token that a passcode got is kept for the agency: its token can be renewed while that one lives.
func TestPasscodeAndAgency(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	emu, base := start(t, emulator.Options{Clock: clock})
	emu.SetPasscodes(emulator.Agent, "333333")
	block := forBuilders(password(base, emulator.Agent))
	block.Passcode = "333333"
	s := open(t, block)
	if _, err := s.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	emu.Inject(emulator.Fault{Method: http.MethodGet, Path: "/v2/cloudimages", Times: 1, Status: 401, Code: "APIGW.0307"})
	if status, body, err := call(t, s, list); status != http.StatusOK || err != nil {
		t.Errorf("got %d, %s, %v", status, body, err)
	}
	emu.RevokeTokens()
	if _, _, err := call(t, s, list); err == nil || !strings.Contains(err.Error(), "a passcode works only once") {
		t.Errorf("got %v", err)
	}
}

// A passcode works once: the session for the other region stands on the token that it got, whichever of the two is
// used first.
func TestEmulatedElsewhereWithPasscode(t *testing.T) {
	home := emulator.Owner
	ways := func(base string) map[string]struct {
		user  emulator.Tenant
		block settings.Config
	} {
		return map[string]struct {
			user  emulator.Tenant
			block settings.Config
		}{
			"password": {home, password(base, home)},
			"agency": {emulator.Agent, settings.Config{
				AuthURL: base, UserName: emulator.Agent.UserName, Password: emulator.Agent.Password,
				DomainName: emulator.Agent.DomainName,
				AgencyName: emulator.Builders.Name, AgencyDomainName: home.DomainName, DelegatedProject: home.ProjectName,
			}},
		}
	}
	for _, name := range []string{"password", "agency"} {
		for _, first := range []string{"home", "far"} {
			t.Run(name+", "+first+" first", func(t *testing.T) {
				emu, base := start(t, emulator.Options{})
				way := ways(base)[name]
				emu.SetPasscodes(way.user, "111111")
				way.block.Passcode, way.block.Region = "111111", emulator.Region
				s := open(t, way.block)
				far := s.In(emulator.FarRegion, "")
				order := []*cloud.Session{s, far}
				if first == "far" {
					order = []*cloud.Session{far, s}
				}
				for _, session := range order {
					if status, body, err := call(t, session, list); status != http.StatusOK || err != nil {
						t.Fatalf("got %d, %s, %v", status, body, err)
					}
				}
				scope, err := far.Connect(t.Context())
				if err != nil || scope.ProjectID != emulator.OwnerFar.ProjectID || scope.Region != emulator.FarRegion {
					t.Errorf("scope %+v, %v", scope, err)
				}
				emu.RevokeTokens()
				if _, _, err := call(t, far, list); err == nil || !strings.Contains(err.Error(), "a passcode works only once") {
					t.Errorf("after the token's end: %v", err)
				}
			})
		}
	}
}

// Where the token is not exchanged, the error says so, and the code is not tried again.
func TestEmulatedElsewhereRefused(t *testing.T) {
	emu, base := start(t, emulator.Options{})
	emu.SetPasscodes(emulator.Owner, "111111", "222222")
	block := password(base, emulator.Owner)
	block.Passcode = "111111"
	_, err := open(t, block).In("eu-nowhere", "").Connect(t.Context())
	if err == nil ||
		!strings.Contains(err.Error(), "is not exchanged for one of this region, and a passcode works only once") {
		t.Errorf("got %v", err)
	}
}
