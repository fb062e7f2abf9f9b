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

// Timeouts are how long the operations of a resource may take when the configuration does not say. Those of no length
// are not offered.
type Timeouts struct {
	Create, Read, Update, Delete time.Duration
	// Creating says in words what Create is for: "making the image".
	Creating string
	// OutOfTime is what a user has to know before Create runs out, in sentences. It may be empty.
	OutOfTime string
}

// Attribute is the `timeouts` attribute.
func (t Timeouts) Attribute(ctx context.Context) schema.Attribute {
	describe := func(what string, d time.Duration) string {
		return fmt.Sprintf("Longest time for %s, as a duration such as `45m` or `1h30m`. Default: `%s`.", what, minutes(d))
	}
	creating := describe(t.Creating, t.Create)
	if t.OutOfTime != "" {
		creating += " " + t.OutOfTime
	}
	attribute, ok := timeouts.Attributes(ctx, timeouts.Opts{
		Create: t.Create > 0, Read: t.Read > 0, Update: t.Update > 0, Delete: t.Delete > 0,
		CreateDescription: creating,
		ReadDescription:   describe("reading it", t.Read),
		UpdateDescription: describe("changing it", t.Update),
		DeleteDescription: describe("deleting it", t.Delete),
	}).(schema.SingleNestedAttribute)
	if !ok {
		return attribute
	}
	attribute.MarkdownDescription = "Longest times for the operations. Changing them only updates the state."
	for name, each := range attribute.Attributes {
		duration, isText := each.(schema.StringAttribute)
		if !isText {
			continue
		}
		duration.Validators = append(duration.Validators, timeoutRule(shortestTimeout))
		if name == "read" {
			duration.Validators = append(duration.Validators, timeoutRule(shortestRead))
		}
		attribute.Attributes[name] = duration
	}
	return attribute
}

const (
	// shortestTimeout refuses what cannot be meant: nothing, and negative times.
	shortestTimeout = time.Second
	// shortestRead is longer: a read that never ends in time, as the state has it, would be in the way of every plan.
	shortestRead = 10 * time.Second
)

func timeoutRule(shortest time.Duration) Rule {
	return Rule{
		Says: fmt.Sprintf("must be at least %s", shortest),
		Holds: func(s string) bool {
			d, err := time.ParseDuration(s)
			return err != nil || d >= shortest // what is no duration is refused elsewhere
		},
	}
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

// ConfiguredTimeout is how the `timeouts` attribute is asked for one of its values: the configured one, else the
// default.
type ConfiguredTimeout func(ctx context.Context, fallback time.Duration) (time.Duration, diag.Diagnostics)

// Within bounds an operation to the configured time, else to fallback. If it is not ok, the diagnostics say why. The
// caller ends the context.
func Within(
	ctx context.Context, configured ConfiguredTimeout, fallback time.Duration, diagnostics *diag.Diagnostics,
) (limited context.Context, end context.CancelFunc, ok bool) {
	limit, problems := configured(ctx, fallback)
	if diagnostics.Append(problems...); problems.HasError() {
		return ctx, func() {}, false
	}
	limited, end = context.WithTimeout(ctx, limit)
	return limited, end, true
}
