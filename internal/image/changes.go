package image

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"

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

// changesTo compares a state with the plan. has tells which attributes the image has on the wire; nil guesses it from the state:
// what has no value there is not on the wire, mostly.
func changesTo(planned, state *imageModel, has func(attribute string) bool) changes {
	found := changes{attributes: map[string]ims.Change{}}
	change := func(name string, value any, guess bool) {
		present := guess
		if has != nil {
			present = has(name)
		}
		found.attributes[name] = ims.Change{Value: value, Present: present}
	}
	// The service makes no difference between empty and absent, nor do these.
	if !planned.Name.Equal(state.Name) {
		change(ims.AttributeName, planned.Name.ValueString(), true)
	}
	if planned.Description.ValueString() != state.Description.ValueString() {
		change(ims.AttributeDescription, planned.Description.ValueString(), state.Description.ValueString() != "")
	}
	if project := planned.EnterpriseProjectID; !project.IsUnknown() && enterpriseProject(project.ValueString()) != enterpriseProject(state.EnterpriseProjectID.ValueString()) {
		change(ims.AttributeEnterpriseProject, enterpriseProject(project.ValueString()), state.EnterpriseProjectID.ValueString() != "")
	}
	if !planned.MinRAM.IsUnknown() && planned.MinRAM.ValueInt64() != state.MinRAM.ValueInt64() {
		change(ims.AttributeMinRAM, planned.MinRAM.ValueInt64(), true)
	}
	if !planned.MaxRAM.IsUnknown() && planned.MaxRAM.ValueInt64() != state.MaxRAM.ValueInt64() {
		change(ims.AttributeMaxRAM, planned.MaxRAM.ValueInt64(), state.MaxRAM.ValueInt64() != 0)
	}
	if firmware := planned.Firmware; !firmware.IsUnknown() && !firmware.IsNull() && !firmware.Equal(state.Firmware) {
		change(ims.AttributeFirmware, firmware.ValueString(), state.Firmware.ValueString() != ims.FirmwareBIOS)
	}
	if !planned.MultiQueue.IsUnknown() && planned.MultiQueue.ValueBool() != state.MultiQueue.ValueBool() {
		change(ims.AttributeMultiQueue, strconv.FormatBool(planned.MultiQueue.ValueBool()), state.MultiQueue.ValueBool())
	}
	if protected := planned.Protected; !protected.IsUnknown() && protected.ValueBool() != state.Protected.ValueBool() {
		found.protected = protected.ValueBoolPointer()
	}
	if framework.IsWhollyKnown(planned.TagsAll) {
		found.setTags, found.removeTags = framework.TagDifference(framework.Strings(state.TagsAll), framework.Strings(planned.TagsAll))
	}
	return found
}

// patchable are the arguments that one PATCH changes, but for the tags.
func (m *imageModel) patchable() []attr.Value {
	return []attr.Value{m.Name, m.Description, m.EnterpriseProjectID, m.MinRAM, m.MaxRAM, m.Firmware, m.MultiQueue, m.Protected}
}

func enterpriseProject(id string) string {
	if id == "" {
		return ims.DefaultEnterpriseProject
	}
	return id
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
			return image, err
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
