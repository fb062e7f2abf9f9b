package framework

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Source is what something is to be made from, with the words for a plan that cannot read it.
type Source struct {
	ID         string
	Argument   string // name of the argument that has the id
	Limit      time.Duration
	Summary    string // of an error: "Unable to export image"
	Missing    string // sentence for a source that is not there
	Unreadable string // sentence for a source that could not be read
	Advice     Advice
}

// ReadSource reads a source while something is planned from it, and the scope that the provider has. Both are nil when
// there is nothing to check: after an error, or because the provider cannot sign in yet. That is no error: the apply
// signs in, or says why not.
func ReadSource[T any](
	ctx context.Context, client *ims.Client, read func(context.Context, string) (*T, error), source Source,
	diagnostics *diag.Diagnostics,
) (*T, *cloud.Scope) {
	ctx, cancel := context.WithTimeout(ctx, source.Limit)
	defer cancel()

	scope, err := client.Scope(ctx)
	if err == nil {
		var found *T
		if found, err = read(ctx, source.ID); err == nil {
			return found, scope
		}
	}
	var signIn *cloud.SignInError
	at := path.Root(source.Argument)
	switch {
	case errors.As(err, &signIn):
	case ims.IsNotFound(err):
		diagnostics.AddAttributeError(at, source.Summary, source.Missing)
	default:
		diagnostics.AddAttributeError(at, source.Summary, source.Advice.Detail(source.Unreadable, err, ""))
	}
	return nil, nil
}
