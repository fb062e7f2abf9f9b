package image

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
)

// argument declares an argument of an image once. Its schema, its description, the rules for a new image, what a change of it
// does and what an import makes of it follow from that.
type argument struct {
	name string
	// says what it is: a noun phrase, with units and allowed values. What follows from the other fields is added to it.
	says string
	of   valueType

	// with are the arguments of which it needs one for a new image; without are those that it does not go with. A truth value
	// counts when it is true.
	with, without []string
	// required are the arguments with which a new image needs it; always: with any. why ends the sentence that says so.
	required []string
	why      string
	// byDefault is what the service does without it: to say so later is no change.
	byDefault attr.Value
	// inherited marks what the image has of its source where the argument is not given.
	inherited bool

	change change
	// reported marks what the service reports of an image: an import fills it in. Other arguments are taken from the
	// configuration after an import.
	reported bool
	// source marks what the image is made from.
	source bool
	// inputOnly marks what is null when the configuration leaves it out.
	inputOnly bool
	// settled marks what is never unknown in a plan: the provider, not the service, sets it.
	settled bool
	// patch says how it is changed in place, for what the service's PATCH takes.
	patch *patch
}

// always stands for any new image among the arguments with which one is required.
const always = ""

// change is what a change of an argument does.
type change int

const (
	replaces change = iota // only a new image can have another value
	inPlace
	byElement
	records // the state records it
)

var changeSays = map[change]string{
	replaces:  "Changing this replaces the image.",
	inPlace:   "Changed in place.",
	byElement: "Changed in place, element by element.",
	records:   "Changing it only updates the state.",
}

// valueType is the type of an argument's value, with the rules for it.
type valueType interface {
	attribute(a *argument) schema.Attribute
}

type text struct {
	rules     []validator.String
	byDefault defaults.String
}

type number struct{ rules []validator.Int64 }

type truth struct {
	modifiers []planmodifier.Bool
	byDefault defaults.Bool
}

type stringMap struct{ rules []validator.Map }

// blocks are a list of blocks, which a schema has beside its attributes.
type blocks struct{ of schema.ListNestedBlock }

func (v text) attribute(a *argument) schema.Attribute {
	attribute := schema.StringAttribute{
		Required: a.isRequired(), Optional: !a.isRequired(), Computed: a.isComputed(), MarkdownDescription: a.description(),
		Validators: v.rules, Default: v.byDefault,
	}
	if a.source {
		attribute.Validators = append(slices.Clone(v.rules), stringvalidator.LengthAtLeast(1))
	}
	if attribute.Computed && v.byDefault == nil {
		attribute.PlanModifiers = framework.KeepString()
	}
	return attribute
}

func (v number) attribute(a *argument) schema.Attribute {
	return schema.Int64Attribute{
		Optional: true, Computed: true, MarkdownDescription: a.description(), Validators: v.rules, PlanModifiers: framework.KeepInt64(),
	}
}

func (v truth) attribute(a *argument) schema.Attribute {
	attribute := schema.BoolAttribute{
		Optional: true, Computed: true, MarkdownDescription: a.description(), Default: v.byDefault, PlanModifiers: v.modifiers,
	}
	if v.byDefault == nil && v.modifiers == nil {
		attribute.PlanModifiers = framework.KeepBool()
	}
	return attribute
}

func (v stringMap) attribute(a *argument) schema.Attribute {
	return schema.MapAttribute{
		Optional: true, ElementType: types.StringType, MarkdownDescription: a.description(), Validators: v.rules,
	}
}

func (v blocks) attribute(*argument) schema.Attribute { return nil }

func (v blocks) block(a *argument) schema.Block {
	block := v.of
	block.MarkdownDescription = a.description()
	return block
}

// isRequired: what a new image needs is required of existing ones, too, only where an import fills it in.
func (a *argument) isRequired() bool {
	return a.change != replaces && slices.Contains(a.required, always)
}

func (a *argument) isComputed() bool { return !a.inputOnly && !a.isRequired() }

// description is the documentation of the argument.
func (a *argument) description() string {
	sentences := []string{a.says}
	needs := slices.DeleteFunc(slices.Clone(a.required), func(name string) bool { return name == always })
	var goes string
	switch {
	case slices.Contains(a.required, always) && a.change == replaces:
		goes = "Required for a new image"
	case len(a.with) > 0 && slices.Equal(a.with, needs):
		goes = "Required with " + framework.OneOf(a.with)
	case len(a.with) > 0:
		goes = "With " + framework.OneOf(a.with)
	}
	if len(a.without) > 0 {
		goes = strings.TrimPrefix(goes+", not with "+framework.OneOf(a.without), ", n")
		if len(a.with) == 0 {
			goes = "N" + goes
		}
	}
	if len(needs) > 0 && !slices.Equal(a.with, needs) {
		goes += "; required with " + framework.OneOf(needs)
	}
	if a.inherited && goes != "" {
		goes += "; else what the source has"
	}
	if goes != "" {
		sentences = append(sentences, goes+".")
	}
	if a.byDefault != nil {
		sentences = append(sentences, "Default: `"+strings.Trim(a.byDefault.String(), `"`)+"`.")
	}
	return strings.Join(append(sentences, changeSays[a.change]), " ")
}

