package share

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// longest is how long an operation may take when the configuration does not say: far more than such jobs take, which is
// seconds.
const longest = 10 * time.Minute

var defaultTimeouts = framework.Timeouts{
	Create: longest, Read: longest, Update: longest, Delete: longest,
	Creating: "creating it",
}

// model is the configuration, plan or state of a share, a member or an answer.
type model interface {
	image() string
	importID() string
	identity(*cloud.Scope) any
}

// operation is one call of Create, Read, Update or Delete: what it works on, and where its result goes.
type operation struct {
	verb        verb
	does        string // what the engine calls it: "create"
	noun        string
	client      *ims.Client
	model       model  // the plan of Create and Update, the state of Read and Delete
	project     string // whose it is, where the state says so
	takesTurns  bool   // another share of the image is not to be changed meanwhile
	state       *tfsdk.State
	identity    *tfsdk.ResourceIdentity
	private     framework.Private
	diagnostics *diag.Diagnostics

	scope  *cloud.Scope
	record record
	wanted []ims.Recipient // whom it is about
}

// run does an operation within its time: it reads the record before, and writes it in the end.
func (o *operation) run(ctx context.Context, configured framework.ConfiguredTimeout, do func(context.Context)) {
	ctx, cancel, ok := framework.Within(ctx, configured, longest, o.diagnostics)
	if !ok {
		return
	}
	defer cancel()

	if !o.begin(ctx) {
		return
	}
	if o.takesTurns {
		done, err := o.client.TakeTurn(ctx, o.model.image())
		if err != nil {
			o.fail("", err, "")
			return
		}
		defer done()
	}
	do(ctx)
	o.diagnostics.Append(o.record.save(ctx, o.private)...)
}

// begin finds out where the provider is signed in, and reads the record. It is not ok for a provider that is signed in
// to another project than the one it is about: that one would take it for gone.
func (o *operation) begin(ctx context.Context) (ok bool) {
	scope, err := o.client.Scope(ctx)
	if err != nil {
		o.fail("", err, "")
		return false
	}
	o.scope = scope
	if o.does == "create" { // what was recorded of a resource that this one replaces does not hold of it
		o.record = record{Project: scope.ProjectID, Holder: rand.Text()}
		return true
	}
	o.record = readRecord(ctx, o.private)
	o.identify(ctx)
	switch project := cmp.Or(o.project, o.record.Project); {
	case project == "" || project == scope.ProjectID:
		return true
	case o.record.Moved != nil:
		o.failMove()
	default:
		o.fail("", o.belongsTo(project), "")
	}
	return false
}

func (o *operation) identify(ctx context.Context) {
	o.diagnostics.Append(o.identity.Set(ctx, o.model.identity(o.scope))...)
}

// belongsTo is the error of a provider that is signed in to another project.
func (o *operation) belongsTo(project string) error {
	return fmt.Errorf("the %s (image %s) belongs to project %s, and the provider is signed in to project %s of region "+
		"%s. Configure the provider for project %[3]s; or, to manage it no longer, take the resource out of the state with "+
		"`terraform state rm` (or `tofu state rm`)",
		o.noun, o.model.image(), project, o.scope.ProjectID, o.scope.Region)
}

// conclude does what the table says about a sighting, and saves the model. If it is to proceed, there is something to
// go on with.
func (o *operation) conclude(ctx context.Context, seen sighting) (proceed bool) {
	if seen.outcome == framework.Gone && o.record.Moved != nil {
		o.failMove()
		return false
	}
	if o.verb == reading && seen.outcome == framework.Ready {
		o.record.arrive()
	}
	verdict := verdicts[o.verb][seen.outcome]
	o.diagnostics.Append(verdict.Effect.Apply(ctx, o.state, o.model)...)
	if o.does == "create" && !o.state.Raw.IsNull() {
		o.identify(ctx)
	}
	o.claim(verdict.Effect)
	verdict.Report(o.words(seen), adviceOnCodes, seen.err, o.diagnostics)
	return verdict.Effect == framework.Proceed
}

// failMove is the error of what was moved and is not where the provider is.
func (o *operation) failMove() {
	o.diagnostics.AddError("Unable to move "+o.noun,
		o.record.Moved.Astray(o.scope, "such share of image "+o.model.image()))
}

// claim notes whom the image is to be shared with by what the state has from now on. Where turns are taken, the end of
// another share leaves them alone.
func (o *operation) claim(effect framework.Effect) {
	if !o.takesTurns || o.record.Holder == "" {
		return
	}
	switch effect {
	case framework.SaveRecord, framework.SaveComplete:
		o.client.Claim(o.model.image(), o.record.Holder, o.wanted)
	case framework.RemoveState:
		o.client.Claim(o.model.image(), o.record.Holder, nil)
	case framework.KeepState, framework.Proceed:
	}
}

// words are what stands in braces in the verdicts.
func (o *operation) words(seen sighting) map[string]string {
	words := map[string]string{
		"do": o.does, "noun": o.noun, "image": o.model.image(), "import": o.model.importID(),
		"wanted": named(o.wanted), "others": named(seen.others),
		"undone": seen.undone, "shown": seen.shown, "advice": seen.advice,
		"incomplete": "The service failed to share the image.",
	}
	var open []string
	if len(seen.missing) > 0 {
		words["incomplete"] = "The service did not share the image with " + named(seen.missing) + "."
		open = append(open, "It is not shared with "+named(seen.missing)+".")
	}
	if len(seen.others) > 0 {
		open = append(open, "It is still shared with "+named(seen.others)+".")
	}
	words["open"] = strings.Join(open, " ")
	return words
}

// fail adds an error in the provider's wording: "Unable to <do> <noun>".
func (o *operation) fail(sentence string, err error, advice string) {
	o.diagnostics.AddError("Unable to "+o.does+" "+o.noun, adviceOnCodes.Detail(sentence, err, advice))
}
