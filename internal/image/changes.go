package image

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// changes is what has to be sent to turn an image into what is planned.
type changes struct {
	attributes map[string]ims.Change // in one PATCH
	protected  *bool                 // in one to Glance
	setTags    map[string]string
	removeTags map[string]string
}

func (c changes) empty() bool {
	return len(c.attributes) == 0 && c.protected == nil && len(c.setTags) == 0 && len(c.removeTags) == 0
}

// changesTo compares a state with the plan. has says which attributes the image has on the wire; nil guesses it from the state:
// what has no value there is not on the wire, mostly.
func changesTo(planned, state *imageModel, has func(attribute string) bool) changes {
	found := changes{attributes: map[string]ims.Change{}}
	for i := range commonArguments {
		p := commonArguments[i].patch
		if p == nil || p.of(planned).IsUnknown() {
			continue
		}
		want, is := p.wire(p.of(planned)), p.wire(p.of(state))
		if want == is {
			continue
		}
		present := p.always || is != p.absent
		if has != nil {
			present = has(p.attribute)
		}
		found.attributes[p.attribute] = ims.Change{Value: want, Present: present}
	}
	found.properties(planned.Properties, state.Properties, has)
	if protected := planned.Protected; !protected.IsUnknown() && protected.ValueBool() != state.Protected.ValueBool() {
		found.protected = protected.ValueBoolPointer()
	}
	if framework.IsWhollyKnown(planned.TagsAll) {
		found.setTags, found.removeTags = framework.TagDifference(framework.Strings(state.TagsAll), framework.Strings(planned.TagsAll))
	}
	return found
}

// properties adds, changes and removes attributes by the difference of what is planned and what is there.
func (c changes) properties(planned, state types.Map, has func(attribute string) bool) {
	if !framework.IsWhollyKnown(planned) {
		return
	}
	set, remove := framework.TagDifference(framework.Strings(state), framework.Strings(planned))
	for name, value := range set {
		_, present := state.Elements()[name]
		if has != nil {
			present = has(name)
		}
		c.attributes[name] = ims.Change{Value: value, Present: present}
	}
	for name := range remove {
		c.attributes[name] = ims.Change{Present: true}
	}
}

// changeable are the values that an update can send, but for the tags.
func (m *imageModel) changeable() []attr.Value {
	values := []attr.Value{m.Protected, m.Properties}
	for i := range commonArguments {
		if p := commonArguments[i].patch; p != nil {
			values = append(values, p.of(m))
		}
	}
	return values
}

// send makes the changes and returns the image as it then is, as far as that is known; nil if there was nothing to do. The answer
// to the PATCH is the whole image: no read is needed after it. Protection comes last: an image that is protected before
// something else fails would be in the way of the next apply.
func (c changes) send(ctx context.Context, client *ims.Client, id string) (*ims.Image, error) {
	if c.empty() {
		return nil, nil
	}
	if err := client.RemoveTags(ctx, id, c.removeTags); err != nil {
		return nil, err
	}
	if err := client.SetTags(ctx, id, c.setTags); err != nil {
		return nil, err
	}
	var image *ims.Image
	if len(c.attributes) > 0 {
		var err error
		if image, err = client.UpdateImage(ctx, id, c.attributes); err != nil {
			return nil, err
		}
	}
	if c.protected != nil {
		if err := client.ProtectImage(ctx, id, *c.protected); err != nil {
			return image, &protectionError{err}
		}
	}
	if image == nil {
		return client.Image(ctx, id)
	}
	if c.protected != nil {
		image.Protected = ims.Bool(*c.protected)
	}
	return image, nil
}

// protectionError says that all was changed but whether the image is protected.
type protectionError struct{ err error }

func (e *protectionError) Error() string { return e.err.Error() }
func (e *protectionError) Unwrap() error { return e.err }

// isProtectionRefused tells whether the service refused to change whether an image is protected, and will refuse it again.
func isProtectionRefused(err error) bool {
	var protection *protectionError
	var answered *ims.Error
	return errors.As(err, &protection) && errors.As(err, &answered) && answered.Status >= 400 && answered.Status < 500
}

// What to say of a cloud that refuses it.
const (
	protectionRefused = "The service refused to change whether the image is protected; some clouds do that only in their console. " +
		"All else is as configured."
	protectionAdvice = "Protect the image in the cloud's console, or leave protected out. " +
		"An ims_registered_image is made protected, where the cloud does not change it later."
)