// attributeSource is a configuration, a plan or a state.
type attributeSource interface {
	GetAttribute(ctx context.Context, at path.Path, target any) diag.Diagnostics
}

// valuesIn reads arguments by their names.
func valuesIn(ctx context.Context, source attributeSource, diagnostics *diag.Diagnostics) func(name string) attr.Value {
	return func(name string) (value attr.Value) {
		diagnostics.Append(source.GetAttribute(ctx, path.Root(name), &value)...)
		return value
	}
}

// checkNew refuses a configuration that no new image can be made with. Unknown values pass.
func (k *kind) checkNew(config *imageModel, value func(string) attr.Value, diagnostics *diag.Diagnostics) {
	checkFirmware(diagnostics, config.Architecture, config.Firmware)
	given := 0
	for _, name := range k.oneOf {
		switch source := value(name); {
		case source.IsUnknown():
			return
		case !source.IsNull():
			given++
		}
	}
	if len(k.oneOf) > 0 && given != 1 {
		diagnostics.AddError("Unclear source of the image", fmt.Sprintf("A new %s is made from exactly one of %s. %s.",
			k.noun, listed(k.oneOf), howMany(given, len(k.oneOf))))
		return
	}
	k.checkArguments(value, diagnostics)
}

// listed puts names into words: "a, b and c".
func listed(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// howMany says how many of several are set.
func howMany(set, of int) string {
	switch {
	case set == 0 && of == 2:
		return "Neither is set"
	case set == 0:
		return "None of them is set"
	case of == 2:
		return "Both are set"
	default:
		return fmt.Sprintf("%d of them are set", set)
	}
}

// checkArguments refuses arguments that do not go together in a new image.
func (k *kind) checkArguments(value func(string) attr.Value, diagnostics *diag.Diagnostics) {
	for i := range k.arguments {
		a := &k.arguments[i]
		given := value(a.name)
		if !isEmpty(given) && !goesWith(value, a) {
			diagnostics.AddAttributeError(path.Root(a.name), "Argument does not go with the source",
				fmt.Sprintf("%s can be given for a new image only %s.", a.name, a.together()))
		}
		if !given.IsNull() {
			continue
		}
		for _, name := range a.required {
			if name == always || isSet(value(name)) {
				diagnostics.AddAttributeError(path.Root(a.name), "Missing argument",
					fmt.Sprintf("%s is required %s%s.", a.name, requiredWith(name), a.why))
				break
			}
		}
	}
}

func requiredWith(name string) string {
	if name == always {
		return "for a new image"
	}
	return "with " + name
}

// together says what an argument goes with.
func (a *argument) together() string {
	var words []string
	if len(a.with) > 0 {
		words = append(words, "together with "+strings.Join(a.with, " or "))
	}
	if len(a.without) > 0 {
		words = append(words, "without "+strings.Join(a.without, " or "))
	}
	return strings.Join(words, " and ")
}

// goesWith tells whether an argument goes with the others. What depends on an unknown value passes.
func goesWith(value func(string) attr.Value, a *argument) bool {
	for _, name := range slices.Concat(a.with, a.without) {
		if value(name).IsUnknown() {
			return true
		}
	}
	isGiven := func(name string) bool { return isSet(value(name)) }
	return (len(a.with) == 0 || slices.ContainsFunc(a.with, isGiven)) && !slices.ContainsFunc(a.without, isGiven)
}

// isSet is true of a known value that says something: truth values that are true, and all others that are not null.
func isSet(value attr.Value) bool {
	if truth, ok := value.(types.Bool); ok {
		return truth.ValueBool()
	}
	return !value.IsNull() && !value.IsUnknown()
}

// isEmpty is true of null, and of a list of blocks without any.
func isEmpty(value attr.Value) bool {
	if list, ok := value.(types.List); ok && !list.IsUnknown() {
		return len(list.Elements()) == 0
	}
	return value.IsNull()
}

// names are the names of those arguments of the kind that are chosen.
func (k *kind) names(chosen func(*argument) bool) []string {
	var names []string
	for i := range k.arguments {
		if chosen(&k.arguments[i]) {
			names = append(names, k.arguments[i].name)
		}
	}
	return names
}

// sources are the arguments that say what the image is made from.
func (k *kind) sources() []string { return k.names(func(a *argument) bool { return a.source }) }

// unreturned are the arguments that the service never reports: after an import they are taken from the configuration.
func (k *kind) unreturned() []string {
	return k.names(func(a *argument) bool { return a.change == replaces && !a.reported && !a.source })
}

// immutable are the arguments whose change makes a new image.
func (k *kind) immutable() []string {
	return k.names(func(a *argument) bool { return a.change == replaces })
}

// asked are the arguments that keep what was asked for: what the service reports never fills them in, but for an import.
func (k *kind) asked() []string { return slices.Concat(k.sources(), k.unreturned()) }

// settled are the arguments that are never unknown in a plan, and the tags, which the provider computes.
func (k *kind) settled() []string {
	return append(k.names(func(a *argument) bool { return a.settled }), "tags_all")
}

// byDefault is what an argument is that an image was made without.
func (k *kind) byDefault(name string) attr.Value {
	for i := range k.arguments {
		if k.arguments[i].name == name {
			return k.arguments[i].byDefault
		}
	}
	return nil
}
