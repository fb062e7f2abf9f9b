package framework

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Timeouts are how long the operations of a resource may take when the configuration does not say. Those of no length are not
// offered.
type Timeouts struct {
	Create, Read, Update, Delete time.Duration
	// Creating says in words what Create is for; "" is the making of an image.
	Creating string
}

// imageDeadline is what a user has to know before the time for making an image has run out.
const imageDeadline = " When it runs out in the apply that creates the resource, that apply fails and the image goes on being made: " +
	"the next apply deletes it and makes a new one. To keep it, run `terraform untaint` (or `tofu untaint`) on the resource first."

// Attribute is the `timeouts` attribute.
func (t Timeouts) Attribute(ctx context.Context) schema.Attribute {
	describe := func(what string, d time.Duration) string {
		return fmt.Sprintf("Longest time for %s, as a duration such as `45m` or `1h30m`. Default: `%s`.", what, minutes(d))
	}
	creating := describe(t.Creating, t.Create)
	if t.Creating == "" {
		creating = describe("making the image, also when a later apply goes on with it", t.Create) + imageDeadline
	}
	attribute, ok := timeouts.Attributes(ctx, timeouts.Opts{
		Create: t.Create > 0, Read: t.Read > 0, Update: t.Update > 0, Delete: t.Delete > 0,
		CreateDescription: creating,
		ReadDescription:   describe("reading it", t.Read),
		UpdateDescription: describe("changing it", t.Update),
		DeleteDescription: describe("deleting it", t.Delete),
	}).(schema.SingleNestedAttribute)
	if ok {
		attribute.MarkdownDescription = "Longest times for the operations. Changing them only updates the state."
	}
	return attribute
}

// Null is the value of the attribute when the configuration leaves it out.
func (t Timeouts) Null(ctx context.Context) timeouts.Value {
	object, ok := t.Attribute(ctx).GetType().(timeouts.Type)
	if !ok {
		return timeouts.Value{}
	}
	return timeouts.Value{Object: types.ObjectNull(object.AttrTypes)}
}

func minutes(d time.Duration) string { return fmt.Sprintf("%dm", int(d.Minutes())) }

// Within bounds an operation to the time that the configuration gives it, else to fallback. Not ok: it is told why. The caller
// ends the context.
func Within(ctx context.Context, configured func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), fallback time.Duration,
	diagnostics *diag.Diagnostics,
) (limited context.Context, end context.CancelFunc, ok bool) {
	limit, problems := configured(ctx, fallback)
	if diagnostics.Append(problems...); problems.HasError() {
		return ctx, func() {}, false
	}
	limited, end = context.WithTimeout(ctx, limit)
	return limited, end, true
}
