package cloud_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

var list = &cloud.Request{Method: http.MethodGet, Path: "v2/cloudimages"}

// forBuilders adds the seeded agency to a block.
func forBuilders(block settings.Config) settings.Config {
	block.AgencyName, block.AgencyDomainName = emulator.Builders.Name, emulator.Builders.For.DomainName
	block.Region = emulator.Region
	return block
}

// agentBases are the ways in that an agency can stand on.
func agentBases(emu *emulator.Emulator, base string) map[string]settings.Config {
	agent := emulator.Agent
	ak, sk, securityToken := emu.IssueTemporaryKeys(agent)
	return map[string]settings.Config{
		"password": password(base, agent),
		"password, no project": {
			AuthURL: base, UserName: agent.UserName, Password: agent.Password, DomainName: agent.DomainName,
		},
		"user id, no domain": {AuthURL: base, UserID: agent.UserID, Password: agent.Password},
		"token":              {AuthURL: base, Token: emu.IssueToken(agent)},
		"access key":         key(base, agent),
		"access key alone":   {AuthURL: base, AccessKey: agent.AccessKey, SecretKey: agent.SecretKey},
		"key and domain": {
			AuthURL: base, AccessKey: agent.AccessKey, SecretKey: agent.SecretKey, DomainName: agent.DomainName,
		},
		"temporary key": {
			AuthURL: base, AccessKey: ak, SecretKey: sk, SecurityToken: securityToken, DomainID: agent.DomainID,
		},
	}
}

func TestAgency(t *testing.T) {
	for name, options := range map[string]emulator.Options{
		"xrole_name": {}, "agency_name": {Switches: emulator.Switches{HuaweiAgencyName: true}},
	} {
		emu, base := start(t, options)
		for way, block := range agentBases(emu, base) {
			t.Run(name+" with "+way, func(t *testing.T) {
				s := open(t, forBuilders(block))
				scope, err := s.Connect(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if scope.ProjectID != emulator.Owner.ProjectID || scope.Region != emulator.Region {
					t.Errorf("scope %+v", scope)
				}
				if status, body, err := call(t, s, list); status != http.StatusOK || err != nil {
					t.Errorf("got %d, %s, %v", status, body, err)
				}
			})
		}
	}
}

// A project and a domain of other names are found, too, and an error is about the right one of the two steps.
func TestAgencySettings(t *testing.T) {
	emu, base := start(t, emulator.Options{})
	for name, test := range map[string]struct {
		change func(*settings.Config)
		want   string // in the error; "" if there is none
	}{
		"domain by id": {change: func(c *settings.Config) {
			c.AgencyDomainName, c.AgencyDomainID = "", emulator.Owner.DomainID
		}},
		"project": {change: func(c *settings.Config) { c.DelegatedProject = emulator.Owner.ProjectName }},
		"wrong agency": {
			func(c *settings.Config) { c.AgencyName = "x" }, "then an agency: the agency is refused: You have no permission",
		},
		"wrong domain":  {func(c *settings.Config) { c.AgencyDomainName = "x" }, "the agency is refused"},
		"wrong project": {func(c *settings.Config) { c.DelegatedProject = "eu-de_receiver" }, "the agency is refused"},
		"wrong password": {
			func(c *settings.Config) { c.Password = "x" }, "then an agency: The username or password is wrong",
		},
	} {
		t.Run(name, func(t *testing.T) {
			block := forBuilders(password(base, emulator.Agent))
			test.change(&block)
			_, err := open(t, block).Connect(t.Context())
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var refusal *cloud.SignInError
			if !errors.As(err, &refusal) || !refusal.Definite || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
			if err != nil && !strings.Contains(err.Error(), "assume_role.agency_name: from provider block") {
				t.Errorf("the source is missing: %v", err)
			}
		})
	}
	_, err := open(t, forBuilders(settings.Config{
		AuthURL: base, Token: emu.IssueToken(emulator.Receiver),
	})).Connect(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the agency is refused") {
		t.Errorf("a stranger got %v", err)
	}
}

// An agency's token dies like any other, and the base gets another one, as long as it can.
func TestAgencyRenewal(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	for name, test := range map[string]struct {
		again bool
		want  string
	}{
		"password": {again: true}, "access key": {again: true}, "token": {want: "a token given as such cannot be renewed"},
	} {
		t.Run(name, func(t *testing.T) {
			emu, base := start(t, emulator.Options{Clock: clock})
			s := open(t, forBuilders(agentBases(emu, base)[name]))
			if _, err := s.Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
			emu.RevokeTokens()
			status, body, err := call(t, s, list)
			if test.again && (status != http.StatusOK || err != nil) {
				t.Errorf("got %d, %s, %v", status, body, err)
			}
			if !test.again && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v", err)
			}
		})
	}
}
