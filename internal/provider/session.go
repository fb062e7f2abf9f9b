package provider

import (
	"context"
	"fmt"
	"net/http"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// unknownSession stands for a provider block with a value that is known only after an apply. New resources can be
// planned without a request; what needs one says why it cannot be made.
type unknownSession struct{ argument string }

func (s unknownSession) Connect(context.Context) (*cloud.Scope, error) { return nil, s.err() }

func (s unknownSession) Do(context.Context, *cloud.Request) (*http.Response, error) {
	return nil, s.err()
}

func (s unknownSession) err() error {
	return &cloud.SignInError{
		Reason:   fmt.Sprintf("the provider's %s is known only after an apply", s.argument),
		Advice:   "Apply what it comes from first, with -target, or give it in another way.",
		Definite: true,
	}
}

// elsewhere is the way into other regions' projects with the same credentials; nil where the session has none.
func elsewhere(session ims.Session) func(region, project string) ims.Session {
	signedIn, ok := session.(*cloud.Session)
	if !ok {
		return nil
	}
	return func(region, project string) ims.Session { return signedIn.In(region, project) }
}
