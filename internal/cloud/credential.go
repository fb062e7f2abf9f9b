package cloud

import (
	"context"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
)

// credential is a way to sign in, at work.
type credential interface {
	// signIn asks the identity service for all that requests need. Its error is a *SignInError.
	signIn(ctx context.Context) (*signedIn, error)
	// renewable reports whether signIn can replace a token that has died. If not, why is a reason for people, or empty if
	// nothing ever dies.
	renewable() (ok bool, why string)
}

// baseCredential is a credential on which an agency can stand.
type baseCredential interface {
	credential
	// userClient is a client whose requests the identity service takes for the user's. Its error is a *SignInError.
	userClient(ctx context.Context) (*gophercloud.ProviderClient, error)
}

// newCredential is the credential of the settings. They hold those of one way alone.
func (s *Session) newCredential() credential {
	base := s.newBaseCredential()
	if s.settings.Has(settings.AgencyName) {
		return &agencyCredential{s: s, base: base}
	}
	return base
}

func (s *Session) newBaseCredential() baseCredential {
	switch set := s.settings; {
	case set.Has(settings.ServerKeys):
		return s.newServerCredential()
	case set.Has(settings.AccessKey):
		return s.newKeyCredential()
	case set.Has(settings.Token):
		return &tokenCredential{s}
	case s.home != nil && set.Has(settings.Passcode):
		return &exchangeCredential{s}
	default:
		return &passwordCredential{s}
	}
}

// projectScope is the project of the settings, by id or by name and domain. The zero value: they have none.
func projectScope(set *settings.Settings) tokens.Scope {
	if id := set.Get(settings.ProjectID); id != "" {
		return tokens.Scope{ProjectID: id}
	}
	scope := tokens.Scope{ProjectName: set.Get(settings.ProjectName)}
	if scope.ProjectName == "" {
		return tokens.Scope{}
	}
	if scope.DomainID, scope.DomainName = set.ProjectDomain(); scope.DomainID != "" {
		scope.DomainName = "" // gophercloud refuses both
	}
	return scope
}
