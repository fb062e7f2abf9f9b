package cloud_test

import (
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestEmulatedElsewhere: each way in also leads to the project in the other region, and leaves the first session
// where it is.
func TestEmulatedElsewhere(t *testing.T) {
	emu, base := start(t, emulator.Options{})
	home, far := emulator.Owner, emulator.OwnerFar
	byID := key(base, home)
	byID.ProjectName, byID.ProjectID, byID.Endpoint, byID.Region = "", home.ProjectID, base, emulator.Region
	for name, block := range map[string]settings.Config{
		"password":                 password(base, home),
		"token":                    {AuthURL: base, Token: emu.IssueToken(home), DomainName: home.DomainName},
		"access key":               key(base, home),
		"access key with endpoint": byID,
		"agency": {
			AuthURL: base, UserName: emulator.Agent.UserName, Password: emulator.Agent.Password,
			DomainName: emulator.Agent.DomainName,
			AgencyName: emulator.Builders.Name, AgencyDomainName: home.DomainName, DelegatedProject: home.ProjectName,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, block)
			for range 2 {
				if scope, err := s.Connect(t.Context()); err != nil || scope.ProjectID != home.ProjectID {
					t.Fatalf("scope %+v, %v", scope, err)
				}
				scope, err := s.In(emulator.FarRegion, "").Connect(t.Context())
				if err != nil || scope.ProjectID != far.ProjectID || scope.Region != emulator.FarRegion ||
					scope.Endpoint != base+"/" {
					t.Fatalf("scope %+v, %v", scope, err)
				}
			}
		})
	}
}
